"""What cannot be processed is kept whole, with the reason; the stream goes on."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.broker.support import PLAIN, Run, Worker, header, metrics

pytestmark = pytest.mark.broker
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/bad_input.yaml").read_text())


def payload(case: dict[str, Any]) -> bytes | None:
    """The bytes of a case."""
    if "payload_hex" in case:
        return bytes.fromhex(str(case["payload_hex"]))
    if case["payload"] is None:
        return None
    return str(case["payload"]).encode() + b" " * int(case.get("pad", 0))


def dead_letters(worker: Worker) -> dict[str, float]:
    """How many of them `normalise` counted, by reason."""
    return {
        line.split('reason="')[1].split('"')[0]: float(line.rsplit(" ", 1)[1])
        for line in metrics(worker).splitlines()
        if line.startswith("news_dead_letters_total{") and 'stage="normalise"' in line
    }


def test_every_bad_item_is_a_dead_letter_with_its_bytes_key_headers_and_reason(run: Run) -> None:
    """One of each kind between good ones; the last good one comes through, so the stream went on."""
    good = json.dumps({"uri": "urn:goed", "headline": "Alles gaat door in Gent", "language": "nl"}).encode()
    items = []
    for number, case in enumerate(CASES):
        headers = [("number", str(number).encode()), ("source", b"test")]
        if "content_type" in case:
            headers.append(("content-type", case["content_type"].encode()))
        items.append((case.get("key", f"k{number}"), payload(case), headers))
    worker = run.start(("streams", "worker", "--stages", "normalise"))
    run.send([*items, ("urn:goed", good, [])])
    run.wait_until(lambda: len(run.dead_letters.records) == len(CASES), 60, "every bad item as a dead letter")
    for record in run.dead_letters.records:
        case = CASES[int(header(record, "number") or -1)]
        assert header(record, "__connect.errors.reason") == case["reason"], case["name"]
        assert (record.value or None) == (payload(case) or None), case["name"]
        assert header(record, "__connect.errors.topic") == run.settings.topics.raw.name
        assert header(record, "__connect.errors.stage") == "normalise"
        assert header(record, "source") == "test"
        assert case["reason"] in (header(record, "__connect.errors.exception.message") or ""), case["name"]
    run.wait_until(lambda: sum(dead_letters(worker).values()) == len(CASES), 10, "every bad item counted")
    counted = dead_letters(worker)
    assert counted["wrong_field"] == sum(case["reason"] == "wrong_field" for case in CASES)
    assert 'news_stage_records_total{outcome="ok",stage="normalise"} 1.0' in metrics(worker)
    assert worker.process.poll() is None


def test_an_article_on_which_a_stage_raises_takes_no_other_with_it(run: Run) -> None:
    """Ten poisoned among a hundred, in the same batches."""
    run.start(PLAIN)
    run.send(
        (f"u{i}", json.dumps({"uri": f"u{i}", "text": "raise" if i % 10 == 0 else "goed"}).encode(), [])
        for i in range(100)
    )
    run.wait_until(lambda: len(run.enriched.records) == 90, 60, "the ninety good ones")
    run.wait_until(lambda: len(run.dead_letters.records) == 10, 10, "the ten poisoned ones")
    assert {header(r, "__connect.errors.exception.class.name") for r in run.dead_letters.records} == {"RuntimeError"}
