"""Sends items to `news.raw` and tells what became of each: what was delivered, refused, and will be a dead letter."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from streams.cli.terminal import tell
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Outcome, Reason
from streams.feeds.raw_item import RawItem
from streams.settings import Settings


@dataclass
class Sending:
    """What was sent, counted. The first Ctrl-C (or SIGTERM) ends the reading, and what was read is still confirmed; the
    next one ends that too."""

    what: tuple[str, str] = ("item", "items")
    taken: int = 0
    delivered: int = 0
    refused: int = 0
    dead: int = 0
    interrupted: bool = False
    _reading: bool = False

    def send(self, items: Iterable[RawItem], ahead: int = 500) -> None:
        """Until the items are through, each confirmed. Raises what Publisher raises."""
        from streams.feeds.publish import Publisher
        from streams.stages.normalise import Normalise

        settings = Settings()
        first_stage = Normalise(default_language=settings.default_language, max_item_bytes=settings.max_item_bytes)
        with self._signals(), Publisher(settings) as publisher:
            try:
                for published in publisher.publish(self._read(items), ahead):
                    origin = published.item.origin
                    if published.error:
                        self.refused += 1
                        tell(f"{origin}: not delivered: {published.error}")
                        continue
                    self.delivered += 1
                    if problem := _problem(first_stage, published.item):
                        self.dead += 1
                        tell(f"{origin}: delivered, and will be a dead letter: {problem}")
            except KeyboardInterrupt:
                self.interrupted = True

    def summary(self) -> str:
        """In a sentence."""
        one, many = self.what
        text = (
            f"{self.delivered} {one if self.delivered == 1 else many} delivered to the broker, {self.refused} refused"
        )
        if self.dead:
            will_be = "will be a dead letter" if self.dead == 1 else "will be dead letters"
            text += f"; of those delivered {self.dead} {will_be}"
        if unknown := self.taken - self.delivered - self.refused:
            text += f"; of {unknown} nothing is known: send them again, a repeat is harmless"
        return text

    def _read(self, items: Iterable[RawItem]) -> Iterator[RawItem]:
        left = iter(items)
        while not self.interrupted:
            self._reading = True
            try:
                item = next(left)
            except StopIteration:
                return
            except KeyboardInterrupt:
                self.interrupted = True
                return
            finally:
                self._reading = False
            self.taken += 1
            yield item

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            again, self.interrupted = self.interrupted, True
            if self._reading or again:
                raise KeyboardInterrupt

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, stop) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


def _problem(first_stage: Callable[[Message], Outcome[object]], item: RawItem) -> str | None:
    """What the worker will say of an item that it cannot take; the worker's own first stage tells."""
    try:
        outcome = first_stage(item.message())
    except Exception as error:
        outcome = DeadLetter(Reason.STAGE_RAISED, f"{type(error).__name__}: {error}")
    return f"{outcome.reason}: {outcome.message}" if isinstance(outcome, DeadLetter) else None
