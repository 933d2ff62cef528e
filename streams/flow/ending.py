"""How a worker ends when something is not as the code expects."""

import errno
import logging
import os
import traceback
from collections.abc import Iterator

log = logging.getLogger(__name__)

_ADVICE = {
    "GroupAuthorizationFailedError": "the worker's user needs READ and DESCRIBE on this consumer group",
    "TopicAuthorizationFailedError": "the worker's user needs READ on the topics that a stage reads, WRITE on those "
    "that it writes, both on the topics of its tables, and DESCRIBE on all",
    "ClusterAuthorizationFailedError": "the worker's user may not do this on the cluster: give it the right",
    "InconsistentGroupProtocolError": "another program uses the consumer group, and shares out partitions otherwise: "
    "`kafka-consumer-groups.sh --describe --members --group …` names it; end it, or set another STREAMS_TOPIC_PREFIX",
    "InvalidSessionTimeoutError": "STREAMS_SESSION_TIMEOUT lies outside of what the broker allows: "
    "group.min.session.timeout.ms to group.max.session.timeout.ms",
    "UnknownError": "the broker says no more, its log may; a group of Kafka's new consumer protocol (KIP-848) "
    "under this name does that: `kafka-groups.sh --list` tells; end it, or set another STREAMS_TOPIC_PREFIX",
    "InvalidGroupIdError": "the broker takes no consumer group of this name: set another STREAMS_TOPIC_PREFIX",
    "GroupMaxSizeReachedError": "raise group.max.size on the brokers, or run fewer workers",
    "UnsupportedVersionError": "the broker is too old, or is no Kafka: it must know what Kafka 2.1 knows",
    "UnsupportedCodecError": "records are compressed in a way that this installation cannot read: install streams anew",
}
"""What an operator can do about an error of the Kafka client, by the name of its class (or of what it quotes)."""
_OUT_OF_FILES = (
    "out of file descriptors: raise the limit of open files (`ulimit -n`, LimitNOFILE, or the container's), "
    "or look for what opens so many connections"
)


def end_process(where: str, error: BaseException) -> None:
    """Ends the process at once with status 1 and one clear line; nothing unfinished gets acknowledged."""
    log.debug("%s failed", where, exc_info=error)
    log.critical("%s ends this worker: %s", where, explain(error))
    logging.shutdown()
    os._exit(1)


def explain(error: BaseException) -> str:
    """An error in one line: its kind, what it says (else where it was raised), and what to do where that is known."""
    name = type(error).__name__
    said = " ".join(str(error).removeprefix(f"[Error {getattr(error, 'errno', None)}] {name}").lstrip(": ").split())
    text = f"{name}: {said or _what(error)}"
    for cause in _causes(error):
        if out_of_files(cause):
            return f"{text}: {_OUT_OF_FILES}"
        for kind, advice in _ADVICE.items():
            if kind == type(cause).__name__ or kind in str(cause):
                return f"{text}: {advice}"
    return text


def out_of_files(error: BaseException) -> bool:
    """Whether the process, or the machine, can open no more files and connections."""
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _what(error: BaseException) -> str:
    """For an error that says nothing itself: Kafka's own words, or the place."""
    return str(getattr(error, "description", "")).rstrip(".") or _place(error)


def _place(error: BaseException) -> str:
    """Where an error without a text was raised, with the line of code: that of an assertion tells what did not hold."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "no text, raised nowhere; STREAMS_LOG_LEVEL=debug tells more"
    last = frames[-1]
    name = "/".join(last.filename.split("/")[-3:])
    return f"`{last.line}` in {last.name}, {name} line {last.lineno}; STREAMS_LOG_LEVEL=debug tells more"
