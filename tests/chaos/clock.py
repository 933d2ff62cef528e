"""Workers whose wall clock can be set, by libfaketime; their monotonic clock runs on."""

from pathlib import Path

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
_FILE = "clock"


def faked() -> dict[str, str]:
    """The environment of such a worker; `{folder}` stands for the scene's folder."""
    return {
        "LD_PRELOAD": str(FAKETIME[0]) if FAKETIME else "",
        "FAKETIME_TIMESTAMP_FILE": "{folder}/" + _FILE,
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def set_clock(folder: Path, seconds: float) -> None:
    """Sets the workers' clocks `seconds` away from the truth, within a second."""
    new = folder / f"{_FILE}.new"
    new.write_text(f"{seconds:+.0f}\n")
    new.replace(folder / _FILE)
