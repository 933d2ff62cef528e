"""Takes an alert's expression apart."""

import re


def left_hand_sides(expression: str) -> list[str]:
    """What an alert compares with its thresholds: `a > 1 and b > 2` gives a and b; `absent(a)` gives a."""
    return [_compared(part) for part in _split(expression, ("and", "or", "unless"))]


def _compared(part: str) -> str:
    left = _split(re.sub(r"^on \([^)]*\)", "", part.strip()), (">", "<", "==", ">=", "<="))[0].strip()
    absent = re.fullmatch(r"absent\((.*)\)", left)
    return absent[1] if absent else left


def _split(expression: str, operators: tuple[str, ...]) -> list[str]:
    """Splits at operators that stand in no bracket; operators are words of their own."""
    parts, depth = [""], 0
    for word in re.split(r"(\s+)", expression):
        if depth == 0 and word in operators:
            parts.append("")
            continue
        depth += sum(word.count(c) for c in "([{") - sum(word.count(c) for c in ")]}")
        parts[-1] += word
    return parts
