"""Articles that nobody would write beside ordinary ones, with the models that ship: none of them stalls the stream."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from streams.contract.message import Message
from streams.contract.outcome import Reason
from tests.broker.conftest import KAFKA_ONLY
from tests.broker.support import SHIPPED, Item, Run, Worker, header, status
from tests.broker.test_kill import flashes
from tests.growth.kinds import entry, kinds

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
FOLDER: Final = Path(__file__).parents[3] / "shared/cases/hostile"
ARTICLES = 500
SIZE = 100_000  # bytes
WORST = (
    "brackets", "straight quotes", "full stops", "emoji", "stops and quotes", "pull quotes", "headline of a tag",
    "lines",
    "attributes", "author of letters", "categories", "distinct names", "distinct abbreviations", "stops apart",
)  # fmt: skip
SURROGATE = entry("<description>de helft van een paar: &#xD800;</description>")
REFUSED = {"surrogate reference": Reason.NOT_PARSED, "charref-surrogate.xml": Reason.NOT_PARSED}
"""What cannot be read at all; of all others some text can."""
EVERY = 0.25  # seconds
SLOWEST = 1.0  # seconds; what a liveness probe gives by default


class Pulse(threading.Thread):
    """Asks a worker's `/healthz` four times a second: status and seconds of each answer."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(daemon=True)
        self.worker, self.answers = worker, list[tuple[int, float]]()
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(EVERY):
            began = time.monotonic()
            try:
                code = status(self.worker.web_port, "healthz")
            except OSError:  # no answer in five seconds
                code = 0
            self.answers.append((code, time.monotonic() - began))

    def stop(self) -> None:
        """Ends it after the answer it waits for."""
        self._end.set()
        self.join(10)


def generated() -> dict[str, Message]:
    """The worst of the kinds by name, as long as an article with a book in it."""
    made = kinds()
    return {name: made[name](SIZE) for name in WORST} | {"surrogate reference": SURROGATE}


def found() -> dict[str, Message]:
    """The wire items among the files that others collected, by name. Skips where they are not there."""
    if not FOLDER.is_dir():
        pytest.skip(f"{FOLDER} is not there: the generated kinds alone were sent")
    files = [path for path in sorted(FOLDER.iterdir()) if path.suffix in (".json", ".jsonl", ".xml")]
    return {path.name: Message(path.read_bytes()) for path in files}


def interleaved(hostile: Mapping[str, Message], ordinary: int) -> Iterator[Item]:
    """Ordinary items with the hostile ones evenly between them. A trace header goes along to whatever comes of an item,
    so it says which."""
    waiting, step = iter(hostile.items()), ordinary // len(hostile)
    for number, text in enumerate(islice(flashes(), ordinary)):
        if number % step == 0 and (following := next(waiting, None)):
            name, message = following
            yield name, message.value, [*message.headers, ("tracestate", name.encode())]
        value = json.dumps({"uri": f"u{number}", "language": "nl", "body_text": text}).encode()
        yield f"u{number}", value, [("tracestate", f"u{number}".encode())]


@KAFKA_ONLY
@pytest.mark.parametrize(("make", "ordinary"), [(generated, ARTICLES), (found, ARTICLES // 5)])
def test_hostile_articles_take_no_other_with_them_and_the_worker_answers(
    run: Run, make: Callable[[], dict[str, Message]], ordinary: int
) -> None:
    hostile = make()
    refused = {name: REFUSED[name] for name in hostile if name in REFUSED}
    expected = {*hostile, *(f"u{number}" for number in range(ordinary))} - set(refused)
    worker = run.start(SHIPPED)
    run.wait_until(run.settled, 60, "a worker that is ready")
    pulse = Pulse(worker)
    pulse.start()
    run.send(interleaved(hostile, ordinary))
    took = run.wait_until(run.events(len(expected)), 300, "every article that can be read")
    run.wait_until(lambda: len(run.dead_letters.records) >= len(refused), 10, "every one that cannot")
    pulse.stop()
    longest = max(seconds for _, seconds in pulse.answers)
    asked = f"/healthz asked {len(pulse.answers)} times, at most {longest:.2f} s"
    print(f"\n{len(hostile)} hostile and {ordinary} ordinary articles in {took:.0f} s; {asked}")
    assert Counter(header(record, "tracestate") for record in run.enriched.records) == Counter(expected)
    reasons = {header(r, "tracestate"): header(r, "__connect.errors.reason") for r in run.dead_letters.records}
    assert reasons == refused
    assert {code for code, _ in pulse.answers} == {200}
    assert longest < SLOWEST
    assert worker.stop() == 0
