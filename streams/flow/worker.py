"""The worker process: the chosen stages, each an app of its own, in one event loop."""

import logging
from collections.abc import Sequence

import faust

from streams import __version__
from streams.flow.agent import attach_agent
from streams.flow.app import make_app
from streams.flow.positions import Positions
from streams.flow.watch import Watch, Watched
from streams.settings import Settings
from streams.stages.stage import Stage
from streams.telemetry import metrics

log = logging.getLogger(__name__)


def run_worker(stages: Sequence[Stage], settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT, then drains, commits and exits with 0 (raises SystemExit)."""
    metrics.BUILD_INFO.labels(__version__).set(1)
    watched = []
    for stage in stages:
        app = make_app(stage.name, settings)
        positions = Positions()
        attach_agent(app, stage, settings, positions)
        app.finalize()
        watched.append(Watched(app, stage, positions))
        if stage.model:
            metrics.MODEL_INFO.labels(stage.name, stage.model.name, stage.model.version).set(1)
    watch = Watch(watched, settings.web_host, settings.web_port, settings.stall_seconds)
    apps = [one.app for one in watched]
    log.info("stages %s on %s", ", ".join(stage.name for stage in stages), settings.broker)
    worker = faust.Worker(
        apps[0], watch, *apps[1:], loglevel=settings.log_level, override_logging=False, quiet=True
    )
    worker.execute_from_commandline()
