"""Logging of a worker: one line an event, on standard error."""

import logging
import sys

_QUIET = {
    "faust": logging.DEBUG,
    "mode": logging.DEBUG,
    # At debug these log their configuration and their requests whole: passwords too.
    "kafka": logging.INFO,
    "aiokafka": logging.INFO,
}


def set_up_logging(level: str) -> None:
    """Logs to standard error; the client libraries' own chatter only when it matters."""
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least if level == "debug" else logging.WARNING)
