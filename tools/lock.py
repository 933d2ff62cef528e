"""The lock files: `make lock`, `make lock-check`, `make newest`.

What the Makefile, CI and the image install is pinned with hashes in requirements/, one file for each way to install,
for every Python and platform that the README names. `write` renews them within pyproject.toml's ranges; `check` says
whether they fit pyproject.toml, and whether each package is there for each Python and platform; `newest` installs the
newest of everything, past the ranges too, and runs the tests: to be run before `write`, and before a range is widened.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "requirements"
EXTRAS: dict[str, tuple[str, ...]] = {
    "run": ("rocksdb",),
    "demo": ("embedded",),
    "dev": ("embedded", "dev"),
    "deploy": ("embedded", "dev", "deploy"),
    "bench": ("embedded", "dev", "bench"),
    "train": ("embedded", "dev", "train"),
}
"""Name of a lock file -> the extras of pyproject.toml that it holds."""
OLDEST = "3.11"
PYTHONS = (OLDEST, "3.12", "3.13", "3.14")
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "aarch64-apple-darwin")
COMPILED = {"faust-streaming"}
"""Packages without a wheel on some of these platforms: pip compiles them there."""
NEWEST = ROOT / ".venv" / "newest"


def compile_lock(name: str, project: Path, output: Path) -> None:
    """Resolves the extras of a pyproject.toml for all Pythons and platforms, keeping what `output` has if it can."""
    command = ["--universal", "--python-version", OLDEST, "--fork-strategy", "fewest", "--generate-hashes"]
    command += ["--group", f"{project}:build", "--no-annotate", "--no-header", "--quiet", "--output-file", str(output)]
    for extra in EXTRAS[name]:
        command += ["--extra", extra]
    _uv("compile", *command, str(project))


def write() -> None:
    """Renews all lock files: the newest within the ranges, the same version in each file."""
    project = ROOT / "pyproject.toml"
    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder, "pyproject.toml")
        everything.write_text(project.read_text())
        pins = Path(folder, "pins.txt")
        _uv(
            *("compile", "--universal", "--python-version", OLDEST, "--fork-strategy", "fewest", "--quiet"),
            *("--all-extras", "--group", f"{project}:build", "--no-annotate", "--no-header"),
            *("--output-file", str(pins), str(project)),
        )
        for name in EXTRAS:
            output = FOLDER / f"{name}.txt"
            output.write_text(pins.read_text())  # what a lock file has is kept: so all agree
            compile_lock(name, project, output)
            print(f"requirements/{name}.txt: {len(_pins(output))} packages")


def check() -> int:
    """Whether the lock files fit pyproject.toml, and each package is there for each Python and platform."""
    wrong = []
    for name in EXTRAS:
        locked = FOLDER / f"{name}.txt"
        with tempfile.TemporaryDirectory() as folder:
            again = Path(folder, "lock.txt")
            again.write_text(locked.read_text())
            compile_lock(name, ROOT / "pyproject.toml", again)
            if again.read_text() != locked.read_text():
                wrong.append(f"requirements/{name}.txt does not fit pyproject.toml: make lock")
    for python in PYTHONS:
        for platform in PLATFORMS:
            if missing := _missing(FOLDER / "dev.txt", python, platform):
                wrong.append(f"Python {python} on {platform}: {missing}")
    print(*(wrong or ["the lock files fit pyproject.toml, every Python and every platform"]), sep="\n")
    return 1 if wrong else 0


def newest(arguments: Sequence[str]) -> int:
    """The tests with the newest of everything, past pyproject.toml's ranges; what is pinned exactly stays."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "pyproject.toml")
        project.write_text("\n".join(_without_upper_bounds((ROOT / "pyproject.toml").read_text().splitlines())))
        lock = Path(folder, "newest.txt")
        compile_lock("dev", project, lock)
        ours, theirs = _pins(FOLDER / "dev.txt"), _pins(lock)
        for package in sorted(theirs.keys() - {"streams"}):
            if ours.get(package) != theirs[package]:
                print(f"{package}: {ours.get(package, 'not locked')} → {theirs[package]}")
        subprocess.run([sys.executable, "-m", "venv", NEWEST], check=True)
        python = str(NEWEST / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    subprocess.run([python, "-m", "pip", "install", "-q", *own], check=True)
    return subprocess.run([python, "-m", "pytest", *arguments], cwd=ROOT).returncode


def _without_upper_bounds(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a pyproject.toml with `>=` for `~=`, and without `,<…`."""
    for line in lines:
        yield re.sub(r'^(  "[^"#;]*?)(,\s*<[^",;]*)', r"\1", line.replace("~=", ">="))


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def _missing(lock: Path, python: str, platform: str) -> str | None:
    """What uv says where a package of a lock file is not to be had as a wheel."""
    only = [word for package in COMPILED for word in ("--no-binary", package)]
    with tempfile.TemporaryDirectory() as folder:
        command = ["--dry-run", "--quiet", "--require-hashes", "--target", folder, "--only-binary", ":all:", *only]
        command += ["--python-version", python, "--python-platform", platform, "-r", str(lock)]
        done = subprocess.run(
            [sys.executable, "-m", "uv", "pip", "install", *command],
            capture_output=True,
            text=True,
            env=os.environ | {"MACOSX_DEPLOYMENT_TARGET": "14.0"},  # onnxruntime's oldest
        )
    return done.stderr.strip() if done.returncode else None


def _uv(*command: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", "pip", *command], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("write", "check", "newest"))
    parser.add_argument("arguments", nargs="*", help="for pytest, after --")
    chosen = parser.parse_args()
    if chosen.command == "write":
        write()
        return 0
    return check() if chosen.command == "check" else newest(chosen.arguments)


if __name__ == "__main__":
    sys.exit(main())
