"""What commands write: lines of text and of JSON, safe for a terminal whatever the wire brought."""

import sys

from streams.outputs.printable import json_line, printable


def tell(text: str) -> None:
    """One line on standard error."""
    print(printable(text), file=sys.stderr)


def tell_lines(text: str) -> None:
    """Several lines on standard error."""
    print(printable(text, lines=True), file=sys.stderr)


def write_json(value: bytes) -> None:
    """A JSON document as a line on standard output, at once; what a terminal must not see raw is escaped there."""
    sys.stdout.buffer.write(json_line(value, sys.stdout.isatty()) + b"\n")
    sys.stdout.buffer.flush()


def write_payload(value: bytes) -> None:
    """Bytes on standard output: as they are in a pipe or a file, as text that can be looked at on a terminal."""
    if sys.stdout.isatty():
        value = printable(value.decode("utf-8", "replace").replace("\r\n", "\n"), lines=True).encode()
    sys.stdout.buffer.write(value)
    sys.stdout.buffer.flush()
