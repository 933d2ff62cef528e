"""The SentencePiece vocabulary of multilingual-e5-small, and the cut of it that Dutch news needs.

A piece that the best segmentation of a word uses stays in the cut, so that every word of the training texts
is segmented as the full vocabulary of 250,000 segments it; other words fall back on shorter pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from babel import Locale
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from streams.models.training.encoder import E5

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")  # ids 0 to 3, in every cut
SPACE = "\u2581"  # SentencePiece's mark of a space before a piece


def build_tokenizer(e5: E5, ids: list[int]) -> Tokenizer:
    """The Unigram tokenizer of the pieces `ids`. A word that follows a space is passed with that space."""
    pieces = [(e5.pieces[i], float(e5.scores[i])) for i in ids]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    return tokenizer


def _is_short_latin(piece: str) -> bool:
    """One mark of any kind, or two Latin letters or digits, with or without a space before."""
    bare = piece.removeprefix(SPACE)
    if len(bare) == 1 and (ord(bare) < 0x250 or unicodedata.category(bare)[0] in "PSN"):
        return ord(bare) < 0x2800
    return len(bare) <= 2 and all(c.isascii() and c.isalnum() for c in bare)


def cldr_names(language: str = "nl") -> list[str]:
    """The Dutch names of countries, languages and currencies, and the world's time-zone cities."""
    locale = Locale(language)
    zones = [str(zone).rsplit("/", 1)[-1].replace("_", " ") for zone in locale.time_zones]
    return [*locale.territories.values(), *locale.languages.values(), *locale.currencies.values(), *zones]


def cut_vocabulary(e5: E5, texts: Iterable[str], names_from: Iterable[str] = ()) -> list[int]:
    """Ids of the pieces to keep, in order of the original, special ones first.

    `texts` keep every piece they use; `names_from` only the pieces that start with a capital: names that
    are in the news, out of text in another language.
    """
    full = build_tokenizer(e5, list(range(len(e5.pieces))))
    keep = {i for i, piece in enumerate(e5.pieces) if i < len(SPECIAL) or _is_short_latin(piece)}
    for encoding in full.encode_batch([f" {text}" for text in [*texts, *cldr_names()]]):
        keep.update(encoding.ids)
    for encoding in full.encode_batch([f" {text}" for text in names_from]):
        keep.update(i for i in encoding.ids if e5.pieces[i].removeprefix(SPACE)[:1].isupper())
    return sorted(keep)
