"""Watches whether the brokers still let a worker in: a password or a certificate may be withdrawn while it runs."""

import asyncio
from collections.abc import Sequence
from typing import Any

import faust
from mode import Service

from streams.broker.security import BrokerRefusedError, refusal
from streams.flow.ending import end_process
from streams.flow.watch import broker_answers
from streams.settings import Settings

_INTERVAL = 10.0  # seconds between questions


class Access(Service):
    """Ends the process when brokers that no longer answer turn out to refuse: Faust would try again for ever.

    A broker that is away is waited for, and what is connected stays so whatever has become of its password.
    """

    def __init__(self, apps: Sequence[faust.App], settings: Settings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.apps, self.settings = apps, settings

    @Service.task
    async def _ask(self) -> None:
        while not self.should_stop:
            await self.sleep(_INTERVAL)
            if all(await asyncio.gather(*(broker_answers(app) for app in self.apps))):
                continue
            refused = await refusal(self.settings)
            if refused:
                end_process("a broker", BrokerRefusedError(refused))
