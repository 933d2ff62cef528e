"""`make soak`: an hour, or `--minutes` of it, on Apache Kafka; draws docs/soak.png, and ends with 1 where a worker
does not hold still."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.machine import cores, pin
from tests.broker.kafka.nodes import KafkaUnavailableError, kafka
from tests.soak.plot import draw
from tests.soak.soak import soak


def main() -> None:
    """Runs, draws, judges."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="of the whole run")
    parser.add_argument("--out", type=Path, default=Path("docs/soak.png"), help="where the graph goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with kafka(folder / "kafka") as cluster:
                for node in cluster.nodes:
                    assert node.process
                    pin(node.process.pid, cores()[0])
                soaked = soak(cluster.address(), folder, options.minutes, _say)
        except KafkaUnavailableError as error:
            raise SystemExit(f"no Apache Kafka: {error}") from None
    options.out.parent.mkdir(parents=True, exist_ok=True)
    draw(soaked, options.out)
    print(f"{soaked.sent} articles at {soaked.rate:.2f}/s, {len(soaked.done)} came out: {soaked.verdict}")
    for problem in soaked.verdict.problems:
        print(f"  {problem}")
    sys.exit(bool(soaked.verdict.problems))


def _say(what: str) -> None:
    print(time.strftime("%H:%M:%S"), what, flush=True)


if __name__ == "__main__":
    main()
