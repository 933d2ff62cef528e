"""Stage detail: why is a stage slow, stuck or failing?"""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import (
    BYTES,
    CHOSEN,
    COUNT,
    PER_SECOND,
    RATIO,
    SECONDS,
    WORKERS,
    AnyPanel,
    choice,
    dashboard,
    graph,
    quantiles,
)

STAGE = f'{{stage=~"$stage", {CHOSEN}}}'
OF_ALL = '{stage=~"$stage"}'  # recorded series: of all workers
OF_STAGE = f"* on (model) group_left () max by (model) (news_model_info{STAGE})"


def stages() -> Dashboard:
    """Work, waiting and resources of the chosen stages."""
    variable = choice(
        "stage", "Stage", "The stages to show.", f"label_values(news_stage_records_total{WORKERS}, stage)"
    )
    return dashboard(
        "streams-stages",
        "Stage detail",
        "Work, waiting and resources of one stage or several.",
        [("Work", _work()), ("Waiting", _waiting()), ("Model", _model()), ("Process", _process())],
    ).with_variable(variable)


def _work() -> list[AnyPanel]:
    return [
        graph(
            "Records",
            "Records finished, by outcome: ok, dead_letter, or why an article was passed on without work.",
            PER_SECOND,
            {
                "{{stage}} {{outcome}}": "sum by (stage, outcome) "
                f"(rate(news_stage_records_total{STAGE}[$__rate_interval]))"
            },
            stacked=True,
        ),
        graph(
            "Work on one record",
            "Seconds of work on a record, without waiting and without the broker.",
            SECONDS,
            quantiles("news_stage_duration_seconds", "stage", STAGE),
        ),
        graph(
            "Dead letters by reason",
            "Why records could not be worked. stage_raised is our own code's failure, the rest the feed's.",
            PER_SECOND,
            {
                "{{stage}} {{reason}}": "sum by (stage, reason) "
                f"(rate(news_dead_letters_total{STAGE}[$__rate_interval]))"
            },
            stacked=True,
        ),
    ]


def _waiting() -> list[AnyPanel]:
    return [
        graph(
            "Lag by partition",
            "Records of each partition that wait for the stage, whoever works it.",
            COUNT,
            {"{{stage}} {{partition}}": f"stage_partition:news_consumer_lag_records:max{OF_ALL}"},
            span=6,
        ),
        graph(
            "Age by partition",
            "Age of the oldest record of each partition that waits for the stage, whoever works it.",
            SECONDS,
            {"{{stage}} {{partition}}": f"stage_partition:news_consumer_lag_seconds:max{OF_ALL}"},
            span=6,
        ),
        graph(
            "Lag by worker",
            "Records of its partitions that wait for each worker, by the topic that the stage reads.",
            COUNT,
            {"{{topic}} {{instance}}": f"sum by (topic, instance) (news_consumer_lag_records{WORKERS})"},
            span=6,
        ),
        graph(
            "Deliveries sent again",
            "Records whose delivery failed and was tried again: the broker was away, or slow.",
            PER_SECOND,
            {"{{stage}}": f"sum by (stage) (rate(news_delivery_retries_total{STAGE}[$__rate_interval]))"},
            span=6,
        ),
    ]


def _model() -> list[AnyPanel]:
    return [
        graph(
            "Model time an article",
            "Seconds of work on an article in a stage with a model: inference, and what is made of it.",
            SECONDS,
            {
                legend: f"{query} {OF_STAGE}"
                for legend, query in quantiles("news_inference_duration_seconds", "model").items()
            },
        ),
        graph(
            "Model busy",
            "Share of time that a stage with a model works, by worker.",
            RATIO,
            {
                "{{model}} {{instance}}": "sum by (model, instance) "
                f"(rate(news_inference_duration_seconds_sum{WORKERS}[$__rate_interval])) {OF_STAGE}"
            },
        ),
        graph(
            "Articles taken together",
            "Size of a batch. Batches of one mean that the stage waits for articles; full ones that articles wait.",
            COUNT,
            {
                "{{model}} mean": f"(sum by (model) (rate(news_inference_batch_size_sum{WORKERS}[$__rate_interval])) "
                f"/ sum by (model) (rate(news_inference_batch_size_count{WORKERS}[$__rate_interval]))) {OF_STAGE}"
            },
        ),
    ]


def _process() -> list[AnyPanel]:
    return [
        graph(
            "CPU",
            "Cores that each worker uses, all its stages together.",
            COUNT,
            {"{{instance}}": f"rate(process_cpu_seconds_total{WORKERS}[$__rate_interval])"},
        ),
        graph(
            "Memory",
            "Resident memory of each worker.",
            BYTES,
            {"{{instance}}": f"process_resident_memory_bytes{WORKERS}"},
        ),
        graph(
            "Rebalances",
            "Times in a quarter of an hour that the stage's consumer group handed out its partitions, by worker.",
            COUNT,
            {"{{stage}} {{instance}}": f"increase(news_rebalances_total{STAGE}[15m])"},
        ),
    ]
