"""Brokers: what Kafka says of topics and groups. Its metrics are those of kafka_exporter, which is optional.

Compose has it under `--profile brokers`; with Strimzi it is `spec.kafkaExporter` of the Kafka object.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import COUNT, PER_SECOND, AnyPanel, dashboard, graph, number

GREEN, ORANGE, RED = "green", "orange", "red"
CHOSEN = 'job=~"$kafka_job", instance=~"$kafka_instance"'
KAFKA = f"{{{CHOSEN}}}"
TOPICS = f'{{topic!~"__.+", {CHOSEN}}}'  # without Kafka's own


def brokers() -> Dashboard:
    """Replicas, leaders, what is written and kept, and every group's lag."""
    return dashboard(
        "streams-brokers",
        "Brokers",
        "What Kafka says of replicas, topics and groups. Empty without kafka_exporter.",
        [("Replicas", _replicas()), ("Topics", _topics()), ("Groups", _groups())],
        found_by="kafka_brokers",
        prefix="kafka_",
    )


def _replicas() -> list[AnyPanel]:
    return [
        number("Brokers", "Brokers in the cluster.", COUNT, f"max(kafka_brokers{KAFKA})", [(None, RED), (1, GREEN)]),
        number(
            "Partitions without a leader",
            "Partitions that can be neither written nor read.",
            COUNT,
            f"count(kafka_topic_partition_replicas{KAFKA}) - count(kafka_topic_partition_leader{KAFKA})",
            [(None, GREEN), (1, RED)],
        ),
        number(
            "Under-replicated partitions",
            "Partitions of which a replica is missing or behind: another broker's loss may stop or lose them.",
            COUNT,
            f"sum(kafka_topic_partition_under_replicated_partition{KAFKA})",
            [(None, GREEN), (1, ORANGE)],
        ),
        number(
            "Fewest in-sync replicas",
            "Of the partition that has the fewest. Below min.insync.replicas nothing can be written to it.",
            COUNT,
            f"min(kafka_topic_partition_in_sync_replica{KAFKA})",
            [(None, RED), (1, ORANGE), (2, GREEN)],
        ),
        number(
            "Not on their preferred leader",
            "Partitions led by another broker than planned, as after a broker's restart.",
            COUNT,
            f"count(kafka_topic_partition_leader_is_preferred{KAFKA} == 0) or vector(0)",
            [(None, GREEN), (1, ORANGE)],
        ),
        number(
            "Records written",
            "Into all topics but Kafka's own, a second.",
            PER_SECOND,
            f"sum(rate(kafka_topic_partition_current_offset{TOPICS}[$__rate_interval]))",
            [(None, GREEN)],
        ),
    ]


def _topics() -> list[AnyPanel]:
    return [
        graph(
            "Written",
            "Records written into each topic.",
            PER_SECOND,
            {"{{topic}}": f"sum by (topic) (rate(kafka_topic_partition_current_offset{TOPICS}[$__rate_interval]))"},
            stacked=True,
        ),
        graph(
            "Kept",
            "Records that each topic holds: from its oldest offset to its newest.",
            COUNT,
            {
                "{{topic}}": f"sum by (topic) (kafka_topic_partition_current_offset{TOPICS} "
                f"- kafka_topic_partition_oldest_offset{TOPICS})"
            },
        ),
        graph(
            "Partitions by leader",
            "Partitions that each broker leads; an even share is an even load.",
            COUNT,
            {"broker {{broker}}": f'count_values("broker", kafka_topic_partition_leader{KAFKA})'},
        ),
    ]


def _groups() -> list[AnyPanel]:
    return [
        graph(
            "Lag by group",
            "Records that wait for each consumer group, subscribers' included.",
            COUNT,
            {"{{consumergroup}} {{topic}}": f"sum by (consumergroup, topic) (kafka_consumergroup_lag{KAFKA})"},
        ),
        graph(
            "Members",
            "Members of each consumer group. A stage's group has one for each worker.",
            COUNT,
            {"{{consumergroup}}": f"max by (consumergroup) (kafka_consumergroup_members{KAFKA})"},
        ),
        graph(
            "Read",
            "Records that each group has committed.",
            PER_SECOND,
            {
                "{{consumergroup}} {{topic}}": "sum by (consumergroup, topic) "
                f"(rate(kafka_consumergroup_current_offset{KAFKA}[$__rate_interval]))"
            },
        ),
    ]
