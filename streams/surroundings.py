"""The environment of the settings: variables that are none of them, and whose value it was that went wrong."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream

_PREFIX = "STREAMS_"
_OTHERS = re.compile(r"ENV_FILE|DATA|TEST_.*|BENCH_.*")  # read beside the settings: by this file, by tests
# Kubernetes gives a pod the addresses of the services beside it, so of one called `streams`.
_SERVICE_LINK = re.compile(r"(?:.*_)?(?:SERVICE_(?:HOST|PORT)(?:_.*)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_.*)?)")
_SERVICE_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://")


def problems(file: str | None, settings: Sequence[str]) -> list[str]:
    """What is wrong with the surroundings of the settings of these names, in words: a missing or unreadable
    file, and variables `STREAMS_…` in it or in the environment that are no setting."""
    found = [] if file is None else _wrong_file(file)
    named = {**({} if found or file is None else dotenv_values(file)), **os.environ}
    return found + [_unknown(name, settings) for name in sorted(named) if _is_unknown(name, named, settings)]


def as_environment(settings: Any) -> dict[str, str]:
    """The environment with these settings and no others, for a child process."""
    others = {name: value for name, value in os.environ.items() if not name.upper().startswith(_PREFIX)}
    values = settings.model_dump(mode="json", exclude_none=True)
    return others | {
        _PREFIX + name.upper(): value if isinstance(value, str) else json.dumps(value) for name, value in values.items()
    }


def _wrong_file(file: str) -> list[str]:
    try:
        lines = parse_stream(StringIO(Path(file).read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        return [f"STREAMS_ENV_FILE: {file}: {_reason(error)}"]
    wrong = [line.original.line for line in lines if line.error or (line.key and line.value is None)]
    return [f"STREAMS_ENV_FILE: {file}, line {number}: not NAME=VALUE" for number in wrong]


def _is_unknown(name: str, named: Mapping[str, str | None], settings: Sequence[str]) -> bool:
    if not name.upper().startswith(_PREFIX):
        return False
    short = name.upper().removeprefix(_PREFIX)
    if short.lower() in settings or _OTHERS.fullmatch(short) or _SERVICE_LINK.fullmatch(short):
        return False
    return not _SERVICE_ADDRESS.match(named[name] or "")


def _unknown(name: str, settings: Sequence[str]) -> str:
    near = get_close_matches(name.upper().removeprefix(_PREFIX).lower(), settings, n=1)
    advice = f"did you mean {_PREFIX}{near[0].upper()}?" if near else "`streams worker --help` names all there are"
    return f"{name} is no setting; {advice}"


@contextmanager
def naming(setting: str) -> Iterator[None]:
    """Names the setting in what its value leads to: an OSError or ValueError becomes a ValueError that tells."""
    try:
        yield
    except (OSError, ValueError) as error:
        where = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        raise ValueError(f"{setting}: {where}{_reason(error)}") from error


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return (isinstance(error, OSError) and error.strerror) or " ".join(str(error).split())
