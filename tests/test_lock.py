"""What is installed is what was tested: lock files with hashes, and ranges in the wheel no wider than they."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {extra: list(map(Requirement, names)) for extra, names in PROJECT["optional-dependencies"].items()}
DEPENDENCIES = list(map(Requirement, PROJECT["dependencies"]))


def pins(lock: Path) -> dict[str, list[Version]]:
    """The versions of a lock file by package; two where Pythons differ."""
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(Version(version))
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=[\w-])", lock.read_text().strip())
    assert entries
    assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
@pytest.mark.parametrize("requirement", DEPENDENCIES, ids=str)
def test_a_lock_file_has_what_the_package_needs(lock: Path, requirement: Requirement) -> None:
    assert any(version in requirement.specifier for version in pins(lock)[requirement.name])


@pytest.mark.parametrize("extra", ["embedded", "dev", "deploy", "bench"])
def test_a_lock_file_has_what_its_extra_needs(extra: str) -> None:
    locked = pins(ROOT / "requirements" / ("demo.txt" if extra == "embedded" else f"{extra}.txt"))
    for requirement in EXTRAS[extra]:
        assert any(requirement.specifier.contains(v, prereleases=True) for v in locked[requirement.name]), requirement


@pytest.mark.parametrize("requirement", DEPENDENCIES, ids=str)
def test_a_range_is_no_wider_than_what_is_tested(requirement: Requirement) -> None:
    """Neither the minor version before the locked one fits, nor the one after it."""
    (locked,) = [v for v in pins(ROOT / "requirements" / "dev.txt")[requirement.name] if v in requirement.specifier]
    major, minor = locked.major, locked.minor
    assert Version(f"{major}.{minor + 1}.0") not in requirement.specifier
    assert Version(f"{major}.{minor - 1}.999" if minor else f"{major - 1}.999") not in requirement.specifier


def test_all_lock_files_agree() -> None:
    merged: dict[str, list[Version]] = {}
    for lock in LOCKS:
        for name, versions in pins(lock).items():
            assert merged.setdefault(name, versions) == versions, f"{name} in {lock.name}"


def test_what_installs_is_locked_too() -> None:
    """The image and the Makefile install from the lock files, with hashes, and build with what is locked."""
    for file, lock in (("Makefile", "requirements/$(1).txt"), ("deploy/Dockerfile", "requirements/run.txt")):
        text = (ROOT / file).read_text()
        assert f"--require-hashes -r {lock}" in text
        assert text.count("pip install") == text.count("--require-hashes") + text.count(
            "--no-deps --no-build-isolation"
        )
