"""When to poll a feed again."""

import random

_LONGEST = 3600.0  # seconds between tries of a feed that fails, unless it is polled less often anyway
_JITTER = 0.1  # of a pause, at most: feeds on one host do not come at the same moment for ever
_DOUBLINGS = 16


class Pace:
    """Every so many seconds; twice as long after each further failure, and as long as the server asks for."""

    def __init__(self, every: float) -> None:
        self._every = every
        self.failures = 0

    def pause(self, failed: bool, wait: float = 0.0) -> float:
        """Seconds until the next poll; `wait` is what the server asked for."""
        self.failures = self.failures + 1 if failed else 0
        doubled = self._every * 2.0 ** min(max(self.failures - 1, 0), _DOUBLINGS)
        pause: float = max(min(doubled, max(_LONGEST, self._every)), wait)
        return pause * (1 + random.uniform(0, _JITTER))
