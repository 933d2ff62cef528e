"""A stage as an agent: an offset is acknowledged only after the broker has all that came of the record."""

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, TopicAuthorizationFailedError
from prometheus_client import REGISTRY

from streams.contract.message import Outgoing
from streams.flow import agent, delivery
from streams.flow.agent import attach_agent, bounded
from streams.flow.batch import as_message
from streams.flow.positions import Position, Positions
from streams.settings import Settings
from streams.stages.stage import Stage
from tests.flow.fake_faust import SENT_AT, Faust, event
from tests.flow.plain_worker import plain_stages


def attached(faust: Faust, stage: Stage | None = None, **settings: Any) -> Positions:
    """The stage `normalise` of the plain worker as an agent of the fake."""
    ours = Settings(**settings)
    positions = Positions()
    attach_agent(faust, stage or plain_stages(ours)[0], ours, positions, asyncio.to_thread)  # type: ignore[arg-type]
    return positions


def work(faust: Faust, **settings: Any) -> Positions:
    """Lets the agent work through all batches."""
    positions = attached(faust, **settings)
    assert faust.run is not None
    asyncio.run(faust.run(faust))  # type: ignore[arg-type]
    return positions


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What would have ended the process."""
    errors: list[BaseException] = []
    monkeypatch.setattr(agent, "end_process", lambda where, error: errors.append(error))
    monkeypatch.setattr(delivery, "_FIRST_PAUSE", 0.0)
    return errors


def test_a_record_of_an_offset_that_is_anothers_by_now_is_delivered_and_moves_no_position() -> None:
    before, after = event(49), event(0)
    faust = Faust([[before], [after]], outdated=[before.message])
    assert work(faust).by_partition == {0: Position(1, SENT_AT)}
    assert "delivered news.articles urn:x:49" in faust.log


def test_acknowledged_after_all_of_the_batch_is_delivered(ended: list[BaseException]) -> None:
    faust = Faust([[event(0), event(1)], [event(2)]])
    positions = work(faust)
    assert faust.log == [
        "delivered news.articles urn:x:0",
        "delivered news.articles urn:x:1",
        "acknowledged 0",
        "acknowledged 1",
        "delivered news.articles urn:x:2",
        "acknowledged 2",
    ]
    assert positions.by_partition == {0: Position(3, SENT_AT)}
    assert not ended


def test_a_failed_delivery_holds_the_acknowledgement_back() -> None:
    retries = counted("news_delivery_retries_total", stage="normalise")
    faust = Faust([[event(0)]], errors=[KafkaTimeoutError(), KafkaTimeoutError()])
    work(faust)
    assert faust.log == ["delivered news.articles urn:x:0", "acknowledged 0"]
    assert counted("news_delivery_retries_total", stage="normalise") == retries + 2


def test_one_bad_article_dead_letters_only_itself() -> None:
    faust = Faust([[event(0), event(1, value=b"{"), event(2, text="raise"), event(3)]])
    work(faust)
    assert faust.log[:4] == [
        "delivered news.articles urn:x:0",
        "delivered news.dead-letters urn:x:1",
        "delivered news.dead-letters urn:x:2",
        "delivered news.articles urn:x:3",
    ]
    assert faust.log[4:] == [f"acknowledged {offset}" for offset in range(4)]


def test_what_the_broker_refuses_as_too_large_is_counted_as_a_dead_letter() -> None:
    before = counted("news_dead_letters_total", stage="normalise", reason="too_large")
    faust = Faust([[event(0)]], errors=[MessageSizeTooLargeError()])
    work(faust)
    assert faust.log == ["delivered news.dead-letters urn:x:0", "acknowledged 0"]
    assert faust.headers[0]["__connect.errors.reason"] == b"too_large"
    assert counted("news_dead_letters_total", stage="normalise", reason="too_large") == before + 1


def test_what_is_not_expected_ends_the_process_with_nothing_acknowledged(ended: list[BaseException]) -> None:
    faust = Faust([[event(0)], [event(1)]], errors=[TopicAuthorizationFailedError()])
    work(faust)
    assert faust.log == []
    assert [type(error).__name__ for error in ended] == ["UndeliverableError"]


@dataclass
class Kept:
    """A stage's table in a worker: one change a batch."""

    faust: Faust

    def require(self, partitions: Iterable[int]) -> None:
        self.faust.log.append(f"asked for partitions {sorted(set(partitions))}")

    def changes(self) -> list[Outgoing]:
        return [Outgoing("news.t-changelog", b"anp", b"{}", partition=0)]

    def keep(self, written: Mapping[Outgoing, int]) -> None:
        self.faust.log.append(f"kept {[change.key for change in written]}")


