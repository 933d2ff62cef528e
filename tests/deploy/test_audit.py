"""The audit finds what it should, and takes no silence for an answer."""

import importlib
import json
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.deploy.panels import DEPLOY

DATABASE = {
    "jinja2": [{"id": "GHSA-1", "cve": "CVE-1", "advisory": "escape", "fixed_in": "2.10.1", "v": ">=2.0,<2.10.1"}],
    "plone": [{"id": "GHSA-2", "cve": "CVE-2", "advisory": "injection", "fixed_in": "8.3", "v": "<8.3.0-11.1"}],
}


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DEPLOY))
    return importlib.import_module("audit")


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ({"jinja2": "2.10.1", "flask": "0.1"}, []),
        ({"jinja2": "2.10"}, ["jinja2 2.10: GHSA-1, escape (mended in 2.10.1)"]),
        ({"plone": "9"}, ["plone 9: GHSA-2, injection (mended in 8.3)"]),
    ],
    ids=["mended", "weak", "range not readable"],
)
def test_weaknesses_of_versions(audit: ModuleType, versions: dict[str, str], found: list[str]) -> None:
    assert list(audit.weaknesses(versions, DATABASE)) == found


@pytest.mark.parametrize("name", ["GHSA-1", "CVE-1"])
def test_what_is_accepted_is_not_found(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {name: "no templates of strangers"})
    assert list(audit.weaknesses({"jinja2": "2.10"}, DATABASE)) == []


def pip_audit_says(monkeypatch: pytest.MonkeyPatch, audit: ModuleType, stdout: str, stderr: str = "") -> None:
    done = SimpleNamespace(stdout=stdout, stderr=stderr)
    monkeypatch.setattr(audit, "subprocess", SimpleNamespace(run=lambda *_, **__: done))


@pytest.mark.parametrize(
    ("stdout", "stderr", "why"),
    [
        (json.dumps({"dependencies": [{"name": "jinja2", "skip_reason": "not found"}]}), "", "for any package"),
        ("", "Traceback\nConnectionError: no route", "ConnectionError: no route"),
    ],
)
def test_no_answer_is_not_all_well(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, stdout: str, stderr: str, why: str
) -> None:
    """pip-audit itself says that there are no known vulnerabilities when it was told of none."""
    pip_audit_says(monkeypatch, audit, stdout, stderr)
    with pytest.raises(audit.MissingToolError, match=why):
        audit.known_today()


def test_an_answer_of_today(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {"id": "PYSEC-1", "fix_versions": ["2.10.1"], "aliases": ["CVE-1"]}
    package = {"name": "jinja2", "version": "2.10", "vulns": [found]}
    pip_audit_says(monkeypatch, audit, json.dumps({"dependencies": [package, {"name": "b", "vulns": []}]}))
    with pytest.raises(RuntimeError, match=r"^jinja2 2\.10: PYSEC-1, mended in 2\.10\.1$"):
        audit.known_today()
    monkeypatch.setattr(audit, "ACCEPTED", {"CVE-1": "no templates of strangers"})
    audit.known_today()
