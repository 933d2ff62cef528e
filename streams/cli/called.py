"""How this command was called, so that what we tell people to type works where they are."""

import shutil
import sys
from pathlib import Path


def called() -> str:
    """`streams` where that is found, else as it was called: `.venv/bin/streams`, or `PYTHON -m streams`."""
    program = sys.argv[0]
    if Path(program).name == "__main__.py":
        return f"{sys.executable} -m streams"
    found = shutil.which("streams")
    same = found is not None and Path(found).resolve() == Path(program).resolve()
    return "streams" if same else program
