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
    """Logs to standard error; the client libraries' own chatter, and tracebacks, only when it matters."""
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    if level != "debug":
        for handler in logging.getLogger().handlers:
            handler.addFilter(_without_traceback)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least if level == "debug" else logging.WARNING)


def _without_traceback(record: logging.LogRecord) -> bool:
    """The exception alone, in the line itself: Faust logs the same traceback at each service that it passes."""
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        record.msg = f"{record.getMessage()}: {type(error).__name__}: {error}"
        record.args = ()
    record.exc_info = record.exc_text = record.stack_info = None
    return True
