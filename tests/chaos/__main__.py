"""`make chaos`: the flow on Apache Kafka with three nodes, struck by one fault after the other; prints the table.

Two workers, six partitions, replication 3, two in-sync replicas at least, a session timeout of 6 s and a
rebalance timeout of 30 s. Each fault has topics of its own; what came of it is said by `tests.chaos.check`,
in a process of its own. Status 1 unless nothing is lost or invented, no two events differ under one `ce_id`, the
newest version of every item stands last, the dead letters are the poisoned items, tables are right, and output
flows again. Faults that this machine cannot have are left out, and named below the table.
"""

import argparse
import json
import secrets
import signal
import sys
import tempfile
from pathlib import Path

from tests.broker.kafka.nodes import KafkaUnavailableError, kafka
from tests.chaos.faults import FAULTS
from tests.chaos.runner import Row, run
from tests.chaos.table import left_out, table


def main() -> None:
    """Runs the chosen faults, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", help=", ".join(fault.name for fault in FAULTS))
    parser.add_argument("--nodes", type=int, default=3, help="brokers (default 3)")
    parser.add_argument("--size", type=float, default=1.0, help="share of the usual articles a second (default 1)")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="of the random times")
    parser.add_argument("--json", type=Path, help="also write the table as JSON")
    parser.add_argument("--keep", type=Path, help="keep logs and data in this folder")
    options = parser.parse_args()
    unknown = set(options.faults) - {fault.name for fault in FAULTS}
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    wanted = [fault for fault in FAULTS if not options.faults or fault.name in options.faults]
    possible = [fault for fault in wanted if not fault.needs]
    if not possible:
        raise SystemExit(left_out(wanted))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does, and leaves nothing behind
    print(f"seed {options.seed}, {options.nodes} nodes, size {options.size:g}", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        folder = options.keep or Path(temporary)
        rows: list[Row] = []
        try:
            with kafka(folder / "kafka", options.nodes) as cluster:
                for fault in possible:
                    rows.append(run(fault, cluster, folder / fault.name, options.seed, options.size))
                    print(rows[-1], flush=True)
        except KafkaUnavailableError as error:
            raise SystemExit(f"no Apache Kafka: {error}") from None
    print(table(rows))
    if len(possible) < len(wanted):
        print(left_out(wanted))
    if options.json:
        options.json.write_text(json.dumps([row.as_dict() for row in rows], indent=1))
    sys.exit(not all(row.passed for row in rows))


if __name__ == "__main__":
    main()
