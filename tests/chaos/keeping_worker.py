"""The worker without models, whose first stage also keeps a table: the text of every item."""

import json
from collections.abc import Sequence
from dataclasses import replace

from streams.contract.event import Event
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter
from streams.settings import Settings
from streams.stages.contributions import Contributions
from streams.stages.stage import Stage
from streams.stages.table import Table
from tests.flow.plain_worker import plain_stages

TABLE = "texts"


def keeping_stages(settings: Settings) -> list[Stage]:
    """The three stages; ten items share a state, padded so that a small disk fills soon (`states.py` computes it)."""
    first, *others = plain_stages(settings)
    table = Table(TABLE, Contributions[str])

    def work(message: Message) -> Sequence[Event | DeadLetter]:
        results = first.work(message)
        if isinstance(results[0], Event):
            item = json.loads(message.value or b"")
            state = table.get(item["uri"][:-1]) or Contributions[str]()
            table.put(item["uri"][:-1], state.with_item(item["uri"], item["version"], item["text"] * 10))
        return results

    return [replace(first, work=work, tables=[table]), *others]


if __name__ == "__main__":
    from streams.flow.worker import run_worker
    from streams.telemetry.logs import set_up_logging

    settings = Settings()
    set_up_logging(settings.log_level)
    run_worker(keeping_stages(settings), settings)
