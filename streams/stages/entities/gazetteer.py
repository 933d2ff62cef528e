"""The user's own list of names, with type and link."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from streams.contract.records import EntityType
from streams.stages.entities.names import key

_COLUMNS = {"name", "type", "link"}
_LONGEST_NAME = 500  # characters
_WRONG_CSV = {"unexpected end of data": "a quote is left open"}


@dataclass(frozen=True)
class Entry:
    """What the user says of a name; None leaves it to the recogniser."""

    type: EntityType | None
    link: str | None


@dataclass(frozen=True)
class Gazetteer:
    """Names that the recogniser finds get the type and the link given here.

    Names compare without regard to case and hyphens; names with the same link are one entity. `digest`
    (`sha256:…` of the file) belongs into the pipeline's digest, since the file changes the output.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    digest: str = ""

    @classmethod
    def load(cls, path: Path | str) -> "Gazetteer":
        """Read a CSV file in UTF-8 with the columns `name,type,link` (a header line names them).

        `type` is PER, ORG, LOC, MISC or empty; `link` a URI or code, or empty. Raises ValueError with the
        line's number where a name is missing, a type unknown, a quote left open or a field too long to be one;
        OSError where the file cannot be read.
        """
        content = Path(path).read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from error
        entries = dict(_entry(row, f"{path}, line {line}") for line, row in _rows(text, str(path)))
        return cls(entries, "sha256:" + hashlib.sha256(content).hexdigest())

    def find(self, name: str) -> Entry | None:
        """The entry of a name, or None."""
        return self.entries.get(key(name))

    def link(self, name: str) -> str | None:
        """The link of a name, or None."""
        entry = self.find(name)
        return entry.link if entry else None


def _rows(text: str, path: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The rows by the header's names, each with the line it begins on. Strict: an open quote is no long field."""
    rows, line = csv.DictReader(io.StringIO(text, newline=""), strict=True), 1
    try:
        if missing := _COLUMNS - set(rows.fieldnames or ()):
            raise ValueError(f"{path}: the header lacks {', '.join(sorted(missing))}; it is: name,type,link")
        while True:
            line = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            line = rows.line_num - sum(field.count("\n") for field in row.values() if isinstance(field, str))
            if None in row:
                raise ValueError(
                    f"{path}, line {line}: more fields than the header; a name with a comma goes in quotes"
                )
            yield line, row
    except csv.Error as error:
        raise ValueError(f"{path}, line {line}: {_WRONG_CSV.get(str(error), error)}") from None


def _entry(row: Mapping[str, str | None], where: str) -> tuple[str, Entry]:
    name, kind, link = ((row[column] or "").strip() for column in ("name", "type", "link"))
    if any("\n" in field or "\r" in field for field in (name, kind, link)):
        raise ValueError(f"{where}: a line break within a field: is a quote left open?")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"{where}: a name of {len(name):,} characters: no article holds that")
    if not key(name):
        raise ValueError(f"{where}: no name")
    if kind and kind not in EntityType.__members__:
        raise ValueError(f"{where}: type {kind!r} is none of {', '.join(EntityType)}")
    return key(name), Entry(EntityType(kind) if kind else None, link or None)
