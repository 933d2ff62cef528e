"""The command line against a real broker, as the README shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.broker.support import PLAIN, SHIPPED, Run

pytestmark = pytest.mark.broker
SAMPLE = Path(__file__).parents[2] / "streams/feeds/sample"


def streams(run: Run, *arguments: str, stdin: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    """`streams …` with the run's broker and topics."""
    env = {
        **os.environ,
        "STREAMS_BROKER": run.settings.broker,
        "STREAMS_TOPIC_PREFIX": run.settings.topic_prefix,
        "COLUMNS": "120",
    } | {f"STREAMS_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "streams", *arguments], env=env, input=stdin, capture_output=True, text=True, timeout=120
    )


def test_topics_are_created_once_and_checked_after(run: Run) -> None:
    """The fixture made them; a second call finds them, and a different number of partitions is a problem."""
    there = streams(run, "topics")
    assert there.returncode == 0
    assert there.stdout.count("there") == 6
    differs = streams(run, "topics", "--check", PARTITIONS="3")
    assert differs.returncode == 1
    assert "STREAMS_PARTITIONS" in differs.stdout


def test_files_in_articles_out_and_a_subscriber_with_a_filter(run: Run) -> None:
    """`ingest files`, a worker with the models that ship, `subscribe --json` with and without a filter."""
    worker = run.start(SHIPPED)
    files = [str(SAMPLE / name) for name in ("006-vrijspraak-strandredders.txt", "001-begrotingsakkoord.json")]
    sent = streams(run, "ingest", "files", *files, "--source", "npd", "--language", "nl")
    assert sent.returncode == 0
    assert "2 items delivered" in sent.stderr
    run.wait_until(lambda: len(run.enriched.records) == 2, 60, "both articles")
    everything = streams(run, "subscribe", "--from-beginning", "--json", "--limit", "2")
    articles = [json.loads(line) for line in everything.stdout.splitlines()]
    assert {article["source"] for article in articles} == {"npd"}
    assert all(
        a["text"][m["start"] : m["end"]] == m["text"] for a in articles for e in a["entities"] for m in e["mentions"]
    )
    assert all(article["sentiment"] for article in articles)
    place = next(e["name"] for a in articles for e in a["entities"] if e["type"] == "LOC")
    filtered = streams(
        run, "subscribe", "--from-beginning", "--entity", place, "--type", "LOC", "--limit", "1", "--json"
    )
    assert any(e["name"] == place for e in json.loads(filtered.stdout)["entities"])
    assert worker.stop() == 0


def test_lines_from_standard_input_with_a_broken_one_all_arrive(run: Run) -> None:
    """What cannot be read is the worker's to refuse: it becomes a dead letter with its bytes."""
    lines = ['{"uri": "urn:a", "text": "een"}', '{"uri": kapot', '{"uri": "urn:b", "text": "twee"}']
    run.start(PLAIN)
    sent = streams(run, "ingest", "files", "--format", "ninjs", stdin="\n".join(lines))
    assert sent.returncode == 0
    run.wait_until(lambda: len(run.enriched.records) == 2 and len(run.dead_letters.records) == 1, 60, "all three")
    assert run.dead_letters.records[0].value == b'{"uri": kapot'


def test_a_feed_is_polled_once(run: Run, tmp_path: Path) -> None:
    """`ingest feed` on an RSS file: each entry comes as an Atom entry of its own."""
    items = "".join(
        f"<item><guid>urn:rss:{i}</guid><title>Bericht {i} uit Gent</title><description>Tekst {i}.</description></item>"
        for i in range(3)
    )
    feed = tmp_path / "feed.xml"
    feed.write_text(
        f'<rss version="2.0"><channel><title>Proef</title><language>nl-be</language>{items}</channel></rss>'
    )
    run.start((*SHIPPED, "--stages", "normalise"))
    sent = streams(run, "ingest", "feed", str(feed), "--every", "0", "--source", "proef")
    assert sent.returncode == 0, sent.stderr
    assert "3 entries delivered" in sent.stderr
    articles = run.collect(run.settings.topics["articles"].name, 3)
    assert sorted(article["id"] for article in articles) == ["urn:rss:0", "urn:rss:1", "urn:rss:2"]
    assert {article["language"]["code"] for article in articles} == {"nl"}


def test_a_worker_without_topics_says_what_to_do(run: Run) -> None:
    """One clear line and status 1."""
    worker = streams(run, "worker", "--stages", "normalise", TOPIC_PREFIX="nowhere.")
    assert worker.returncode == 1
    assert worker.stderr.splitlines()[-1].endswith("run `streams topics` first")


@pytest.mark.parametrize(
    "command", [["subscribe"], ["ingest", "files", "-"], ["ingest", "feed", "x.xml"]], ids=" ".join
)
def test_without_topics_other_commands_say_so_at_once(run: Run, command: list[str]) -> None:
    """They wait for nothing that nobody creates."""
    done = streams(run, *command, stdin="Brand in Gent", TOPIC_PREFIX="nowhere.")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("streams: no topic nowhere.")
    assert line.endswith(": `streams topics` creates it")
