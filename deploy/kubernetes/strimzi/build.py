"""Writes the users of Strimzi with their ACLs, out of the flow's own tables: `python …/strimzi/build.py [FILE]`."""

import sys
from collections.abc import Callable
from pathlib import Path

from streams.contract.access import Grant, grants

HERE = Path(__file__).resolve().parent
HEAD = """\
# Made by build.py from streams/contract/access.py; a test keeps it current. Into the namespace of Kafka, after
# the name of your Kafka object is in strimzi.io/cluster: kubectl -n kafka apply -f kafka-users.yaml
"""
USER = """\
---
# {what}
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaUser
metadata:
  name: {name}
  labels: {{strimzi.io/cluster: news}}
spec:
  authentication: {{type: scram-sha-512}}
  authorization:
    type: simple
    acls:
"""
USERS: dict[str, tuple[str, Callable[[Grant], bool]]] = {
    "streams": ("What overlays/production runs: topics, workers, feeds; KEDA; and dead letters.", lambda grant: True),
    "streams-reader": ("A subscriber, without a group.", lambda grant: grant.command == "subscribe"),
}


def build() -> str:
    """A KafkaUser each, with the operations on a topic or group in one rule."""
    text = HEAD
    for name, (what, wanted) in USERS.items():
        text += USER.format(name=name, what=what)
        rules: dict[tuple[str, str], set[str]] = {}
        for grant in filter(wanted, grants()):
            rules.setdefault((grant.kind, grant.name), set()).update(grant.operations)
        for (kind, resource), operations in rules.items():
            text += f"      - resource: {{type: {kind}, name: {resource}, patternType: literal}}\n"
            text += f"        operations: [{', '.join(sorted(operations))}]\n"
    return text


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "kafka-users.yaml").write_text(build())
