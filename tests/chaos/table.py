"""The table of a run, in Markdown."""

from collections.abc import Sequence

from tests.chaos.faults import Fault
from tests.chaos.runner import Row

_HEAD = ("fault", "sent", "came out", "lost", "repeated", "dead letters", "differing", "out of order", "s to recover")


def table(rows: Sequence[Row]) -> str:
    """One line a fault. Dead letters as found of poisoned; out of order with those that stayed so."""
    lines = [_HEAD, ("---", *["---:"] * (len(_HEAD) - 1))]
    for row in rows:
        v = row.verdict
        poisoned = v.dead_letters - len(v.unexpected_dead) + len(v.missing_dead)
        lines.append(
            (
                row.fault.name,
                f"{v.sent:,}",
                f"{v.came_out:,}",
                str(len(v.lost) + len(v.vanished)),
                f"{v.repeated:,}",
                f"{v.dead_letters} of {poisoned}",
                str(len(v.differing) + len(v.several_ids) + len(v.invented) + len(row.wrong_states)),
                f"{v.out_of_order:,}, {len(v.stale)} last",
                f"{row.seconds:.1f}" if row.seconds is not None else "never",
            )
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def left_out(faults: Sequence[Fault]) -> str:
    """A line for each fault that this machine cannot have, with the reason."""
    return "\n".join(f"left out: {fault.name} {fault.needs}" for fault in faults if fault.needs)
