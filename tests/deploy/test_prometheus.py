"""Rules and alerts, by Prometheus's own checker; every alert has a runbook page, and is tested firing and clearing."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


ALERTS = {r["alert"]: r for group in load(PROMETHEUS / "rules" / "alerts.yml")["groups"] for r in group["rules"]}
CASES = [
    case
    for file in sorted((PROMETHEUS / "tests").glob("*.yml"))
    for case in load(file)["tests"]
    if "alert_rule_test" in case
]

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool: apt-get install prometheus")


def promtool(*arguments: str) -> None:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=120, cwd=PROMETHEUS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_kubernetes_has_the_same_rules(tmp_path: Path) -> None:
    """After a change: python deploy/kubernetes/components/pod-monitor/build.py"""
    folder = DEPLOY / "kubernetes" / "components" / "pod-monitor"
    subprocess.run([sys.executable, folder / "build.py", tmp_path / "rule.yaml"], check=True)
    assert (tmp_path / "rule.yaml").read_text() == (folder / "prometheus-rule.yaml").read_text()
    files = [load(PROMETHEUS / "rules" / name)["groups"] for name in ("recording.yml", "alerts.yml")]
    assert load(folder / "prometheus-rule.yaml")["spec"]["groups"] == [group for file in files for group in file]


@needs_promtool
def test_the_configuration_is_valid() -> None:
    promtool("check", "config", "prometheus.yml")


@needs_promtool
@pytest.mark.parametrize("file", sorted((PROMETHEUS / "tests").glob("*.yml")), ids=lambda path: str(path.stem))
def test_alerts_fire_and_clear(file: Path) -> None:
    promtool("test", "rules", str(file))


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_is_seen_silent_firing_and_clear_again(alert: str) -> None:
    """In one story, or silent in another."""
    looks = [
        [bool(look.get("exp_alerts")) for look in case["alert_rule_test"] if look["alertname"] == alert]
        for case in CASES
    ]
    assert any(seen[0] is False for seen in looks if seen)
    assert any(first and not then for seen in looks for first, then in pairwise(seen))


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_a_runbook_page(alert: str) -> None:
    """Under an address that a browser opens; `make runbooks` sets it."""
    assert re.fullmatch(rf"https?://\S+/{alert}[.]md", ALERTS[alert]["annotations"]["runbook_url"])
    text = (DEPLOY / "runbooks" / f"{alert}.md").read_text()
    assert text.startswith(f"# {alert}\n")
    assert "\n## Look\n" in text
    assert "\n## Do\n" in text


def test_the_runbooks_address_is_set_in_one_command(tmp_path: Path) -> None:
    """In the rules, in their tests, and in the Prometheus operator's object; nothing else changes."""
    deploy = tmp_path / "deploy"
    for folder in ("prometheus", "kubernetes"):
        shutil.copytree(DEPLOY / folder, deploy / folder)
    files = [*sorted((deploy / "prometheus").glob("*/*.yml")), *deploy.rglob("prometheus-rule.yaml")]
    before = [file.read_text() for file in files]
    command = [sys.executable, str(deploy / "prometheus" / "runbooks.py")]
    wiki = "https://wiki.example.org/x?page=news/"
    subprocess.run([*command, wiki], check=True)
    after = [file.read_text() for file in files]
    (shipped,) = {rule["annotations"]["runbook_url"].rpartition("/")[0] + "/" for rule in ALERTS.values()}
    assert [text.replace(wiki, shipped) for text in after] == before
    assert all(shipped not in text for text in after)
    assert f"runbook_url: {wiki}NewsWorkerDown.md" in after[-1]
    for wrong in ([""], ["deploy/runbooks"], ["https://wiki.example.org/two words"]):
        refused = subprocess.run([*command, *wrong], capture_output=True, text=True)
        assert (refused.returncode, refused.stderr[:6]) == (1, "usage:"), wrong
    assert [file.read_text() for file in files] == after


def test_every_page_is_of_an_alert() -> None:
    assert {path.stem for path in (DEPLOY / "runbooks").glob("*.md")} - {"README"} == set(ALERTS)


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_how_urgent_it_is(alert: str) -> None:
    assert ALERTS[alert]["labels"]["severity"] in {"page", "ticket"}
    assert ALERTS[alert]["for"]
    assert ALERTS[alert]["annotations"]["summary"]
    assert "$" in ALERTS[alert]["annotations"]["description"]