@pytest.fixture
def one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "attach_tables", lambda app, *_: [Kept(app)])


def test_state_is_kept_when_the_changelog_has_it_and_acknowledged_after_that(one_table: None) -> None:
    faust = Faust([[event(0)]], errors=[KafkaTimeoutError(), KafkaTimeoutError()])
    work(faust)
    assert faust.log == [
        "asked for partitions [0]",
        "delivered news.articles urn:x:0",
        "delivered news.t-changelog anp in 0",
        "kept [b'anp']",
        "acknowledged 0",
    ]


def test_a_state_that_the_broker_refuses_ends_the_process(one_table: None, ended: list[BaseException]) -> None:
    faust = Faust([[event(0)]], errors=[KafkaTimeoutError(), MessageSizeTooLargeError()])
    work(faust)
    assert "acknowledged 0" not in faust.log
    assert "news.t-changelog: max.message.bytes is too low" in str(ended[0])


def test_a_stop_is_no_failure(ended: list[BaseException]) -> None:
    async def stop() -> None:
        faust = Faust([[event(0)]], wait=True)
        attached(faust)
        assert faust.run is not None
        task = asyncio.ensure_future(faust.run(faust))
        async with asyncio.timeout(20):
            while "acknowledged 0" not in faust.log:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert faust.log[-1] == "acknowledged 0"

    asyncio.run(stop())
    assert not ended


def test_a_coroutine_closed_with_its_loop_is_no_failure(ended: list[BaseException]) -> None:
    faust = Faust(wait=True)
    attached(faust)
    assert faust.run is not None
    coroutine: Any = faust.run(faust)

    async def begin() -> None:
        coroutine.send(None)  # runs until it waits for a batch
        coroutine.close()

    asyncio.run(begin())
    assert not ended


def test_an_agent_works_on_one_batch_at_a_time() -> None:
    """With more, Faust commits past records that are still being worked."""
    faust = Faust()
    attached(faust)
    assert faust.concurrency == 1


def test_the_source_is_a_label_only_where_it_is_configured() -> None:
    """The plain worker's articles are of the source `test`."""
    named, other = (counted("news_articles_total", language="nl", source=s) for s in ("test", "other"))
    work(Faust([[event(0)]]), sources=("test",))
    work(Faust([[event(0)]]), sources=("npd",))
    assert counted("news_articles_total", language="nl", source="test") == named + 1
    assert counted("news_articles_total", language="nl", source="other") == other + 1


@pytest.mark.parametrize("timestamp", [None, -0.001, 1.7e12, float("inf")], ids=["none", "minus 1 ms", "µs", "inf"])
def test_a_timestamp_that_no_calendar_has(timestamp: float | None, ended: list[BaseException]) -> None:
    """A producer that writes microseconds would otherwise end every worker that reads its record."""
    faust = Faust([[event(0, timestamp=timestamp)]])
    work(faust)
    assert faust.log == ["delivered news.articles urn:x:0", "acknowledged 0"]
    assert not ended


def test_a_record_as_the_stages_see_it() -> None:
    message = as_message(event(5, headers={"source": b"npd", "note": None}).message)
    assert message.headers == (("source", b"npd"), ("note", b""))
    assert (message.topic, message.partition, message.offset) == ("news.raw", 0, 5)
    assert message.timestamp == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    late = as_message(event(5, timestamp=1e15).message).timestamp
    assert datetime.now(UTC) - late < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("words", "most", "batches"),
    [
        ([3, 3, 3], 9, [[3, 3, 3]]),
        ([3, 3, 3], 8, [[3, 3], [3]]),
        ([3, 20, 3], 8, [[3], [20], [3]]),
        ([20, 30], 8, [[20], [30]]),
        ([0, 0, 9], 8, [[0, 0], [9]]),
        ([], 8, []),
    ],
)
def test_a_batch_is_bounded_in_words(words: list[int], most: int, batches: list[list[int]]) -> None:
    events = [event(i, value=count * b"woord ") for i, count in enumerate(words)]
    assert [[len(e.message.value.split()) for e in batch] for batch in bounded(events, most)] == batches


def test_a_record_without_value_has_no_words() -> None:
    tombstone = event(0)
    tombstone.message.value = None
    assert list(bounded([tombstone], 8)) == [[tombstone]]


def test_the_process_ends_at_once_with_status_1_and_one_line() -> None:
    code = (
        "from streams.flow.ending import end_process\n"
        "from streams.telemetry.logs import set_up_logging\n"
        "set_up_logging('info')\n"
        "try:\n    end_process('entities', RuntimeError('no more memory'))\nfinally:\n    print('not reached')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "entities ends this worker: RuntimeError: no more memory" in done.stderr
