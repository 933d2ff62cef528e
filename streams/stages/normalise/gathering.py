"""Thousands of short lines as fewer ones, since each line is a block of the event and takes a hundred bytes of it."""

from collections.abc import Sequence
from dataclasses import replace

from streams.stages.normalise.lines import Form, Line

MOST_LINES = 2_000
"""Lines up to which an article's are left as they are; a live blog of a day has some hundreds."""
_SHORT = 80  # characters
_GATHERED = 2_000


def gathered(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines; of more than `MOST_LINES`, short ones that follow each other are joined by spaces up to 2,000
    characters. No text is lost. Lines of different forms together are text.
    """
    if len(lines) <= MOST_LINES:
        return lines
    result: list[Line] = []
    texts: list[str] = []
    length = 0
    for line in lines:
        short = len(line.text) <= _SHORT
        if texts and short and length + len(line.text) < _GATHERED:
            texts.append(line.text)
            length += len(line.text) + 1
            if line.form is not result[-1].form:
                result[-1] = replace(result[-1], form=Form.TEXT)
            continue
        if texts:
            result[-1] = replace(result[-1], text=" ".join(texts))
        result.append(line)
        texts, length = ([line.text], len(line.text)) if short else ([], 0)
    if texts:
        result[-1] = replace(result[-1], text=" ".join(texts))
    return result
