"""`streams enrich`: the stages without a broker, for files and pipes. The stages here need no model."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams import enrich as enrich_module
from streams import enrich_text
from tests.cli.commands import Done
from tests.flow.plain_worker import plain_stages

Streams = Callable[..., Done]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.enrich.build_stages", plain_stages)
    monkeypatch.setattr("streams.enrich._enricher", [])


def line(identity: str, text: str = "Brand in Gent") -> str:
    """An item of the plain worker's format, on one line."""
    return json.dumps({"uri": identity, "text": text})


def pipe(*lines: str) -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode())


def events(done: Done) -> list[Any]:
    """The events on standard output, one a line."""
    return [json.loads(text) for text in done.out.splitlines()]


def test_json_lines_in_json_lines_out_in_the_same_order(streams: Streams) -> None:
    done = streams("enrich", stdin=pipe(*(line(f"urn:x:{number}") for number in range(20))))
    assert (done.status, done.err) == (0, "")
    assert [event["id"] for event in events(done)] == [f"urn:x:{number}" for number in range(20)]
    assert [step["stage"] for step in events(done)[0]["produced_by"]] == ["normalise", "entities", "sentiment"]


def test_text_is_written_as_utf8(streams: Streams) -> None:
    done = streams("enrich", stdin=pipe(line("urn:x:1", "Café ‘De Zoete’ in ’s-Hertogenbosch")))
    assert "Café ‘De Zoete’ in ’s-Hertogenbosch" in done.out


def test_a_bad_line_is_reported_by_its_number_and_the_rest_goes_on(streams: Streams) -> None:
    done = streams("enrich", stdin=pipe(line("urn:x:1"), '{"uri": "urn:x:2", "te', line("urn:x:3")))
    assert done.status == 1
    assert [event["id"] for event in events(done)] == ["urn:x:1", "urn:x:3"]
    (problem,) = done.err.splitlines()
    assert problem.startswith("standard input, line 2: not_parsed: ")


def test_an_article_that_a_stage_cannot_work_is_reported_alike(streams: Streams) -> None:
    done = streams("enrich", stdin=pipe(line("urn:x:1", "raise"), line("urn:x:2")))
    assert (done.status, [event["id"] for event in events(done)]) == (1, ["urn:x:2"])
    assert done.err == "standard input, line 1: stage_raised: this article cannot be worked\n"


def test_files_and_folders_in_order(streams: Streams, tmp_path: Path) -> None:
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "b.json").write_text(line("urn:x:b"))
    (folder / "a.jsonl").write_text(line("urn:x:a1") + "\n" + line("urn:x:a2") + "\n")
    single = tmp_path / "single.json"
    single.write_text(line("urn:x:single"))
    done = streams("enrich", str(single), str(folder))
    assert [event["id"] for event in events(done)] == ["urn:x:single", "urn:x:a1", "urn:x:a2", "urn:x:b"]


def test_pretty_shows_boxes(streams: Streams) -> None:
    done = streams("enrich", "--pretty", stdin=pipe(line("urn:x:1")))
    assert done.status == 0
    assert "╭─ urn:x:1 ─" in done.out


def test_a_file_that_is_not_there_is_one_line(streams: Streams) -> None:
    done = streams("enrich", "missing.json")
    assert (done.status, done.out) == (1, "")
    assert done.err == "streams: [Errno 2] No such file or directory: 'missing.json'\n"


def test_a_format_that_does_not_exist(streams: Streams) -> None:
    done = streams("enrich", "--format", "nitf", stdin=pipe())
    assert done.status == 2
    assert "'nitf' is not one of 'auto', 'ninjs', 'text', 'rss'" in " ".join(done.err.split())


def test_models_that_do_not_load_are_one_line(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(settings: Any) -> Any:
        raise OSError("[E050] Can't find model 'nl_core_news_xl'")

    monkeypatch.setattr("streams.enrich.build_stages", fail)
    done = streams("enrich", stdin=pipe(line("urn:x:1")))
    assert (done.status, done.err) == (1, "streams: [E050] Can't find model 'nl_core_news_xl'\n")


def test_from_python_a_text_that_is_refused_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain stages know no `body_text`: whatever a stage refuses, the caller sees why."""
    with pytest.raises(ValueError, match=r"stage_raised: 'text'"):
        enrich_text("Brand in Gent")
    assert len(enrich_module._enricher) == 1, "models are loaded once and kept"
