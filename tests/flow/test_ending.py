"""The one line with which a worker ends: what happened, where, and what an operator can do."""

import errno

import pytest
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    InconsistentGroupProtocolError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from streams.flow.delivery import UndeliverableError
from streams.flow.ending import explain


def test_an_assertion_without_a_text_gets_the_code_that_did_not_hold() -> None:
    """As Faust raises them."""
    consumer = None
    with pytest.raises(AssertionError) as caught:
        eval(compile("assert consumer is not None", "/lib/faust/transport/consumer.py", "exec"), {"consumer": consumer})
    said = explain(AssertionError().with_traceback(caught.tb))
    assert said.startswith("AssertionError: `")
    assert "faust/transport/consumer.py line 1" in said


def test_an_error_that_was_never_raised_has_a_text_too() -> None:
    assert explain(AssertionError()).startswith("AssertionError: no text")


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (GroupAuthorizationFailedError("news.entities"), "needs READ and DESCRIBE on this consumer group"),
        (InconsistentGroupProtocolError(), "another program uses the consumer group"),
        (TopicAuthorizationFailedError("news.raw"), "READ on the topics that a stage reads"),
        (KafkaError("GroupMaxSizeReachedError()"), "raise group.max.size"),
        (OSError(errno.EMFILE, "Too many open files"), "raise the limit of open files"),
    ],
)
def test_it_says_what_to_do(error: BaseException, advice: str) -> None:
    assert advice in explain(error)
    caused = UndeliverableError("news.articles")
    caused.__cause__ = error
    assert advice in explain(caused)


def test_an_error_of_the_broker_is_named_once() -> None:
    assert explain(GroupAuthorizationFailedError("news.x")).startswith(
        "GroupAuthorizationFailedError: news.x: the worker"
    )
    assert explain(OSError(errno.ENOSPC, "No space left")) == "OSError: [Errno 28] No space left"


def test_it_is_one_line() -> None:
    assert explain(ValueError("one\ntwo\n")) == "ValueError: one two"
