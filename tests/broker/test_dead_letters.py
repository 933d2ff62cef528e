"""Dead letters by hand, against real brokers: listed, shown byte for byte, sent again and worked."""

import json
import os
import subprocess
import sys

import pytest

from tests.broker.support import PLAIN, SHIPPED, Run, header

pytestmark = pytest.mark.broker
GOOD = b'{"uri": "urn:a", "text": "alles goed in Gent"}'  # no ninjs for the shipped stage, fine for the plain one
POISON = b'{"uri": "urn:p", "text": "raise"}'
HEADERS = [("source", b"npd"), ("content-type", b"application/vnd.iptc.ninjs+json")]


def dead_letters(run: Run, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """`streams dead-letters …` with the run's broker and topics."""
    named = {"STREAMS_BROKER": run.settings.broker, "STREAMS_TOPIC_PREFIX": run.settings.topic_prefix}
    command = [sys.executable, "-m", "streams", "dead-letters", *arguments]
    return subprocess.run(command, env={**os.environ, **named}, capture_output=True, timeout=60)


def listed(run: Run, *filters: str) -> list[dict[str, str]]:
    """The list as JSON."""
    done = dead_letters(run, "list", "--json", *filters)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def place(letter: dict[str, str]) -> str:
    """Where it lies."""
    return f"{letter['partition']}-{letter['offset']}"


def test_a_retry_of_what_still_fails_is_a_new_dead_letter_just_like_the_first(run: Run) -> None:
    """Same bytes, same key, the original headers once, and the error headers of the second failure alone."""
    run.start(PLAIN)
    run.send([("urn:p", POISON, HEADERS), ("urn:a", GOOD, HEADERS)])
    run.wait_until(lambda: len(run.dead_letters.records) == 1, 60, "the dead letter")
    done = dead_letters(run, "retry", "--reason", "stage_raised")
    assert (done.returncode, done.stderr) == (0, b"1 dead letters sent again, 0 not\n")
    run.wait_until(lambda: len(run.dead_letters.records) == 2, 60, "the second dead letter")
    first, second = run.dead_letters.records
    assert (second.value, second.key) == (first.value, first.key) == (POISON, b"urn:p")
    assert [name for name, _ in second.headers] == [name for name, _ in first.headers]
    assert second.headers[:2] == HEADERS
    offsets = [int(header(one, "__connect.errors.offset") or -1) for one in (first, second)]
    assert offsets[1] > offsets[0]


def test_a_retry_after_the_stage_is_mended_comes_out_enriched(run: Run) -> None:
    """Filters pick; what they do not pick stays; the same letter by its place, and one that is not there."""
    broken = run.start((*SHIPPED, "--stages", "normalise"))
    large = b'{"uri": "urn:l", "headline": "Lang"}' + b" " * 1_200_000
    run.send([("urn:a", GOOD, HEADERS), ("urn:k", b"{kapot", HEADERS), ("urn:l", large, HEADERS)])
    run.wait_until(lambda: len(run.dead_letters.records) == 3, 60, "three dead letters")
    assert broken.stop() == 0
    assert {letter["reason"] for letter in listed(run)} == {"no_text", "not_parsed", "too_large"}
    assert listed(run, "--stage", "entities") == []
    assert len(listed(run, "--limit", "2")) == 2
    (mended,) = listed(run, "--reason", "no_text", "--stage", "normalise")
    assert (mended["key"], mended["topic"]) == ("urn:a", run.settings.topics.raw.name)
    (long,) = listed(run, "--reason", "too_large")
    assert dead_letters(run, "show", place(long)).stdout == large
    shown = dead_letters(run, "show", f"{run.settings.topics.dead_letters.name}-{place(mended)}")
    assert shown.stdout == GOOD
    assert b"source: npd\n" in shown.stderr
    assert b"__connect.errors.reason: no_text\n" in shown.stderr

    run.start(PLAIN)
    done = dead_letters(run, "retry", "--reason", "no_text")
    assert (done.returncode, done.stderr) == (0, b"1 dead letters sent again, 0 not, 2 left that do not match\n")
    run.wait_until(lambda: len(run.enriched.records) == 1, 60, "the mended article")
    assert run.enriched.records[0].key == b"urn:a"
    done = dead_letters(run, "retry", place(mended), "0-999", "77-0")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "0-999: no dead letter there",
        "77-0: no dead letter there",
        "1 dead letters sent again, 2 not",
    ]
    run.wait_until(lambda: len(run.enriched.records) == 2, 60, "the same once more")
    assert len({header(record, "ce_id") for record in run.enriched.records}) == 1
    assert len(run.dead_letters.records) == 3


def test_all_of_many_go_out_and_those_that_come_meanwhile_are_not_sent_twice(run: Run) -> None:
    """The worker makes new dead letters of them while the retry goes on; it ends all the same."""
    run.start(PLAIN)
    run.send((f"urn:p{i}", POISON, []) for i in range(300))
    run.wait_until(lambda: len(run.dead_letters.records) == 300, 60, "three hundred dead letters")
    done = dead_letters(run, "retry", "--all")
    assert (done.returncode, done.stderr) == (0, b"300 dead letters sent again, 0 not\n")
    run.wait_until(lambda: len(run.dead_letters.records) == 600, 60, "three hundred more")


def test_what_was_sent_again_is_remembered_by_every_later_call(run: Run) -> None:
    """By its place, by a filter or with --all; a place that is named once more is sent once more."""
    broken = run.start(PLAIN)
    run.send((f"urn:p{i}", POISON, []) for i in range(4))
    run.wait_until(lambda: len(run.dead_letters.records) == 4, 60, "four dead letters")
    assert broken.stop() == 0  # so that none of them comes back
    first = listed(run)[0]
    assert dead_letters(run, "retry", place(first)).stderr == b"1 dead letters sent again, 0 not\n"
    assert dead_letters(run, "retry", "--all", "--since", "1d").returncode == 2, "one of these"
    done = dead_letters(run, "retry", "--since", "1d", "--limit", "1")
    assert done.stderr.startswith(b"1 dead letters sent again, 0 not, 1 passed over"), done.stderr
    done = dead_letters(run, "retry", "--all")
    assert done.stderr == b"2 dead letters sent again, 0 not, 2 passed over that were sent again before\n"
    done = dead_letters(run, "retry", "--all")
    assert done.stderr == b"0 dead letters sent again, 0 not, 4 passed over that were sent again before\n"
    assert all(letter["retried"] for letter in listed(run))
    assert dead_letters(run, "retry", place(first)).stderr == b"1 dead letters sent again, 0 not\n"


def test_without_the_topic_every_command_says_so(run: Run) -> None:
    run.settings = run.settings.model_copy(update={"topic_prefix": "nowhere."})
    for arguments in (["list"], ["show", "0-0"], ["retry", "--all"], ["retry", "0-0"]):
        done = dead_letters(run, *arguments)
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.decode().startswith("streams: no topic nowhere.dead-letters")
        assert done.stderr.decode().endswith("`streams topics` creates it\n")
