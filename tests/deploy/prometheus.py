"""A real Prometheus beside the tests: Debian's, with the rules of deploy/, on workers of this machine."""

import json
import math
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.broker.embedded import free_port
from tests.deploy.panels import DEPLOY

RATE_INTERVAL = "10s"  # what Grafana makes of $__rate_interval, for scrapes once a second
needs_prometheus = pytest.mark.skipif(
    not shutil.which("prometheus"), reason="no prometheus: apt-get install prometheus"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Prometheus:
    """Its HTTP API."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series of now, each with `metric` and `value`."""
        return list(self._get("query", query=expression)["result"])

    def series(self, expression: str, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """The series over a time, each with `metric` and `values`."""
        return list(self._get("query_range", query=expression, start=start, end=end, step=step)["result"])

    def value(self, expression: str) -> float:
        """The only value of an expression; 0 where there is none."""
        return float((self.query(expression) or [{"value": [0, "0"]}])[0]["value"][1])

    def firing(self) -> set[str]:
        """Names of the alerts that fire now."""
        return {a["labels"]["alertname"] for a in self._get("alerts")["alerts"] if a["state"] == "firing"}

    def wrong(self, expressions: Sequence[str]) -> dict[str, str]:
        """Those of the expressions that give nothing now, or something that is not a finite number."""
        found = {}
        for expression in expressions:
            values = [float(series["value"][1]) for series in self.query(expression)]
            if not values:
                found[expression] = "empty"
            elif not all(math.isfinite(value) for value in values):
                found[expression] = f"not finite: {values}"
        return found

    def _get(self, path: str, **parameters: Any) -> Any:
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]


@contextmanager
def prometheus(
    folder: Path, targets: Sequence[str], change: Callable[[str], str] = lambda rules: rules
) -> Iterator[Prometheus]:
    """Runs Prometheus while the context lasts, scraping once a second; `change` may rewrite the rules."""
    port = free_port()
    for file in (DEPLOY / "prometheus" / "rules").glob("*.yml"):
        (folder / file.name).write_text(change(file.read_text()))
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(folder / "recording.yml"), str(folder / "alerts.yml")],
        "scrape_configs": [{"job_name": "streams", "static_configs": [{"targets": list(targets)}]}],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait(port, process, folder / "prometheus.log")
        yield Prometheus(port)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"Prometheus did not start:\n{log.read_text()[-2000:]}")


def hastened(factor: int) -> Callable[[str], str]:
    """Rules whose times are all shorter by a factor: the same alerts, without the waiting."""

    def shorter(duration: re.Match[str]) -> str:
        seconds = int(duration[2]) * _UNITS[duration[3]]
        return f"{duration[1]}{max(1000, 1000 * seconds // factor)}ms"

    return lambda rules: re.sub(r"(\[|for: )(\d+)([smhd])\b", shorter, rules)
