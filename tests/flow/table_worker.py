"""A worker with a stage that keeps state: per source, its articles and the words of their newest versions."""

import asyncio
import json
import os
from collections.abc import Awaitable, Sequence
from typing import Any

import msgspec

from streams.contract.event import Event
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter
from streams.contract.records import Record
from streams.settings import Settings
from streams.stages.contributions import Contributions
from streams.stages.stage import Stage
from streams.stages.table import Table
from tests.flow.plain_worker import normalise

TABLE = "per-source"
LOOK = "look"  # an item of this text is answered and leaves no state
HOLD = float(os.environ.get("PLAIN_WORKER_HOLD", "0"))  # seconds that a changelog record is held back


class PerSource(Record, frozen=True):
    """Words by article. `newest` is the offset of the newest record in here."""

    words: Contributions[int]
    newest: int


class Seen(Record, frozen=True, kw_only=True):
    """What the stage says of a record, as its article's text. `before` is `newest` as it was read."""

    source: str
    partition: int
    offset: int
    before: int
    articles: int
    words: int


def counting_stage(settings: Settings) -> Stage:
    """The stage, from the raw topic to the enriched one."""
    table = Table(TABLE, PerSource)

    def work(message: Message) -> Sequence[Event | DeadLetter]:
        outcome = normalise(message)
        if isinstance(outcome, DeadLetter):
            return [outcome]
        item = json.loads(message.value or b"")
        before = after = table.get(item["source"]) or PerSource(Contributions(), -1)
        if item["text"] != LOOK:
            words = before.words.with_item(item["uri"], item["version"], len(item["text"].split()))
            after = PerSource(words, max(before.newest, message.offset))
            table.put(item["source"], after)
        seen = Seen(
            source=item["source"],
            partition=message.partition,
            offset=message.offset,
            before=before.newest,
            articles=len(after.words.by_item),
            words=sum(after.words.values),
        )
        article = msgspec.structs.replace(outcome.value, text=msgspec.json.encode(seen).decode())
        return [Event(article, article, topic="enriched")]

    return Stage(name="normalise", topics=settings.topics, work=work, tables=[table])


def hold_changelog_back(seconds: float) -> None:
    """Gives a kill time to come between a batch's events and its changelog, and between that and the commit."""
    from faust.transport.drivers.aiokafka import Producer

    send = Producer.send

    async def late(self: Any, topic: str, *record: Any) -> Awaitable[Any]:
        async def hold() -> Any:
            await asyncio.sleep(seconds)
            return await (await send(self, topic, *record))

        return asyncio.ensure_future(hold()) if topic.endswith("-changelog") else await send(self, topic, *record)

    setattr(Producer, "send", late)  # noqa: B010 -- an assignment would have to have its exact type


if __name__ == "__main__":
    from streams.flow.worker import run_worker
    from streams.telemetry.logs import set_up_logging

    settings = Settings()
    set_up_logging(settings.log_level)
    if HOLD:
        hold_changelog_back(HOLD)
    run_worker([counting_stage(settings)], settings)
