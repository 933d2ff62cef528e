"""Logging of a worker: one line an event, on standard error."""

import logging
import sys

_QUIET = ("kafka", "aiokafka", "faust", "mode")


def set_up_logging(level: str) -> None:
    """Logs to standard error; the client libraries' own chatter only when it matters."""
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
