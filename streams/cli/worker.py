"""`streams worker`: the pipeline, or some of its stages, against the configured Kafka."""

import logging
import time
from typing import Annotated, cast

import typer

from streams.contract.topics import STAGES, StageName
from streams.settings import Settings, describe
from streams.telemetry.logs import set_up_logging

SETTINGS_HELP = "Settings, from the environment or the file that STREAMS_ENV_FILE names:\n\n" + describe()


def worker(
    stages: Annotated[str, typer.Option(help="Stages to run, comma-separated: normalise,entities,sentiment.")] = "",
) -> None:
    """Enrich what comes. SIGTERM drains and exits 0; what is not expected ends it with 1."""
    settings = Settings()
    names = _names(stages)
    set_up_logging(settings.log_level)
    from streams.flow.worker import run_worker
    from streams.stages.graph import build_stages

    built = build_stages(settings, names)
    _wait_for_topics(settings)
    run_worker(built, settings)


def _names(stages: str) -> list[StageName]:
    names = [name.strip() for name in stages.split(",") if name.strip()] or list(STAGES)
    wrong = [name for name in names if name not in STAGES]
    if wrong:
        raise typer.BadParameter(f"no stage {', '.join(wrong)}; the stages are {', '.join(STAGES)}")
    return cast(list[StageName], list(dict.fromkeys(names)))


def _wait_for_topics(settings: Settings) -> None:
    """Waits for the broker as long as it takes; topics that it does not have are the operator's to create."""
    from streams.broker.admin import missing_topics
    from streams.broker.clients import BrokerUnreachableError

    pause = 1.0
    while True:
        try:
            missing = missing_topics(settings)
            break
        except BrokerUnreachableError as error:
            logging.getLogger(__name__).warning("%s; trying again in %.0f s", error, pause)
            time.sleep(pause)
            pause = min(2 * pause, settings.delivery_backoff_max)
    if missing:
        raise ValueError(f"no topic {', '.join(missing)} on {settings.broker}: run `streams topics` first")
