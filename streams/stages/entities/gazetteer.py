"""The user's own list of names, with type and link."""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from streams.contract.records import EntityType
from streams.stages.entities.names import key


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
        line's number where a name is missing or a type unknown, OSError where the file cannot be read.
        """
        content = Path(path).read_bytes()
        try:
            rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: not UTF-8: {error}") from error
        missing = {"name", "type", "link"} - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: the header lacks {', '.join(sorted(missing))}")
        entries = dict(_entry(row, f"{path}, line {rows.line_num}") for row in rows)
        return cls(entries, "sha256:" + hashlib.sha256(content).hexdigest())

    def find(self, name: str) -> Entry | None:
        """The entry of a name, or None."""
        return self.entries.get(key(name))

    def link(self, name: str) -> str | None:
        """The link of a name, or None."""
        entry = self.find(name)
        return entry.link if entry else None


def _entry(row: Mapping[str, str | None], where: str) -> tuple[str, Entry]:
    name, kind, link = ((row[column] or "").strip() for column in ("name", "type", "link"))
    if not key(name):
        raise ValueError(f"{where}: no name")
    if kind and kind not in EntityType.__members__:
        raise ValueError(f"{where}: type {kind!r} is none of {', '.join(EntityType)}")
    return key(name), Entry(EntityType(kind) if kind else None, link or None)
