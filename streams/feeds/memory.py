"""What was seen of a feed."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b

_SPARE = 2  # times the largest answer: entries that go and come back, and answers that break off
_LEAST = 1_000  # entries


class Memory:
    """Entries by digest, the latest seen last: never fewer than the feed lists, never more than twice that.

    An entry that is listed is remembered as long as it is. Sixteen bytes an entry.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, None] = {}
        self._largest = _LEAST // _SPARE

    def __len__(self) -> int:
        return len(self._seen)

    def new(self, payloads: Iterable[bytes]) -> Iterator[bytes]:
        """Those of an answer that were not seen before, in its order; all of them count as seen once they are taken."""
        listed = 0
        for payload in payloads:
            listed += 1
            digest = blake2b(payload, digest_size=16).digest()
            known = digest in self._seen
            self._seen.pop(digest, None)
            self._seen[digest] = None
            if not known:
                yield payload
        self._largest = max(self._largest, listed)
        for digest in list(self._seen)[: -_SPARE * self._largest]:
            del self._seen[digest]
