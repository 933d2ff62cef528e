"""Alerts taken apart, so that their left-hand sides can be asked for."""

import pytest

from tests.deploy.expressions import left_hand_sides


@pytest.mark.parametrize(
    ("expression", "sides"),
    [
        ("a > 1", ["a"]),
        ("sum by (x) (rate(a[5m])) > 0.05 * b and c > 20", ["sum by (x) (rate(a[5m]))", "c"]),
        ("a > 0 unless on (stage) b > 0", ["a", "b"]),
        ('up{job="x"} == 0 or absent(up{job="x"})', ['up{job="x"}', 'up{job="x"}']),
        ("max(a > 1 or b) > 2", ["max(a > 1 or b)"]),
    ],
)
def test_what_is_compared(expression: str, sides: list[str]) -> None:
    assert left_hand_sides(expression) == sides
