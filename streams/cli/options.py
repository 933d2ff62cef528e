"""Options that several commands have."""

import re
from typing import Annotated

import typer

_CODE = re.compile(r"[a-z]{2,3}([-_][a-z]{4})?([-_]([a-z]{2}|\d{3}))?", re.IGNORECASE)


def _code(value: str | None) -> str | None:
    if value is not None and not _CODE.fullmatch(value):
        raise typer.BadParameter(f"{value} is no language code such as nl, FR or nl-BE")
    return value


LanguageFilter = Annotated[
    str | None, typer.Option(callback=_code, help="Only articles in this language, such as nl, or nl-BE.")
]
DeclaredLanguage = Annotated[
    str | None, typer.Option(callback=_code, help="Language (BCP 47) that the feed declares: a strong prior.")
]
