"""A worker with stages that need no model: what is tested with it is the delivery."""

import hashlib
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

from streams.contract.graph import stage_names
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import (
    Article,
    Change,
    EnrichedArticle,
    Language,
    LanguageFrom,
    SentimentAbsent,
    Status,
    TaggedArticle,
    Times,
)
from streams.settings import Settings
from streams.stages.stage import Stage, reading, single

SLEEP = float(os.environ.get("PLAIN_WORKER_SLEEP", "0"))  # seconds of work per record and stage
SLOW = float(os.environ.get("PLAIN_WORKER_SLOW", "0"))  # seconds of work on a text that begins with `slow`


def normalise(message: Message) -> Outcome[Article]:
    """Reads `{"uri": …, "version": …, "text": …}`; the text `raise` makes the stage fail."""
    time.sleep(SLEEP)
    try:
        item = json.loads(message.value or b"")
    except ValueError as error:
        return DeadLetter(Reason.NOT_PARSED, str(error))
    if item["text"] == "raise":
        raise RuntimeError("this article cannot be worked")
    digest = hashlib.sha256(message.value or b"").hexdigest()
    return Ok(
        Article(
            id=item["uri"],
            version=item.get("version", 1),
            status=Status.USABLE,
            change=Change.NEW,
            headline=None,
            source="test",
            dateline=None,
            language=Language(code="nl", confidence=1.0, from_=LanguageFrom.DECLARED),
            text=item["text"],
            text_sha256=digest,
            wire_sha256=digest,
            blocks=(),
            times=Times(received=datetime.now(UTC)),
            produced_by=(),
        )
    )


def _fields(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in article.__struct_fields__}


def tag(article: Article) -> Outcome[Article]:
    """No entities."""
    time.sleep(SLOW if article.text.startswith("slow") else SLEEP)
    return Ok(TaggedArticle(**_fields(article), entities=(), quotes=()))


def score(article: TaggedArticle) -> Outcome[Article]:
    """No sentiment."""
    time.sleep(SLEEP)
    absent = SentimentAbsent.NOTHING_TO_JUDGE
    return Ok(EnrichedArticle(**_fields(article), sentiment=None, sentiment_absent=absent, sentences=()))


def plain_stages(settings: Settings) -> list[Stage]:
    """The three stages of the graph on their topics."""
    works = (single(normalise), reading(Article, tag), reading(TaggedArticle, score))
    return [
        Stage(name=name, topics=settings.topics, work=work) for name, work in zip(stage_names(), works, strict=True)
    ]


if __name__ == "__main__":
    from streams.flow.worker import run_worker
    from streams.telemetry.logs import set_up_logging

    settings = Settings()
    set_up_logging(settings.log_level)
    chosen = sys.argv[1:] or stage_names()
    run_worker([stage for stage in plain_stages(settings) if stage.name in chosen], settings)
