"""The command line: `streams COMMAND`, same as `python -m streams`. One module per command."""

import logging
import sys
import traceback
from typing import Annotated

import typer
from pydantic import ValidationError

from streams import __version__
from streams.cli import dead_letters, demo, enrich, ingest, schema, subscribe, topics, worker

app = typer.Typer(
    name="streams",
    help="Dutch news enrichment on Kafka: wire article in, enriched event out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"streams {__version__}")
        raise typer.Exit


@app.callback()
def _streams(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    """Dutch news enrichment on Kafka: wire article in, enriched event out."""


app.command("demo")(demo.demo)
app.command("worker", epilog=worker.SETTINGS_HELP)(worker.worker)
app.command("enrich")(enrich.enrich)
app.add_typer(ingest.app, name="ingest")
app.command("subscribe")(subscribe.subscribe)
app.command("topics")(topics.topics)
app.add_typer(dead_letters.app, name="dead-letters")
app.command("schema")(schema.schema)


def main() -> None:
    """Runs the command line; an error of use or surroundings is one line and status 1."""
    from kafka.errors import KafkaError, UnsupportedCodecError

    from streams.broker.clients import BrokerUnreachableError
    from streams.broker.embedded import EmbeddedBrokerError
    from streams.broker.security import BrokerRefusedError
    from streams.cli.supervise import WorkerKeepsEndingError
    from streams.cli.terminal import tell, tell_lines
    from streams.telemetry.logs import PrintableFormatter

    if logging.lastResort:  # a warning of a client library, in a command that sets up no logging
        logging.lastResort.setFormatter(PrintableFormatter("%(message)s"))

    try:
        app()
    except ValidationError as error:
        tell(f"streams: {'; '.join(_wrong(e['loc'], e['msg']) for e in error.errors())}")
        sys.exit(1)
    except (BrokerUnreachableError, BrokerRefusedError, EmbeddedBrokerError, WorkerKeepsEndingError) as error:
        tell_lines(f"streams: {error}")
        sys.exit(1)
    except (OSError, ValueError) as error:
        tell(f"streams: {error}")
        sys.exit(1)
    except UnsupportedCodecError as error:
        print(
            f"streams: {error}: records are compressed with it; install streams anew, with all it asks for",
            file=sys.stderr,
        )
        sys.exit(1)
    except KafkaError as error:
        tell(f"streams: the broker says: {type(error).__name__}: {error}")
        sys.exit(1)
    except Exception:  # a traceback may quote what came over the wire
        tell_lines(traceback.format_exc())
        sys.exit(1)


def _wrong(where: tuple[int | str, ...], message: str) -> str:
    """What is wrong with a setting; what is wrong with several names them itself."""
    message = message.removeprefix("Value error, ")
    return f"STREAMS_{str(where[0]).upper()}: {message}" if where else message
