"""Writes the dashboards as JSON: `python deploy/grafana/build.py [FOLDER]`."""

import json
import sys
from pathlib import Path

from annotations import annotations, titled
from brokers import brokers
from content import content
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from overview import overview
from stages import stages

_OF_INTERVALS = ("auto", "auto_min", "auto_count")  # the SDK gives them to all variables, Grafana's types to none
DASHBOARDS = {"overview": overview, "stages": stages, "content": content, "brokers": brokers}


def build(folder: Path) -> None:
    """One file a dashboard."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in DASHBOARDS.items():
        board = json.loads(json.dumps(make().annotations(annotations(name)).build(), cls=JSONEncoder))
        for variable in board["templating"]["list"]:
            for field in _OF_INTERVALS:
                variable.pop(field, None)
        board["annotations"]["list"] = [titled(annotation) for annotation in board["annotations"]["list"]]
        text = json.dumps(board, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "dashboards")
