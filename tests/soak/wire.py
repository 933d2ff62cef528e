"""The sample wire without end, each article with words that never were."""

import json
from collections.abc import Iterator
from itertools import count, cycle

from tests.bench.texts import Raw, bare_articles

_TEXTS = 60  # different articles
_NEW_WORDS = 20  # in each


def endless() -> Iterator[Raw]:
    """Articles under ids of their own: the sample's, each with a last sentence of new words."""
    words = new_words()
    for number, article in enumerate(cycle(bare_articles(_TEXTS))):
        sentence = " ".join(next(words) for _ in range(_NEW_WORDS))
        uri = f"urn:soak:{number}"
        item = {"uri": uri, "language": "nl", "body_text": f"{article.text}\n\nVandaag ook {sentence}."}
        yield uri.encode(), json.dumps(item).encode(), []


def new_words() -> Iterator[str]:
    """Never the same one twice; every third as a name has it, with a capital."""
    for number in count():
        word = "".join("bdfgklmnrs"[int(digit)] + "aeiou"[int(digit) % 5] for digit in str(number))
        yield word.capitalize() if number % 3 == 0 else word
