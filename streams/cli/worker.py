"""`streams worker`: the pipeline, or some of its stages, against the configured Kafka."""

from typing import Annotated

import typer

from streams.contract.graph import stage_names
from streams.settings import Settings, describe
from streams.telemetry.logs import set_up_logging

SETTINGS_HELP = "Settings, from the environment or the file that STREAMS_ENV_FILE names:\n\n" + describe()


def worker(
    stages: Annotated[str, typer.Option(help=f"Stages to run, comma-separated: {','.join(stage_names())}.")] = "",
) -> None:
    """Enrich what comes. SIGTERM drains and exits 0; what is not expected ends it with 1."""
    settings = Settings()
    names = _names(stages)
    set_up_logging(settings.log_level)
    from streams.cli.waiting import StoppedError, wait_for_topics
    from streams.flow.worker import run_worker
    from streams.stages.graph import build_stages

    built = build_stages(settings, names)
    try:
        wait_for_topics(settings)
    except StoppedError:
        return
    run_worker(built, settings)


def _names(stages: str) -> list[str]:
    names = [name.strip() for name in stages.split(",") if name.strip()] or stage_names()
    wrong = [name for name in names if name not in stage_names()]
    if wrong:
        raise typer.BadParameter(f"no stage {', '.join(wrong)}; the stages are {', '.join(stage_names())}")
    return list(dict.fromkeys(names))
