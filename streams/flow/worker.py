"""The worker process: the chosen stages, each an app of its own, in one event loop."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from mode import Service, Worker

from streams import __version__
from streams.flow.access import Access
from streams.flow.agent import attach_agent
from streams.flow.app import make_app
from streams.flow.cores import cores_of
from streams.flow.ending import end_process
from streams.flow.open_files import OpenFiles, require_files
from streams.flow.positions import Positions
from streams.flow.watch import Watch, Watched
from streams.settings import Settings
from streams.stages.stage import Stage
from streams.telemetry import metrics

log = logging.getLogger(__name__)


class Apps(Service):
    """Starts and stops the stages' apps together: a group's first join takes seconds, not seconds a stage."""

    def __init__(self, apps: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.apps = apps

    async def on_start(self) -> None:
        """Starts all apps; the first that fails ends the worker."""
        for app in self.apps:
            app.in_worker = True
            app.beacon.reattach(self.beacon)
        await asyncio.gather(*(app.maybe_start() for app in self.apps))

    async def on_stop(self) -> None:
        """Drains and commits all apps."""
        await asyncio.gather(*(app.stop() for app in self.apps))


class OneWay(Worker):
    """A worker in which a crash of any service ends the process at once, whatever the others still wait for."""

    def _crash(self, reason: BaseException) -> None:
        end_process("a service", reason)


def run_worker(stages: Sequence[Stage], settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT, then drains, commits and exits with 0 (raises SystemExit)."""
    require_files()
    metrics.BUILD_INFO.labels(__version__).set(1)
    watched, cores = [], cores_of(settings)
    for place, stage in enumerate(stages):
        app = make_app(stage.name, settings)
        positions = Positions()
        attach_agent(app, stage, settings, positions, partial(cores.compute, -place))
        app.finalize()
        watched.append(Watched(app, stage, positions))
        if stage.model:
            metrics.MODEL_INFO.labels(stage.name, *astuple(stage.model)).set(1)
    watch = Watch(watched, settings.web_host, settings.web_port, settings.stall_seconds)
    log.info("stages %s on %s", ", ".join(stage.name for stage in stages), settings.broker)
    apps = [one.app for one in watched]
    services = [OpenFiles(), watch, Apps(apps)] + (
        [Access(apps, settings)] if settings.uses_tls or settings.uses_sasl else []
    )
    OneWay(*services, override_logging=False, redirect_stdouts=False, quiet=True).execute_from_commandline()
