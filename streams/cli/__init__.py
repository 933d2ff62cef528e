"""The command line: `streams COMMAND`, same as `python -m streams`. One module per command."""

import sys

import typer
from pydantic import ValidationError

from streams.cli import demo, enrich, ingest, schema, subscribe, topics, worker

app = typer.Typer(
    name="streams",
    help="Dutch news enrichment on Kafka: wire article in, enriched event out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("worker", epilog=worker.SETTINGS_HELP)(worker.worker)
app.command("enrich")(enrich.enrich)
app.add_typer(ingest.app, name="ingest")
app.command("subscribe")(subscribe.subscribe)
app.command("topics")(topics.topics)
app.command("schema")(schema.schema)


def main() -> None:
    """Runs the command line; an error of use or surroundings is one line and status 1."""
    from kafka.errors import KafkaError

    from streams.broker.clients import BrokerUnreachableError
    from streams.broker.embedded import EmbeddedBrokerError
    from streams.cli.supervise import WorkerKeepsEndingError

    try:
        app()
    except ValidationError as error:
        wrong = "; ".join(f"STREAMS_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        print(f"streams: {wrong}", file=sys.stderr)
        sys.exit(1)
    except (BrokerUnreachableError, EmbeddedBrokerError, WorkerKeepsEndingError, OSError, ValueError) as error:
        print(f"streams: {error}", file=sys.stderr)
        sys.exit(1)
    except KafkaError as error:
        print(f"streams: the broker says: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
