"""Sets where the runbooks are read, in rules, tests and the Prometheus operator's object: `python …/runbooks.py URL`.

An alert's `runbook_url` is this address and the alert's page. By default Grafana of docker-compose.yml serves them.
"""

import re
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1]
_URL = re.compile(r"(runbook_url: ['\"]?)[^\s'\"]+/(\w+\.md)")


def set_base(url: str, deploy: Path = DEPLOY) -> None:
    """Rewrites every `runbook_url`. Raises ValueError where the address is none of the web."""
    if not re.fullmatch(r"https?://[^\s'\"\\{}]+", url):
        raise ValueError(f"{url!r} is no address: https://git.example.org/news/streams/blob/main/deploy/runbooks")
    for file in sorted((deploy / "prometheus").glob("*/*.yml")):
        file.write_text(_URL.sub(lambda old: f"{old[1]}{url.rstrip('/')}/{old[2]}", file.read_text()))
    subprocess.run([sys.executable, deploy / "kubernetes" / "components" / "pod-monitor" / "build.py"], check=True)


if __name__ == "__main__":
    try:
        set_base(*sys.argv[1:2])
    except (TypeError, ValueError) as error:
        sys.exit(f"usage: python {sys.argv[0]} URL: {error}")
