"""Stretches of the text that are taken."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from streams.stages.entities.names import Found


class Taken:
    """Stretches that do not overlap."""

    def __init__(self, places: Iterable[Found]) -> None:
        self._spans = sorted((place.start, place.end) for place in places)

    def overlap(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with start..end."""
        index = bisect_right(self._spans, (start, end))
        before = index > 0 and self._spans[index - 1][1] > start
        return before or (index < len(self._spans) and self._spans[index][0] < end)


def merged(names: Sequence[Found], more: Iterable[Found]) -> list[Found]:
    """Both in the order of the text; what overlaps one of `names`, or an earlier one of `more`, is left out."""
    taken = Taken(names)
    result = list(names)
    reached = 0
    for name in sorted(more, key=lambda name: name.start):
        if name.start >= reached and not taken.overlap(name.start, name.end):
            result.append(name)
            reached = name.end
    return sorted(result, key=lambda name: name.start)
