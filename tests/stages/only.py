"""What came of a record from which one thing comes."""

from streams.contract.event import Event
from streams.contract.message import Outgoing
from streams.contract.outcome import DeadLetter
from streams.contract.records import Article
from streams.stages.stage import Applied


def only(applied: Applied) -> Outgoing:
    """The one record to send."""
    (outgoing,) = applied.outgoing
    return outgoing


def article(applied: Applied) -> Article:
    """The one article; fails where there is none."""
    (result,) = applied.results
    assert isinstance(result, Event), result
    return result.article


def error(applied: Applied) -> DeadLetter:
    """The one dead letter; fails where there is none."""
    (result,) = applied.results
    assert isinstance(result, DeadLetter)
    return result
