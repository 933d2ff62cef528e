"""The long form: every kind, in every place of an item, to a megabyte; then what hypothesis makes up.

python -m tests.growth [--largest BYTES] [--only PATTERN] [--networks] [--examples NUMBER]
"""

import argparse
import re
import sys
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import Stage
from tests.growth.kinds import html_of, kinds, more_kinds, prose, text
from tests.growth.measure import cost, too_steep, without_networks

ALPHABET = "aA1é. ,;:!?'\"“”„‘’«»()[]{}<>/\\-–_*&#@%€\n\t\u0301\u200d😀中"
LARGEST = 950_000  # with what stands around the text, still an item that is taken


def main() -> int:
    """0 if no kind grows faster than allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=LARGEST, help="bytes of the largest item")
    parser.add_argument("--only", default="", help="kinds whose name this pattern is found in")
    parser.add_argument("--networks", action="store_true", help="with the models: hours")
    parser.add_argument("--examples", type=int, default=200, help="what hypothesis makes up")
    args = parser.parse_args()
    stages = build_stages(Settings()) if args.networks else without_networks()
    cost(stages, prose(10_000))
    sizes = [args.largest >> halved for halved in (5, 4, 3, 2, 1, 0)]
    wrong = 0
    for name, made in (kinds() | more_kinds()).items():
        if re.search(args.only, name):
            problem = too_steep(stages, made, sizes)
            wrong += problem is not None
            print(f"{'WRONG' if problem else 'right'}  {name}  {problem or ''}", flush=True)
    made_up(stages, args.examples, sizes[:3])
    return int(wrong > 0)


def made_up(stages: list[Stage], examples: int, sizes: Sequence[int]) -> None:
    """Repeats of a few characters, one repeat after another. Raises AssertionError at the first that is too steep."""

    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(st.text(ALPHABET, min_size=1, max_size=8), min_size=1, max_size=3), st.booleans())
    def grow(units: list[str], html: bool) -> None:
        def body(size: int) -> str:
            return "".join(unit * (size // len(units) // len(unit.encode())) for unit in units)

        made = html_of if html else text
        assert too_steep(stages, lambda size: made(body(size)), sizes) is None, units

    grow()


if __name__ == "__main__":
    sys.exit(main())
