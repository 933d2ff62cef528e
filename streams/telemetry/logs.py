"""Logging of a worker: one line an event, on standard error."""

import logging
import sys
import threading
from types import TracebackType

from streams.outputs.printable import printable

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET = {
    "faust": logging.DEBUG,
    "mode": logging.DEBUG,
    # At debug these log their configuration and their requests whole: passwords too.
    "kafka": logging.INFO,
    "aiokafka": logging.INFO,
}


class PrintableFormatter(logging.Formatter):
    """A line a record, whoever logs it: an id or a header from the wire neither steers a terminal nor forges a line.

    A traceback follows on lines of its own, each indented, so that none looks like a record.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return printable(super().formatMessage(record))

    def formatException(  # noqa: N802
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in printable(text, lines=True).split("\n"))


def set_up_logging(level: str) -> None:
    """Logs to standard error; the client libraries' own chatter, and tracebacks, only when it matters."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrintableFormatter(_FORMAT))
    if level != "debug":
        handler.addFilter(_without_traceback)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    threading.excepthook = _log_thread_exception
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least if level == "debug" else logging.WARNING)
    if level != "debug":
        logging.getLogger("kafka.net").setLevel(logging.ERROR)  # warns of its own slowness on a busy machine


def _log_thread_exception(failed: threading.ExceptHookArgs) -> None:
    """A line like any other: Python would write the exception's text, which may be the wire's, as it is."""
    name = failed.thread.name if failed.thread else "a thread"
    error = failed.exc_value or failed.exc_type()
    logging.getLogger(__name__).error("%s ended", name, exc_info=(failed.exc_type, error, failed.exc_traceback))


def _without_traceback(record: logging.LogRecord) -> bool:
    """The exception alone, in the line itself: Faust logs the same traceback at each service that it passes."""
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        record.msg = f"{record.getMessage()}: {type(error).__name__}: {error}"
        record.args = ()
    record.exc_info = record.exc_text = record.stack_info = None
    return True
