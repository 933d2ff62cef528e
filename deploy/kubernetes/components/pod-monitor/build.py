"""Writes deploy/prometheus/rules as an object of the Prometheus operator: `python …/pod-monitor/build.py [FILE]`."""

import sys
from pathlib import Path
from textwrap import indent

HERE = Path(__file__).resolve().parent
RULES = HERE.parents[2] / "prometheus" / "rules"
HEAD = """\
# Made from deploy/prometheus/rules by build.py; a test keeps it current.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: streams
  labels: {release: kube-prometheus-stack}  # as in pod-monitor.yaml
spec:
  groups:
"""


def build() -> str:
    """A PrometheusRule with the groups of all files, as YAML."""
    groups = [(RULES / name).read_text().partition("groups:\n")[2] for name in ("recording.yml", "alerts.yml")]
    return HEAD + indent("\n".join(groups), "  ")


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "prometheus-rule.yaml").write_text(build())
