"""A stage that no file of the product knows: articles in capitals."""

import msgspec

from streams.contract import graph
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok, Outcome
from streams.contract.records import Article
from streams.settings import Settings
from streams.stages.stage import Built, single
from tests.flow.plain_worker import normalise

TOPIC = graph.TopicSpec("shouts", "keyed by item id", kept="internal", items=8)
STAGE = graph.StageSpec(
    name="shout",
    reads="raw",
    writes=("shouts",),
    record=Article,
    schema="shouted",
    event_type="news.article.shouted.v1",
    build="tests.flow.shouting:build",
)


def build(settings: Settings) -> Built:
    """What the table's row names."""
    return Built(single(shout))


def shout(message: Message) -> Outcome[Article]:
    """The plain worker's article, in capitals."""
    read = normalise(message)
    if isinstance(read, DeadLetter):
        return read
    return Ok(msgspec.structs.replace(read.value, text=read.value.text.upper()))
