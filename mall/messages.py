"""The strings that pages show, collected from code and templates, and the catalogues made of them.

The source language is Chinese. Needs no gettext tools: Django rewrites templates into something Python-like, Babel does
the rest.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APPS = (
    *(
        "agents",
        "integration",
        "ledger",
        "linkage",
        "mall",
        "members",
        "orders",
        "payouts",
        "risk",
        "onboarding",
        "insights",
        "remittance",
        "reconciliation",
        "sandbox",
        "service",
        "storefront",
    ),
    "suppliers",
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
LANGUAGE = "en"
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
# Header lines that say nothing, or something else on every run.
UNSAID = ('"POT-Creation', '"PO-Revision', '"Report-Msgid', '"Last-Translator', '"Language-Team', '"Project-Id')

Found = tuple[str, str | tuple[str, str]]


def catalogue_path(language: str = LANGUAGE) -> Path:
    """Where the catalogue of a language lies; the compiled one lies beside it."""
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"


def collected() -> Catalog:
    """Every marked string of code and templates, without translations."""
    catalogue = Catalog(project="mall", charset="utf-8")
    for file, message in sorted(_messages(), key=lambda found: found[0]):
        catalogue.add(message, locations=[(file, 0)], flags=["python-format"] if _has_places(message) else [])
    return catalogue


def kept(language: str = LANGUAGE) -> Catalog:
    """The catalogue of a language as it lies in the repository; an empty one before there was any."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="mall", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str = LANGUAGE) -> Catalog:
    """The kept catalogue with what is collected now: new strings without translation, dropped ones gone."""
    catalogue = kept(language)
    catalogue.update(collected(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy, catalogue.header_comment = (
        False,
        "# The pages in English. `manage.py collect_messages` keeps this file.",
    )
    return catalogue


def text_of(catalogue: Catalog) -> bytes:
    """A catalogue as the text of its file."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=False, sort_by_file=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSAID)).encode()


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as programs read it; the same for the same strings, whenever it is made."""
    catalogue.creation_date = catalogue.revision_date = UNDATED
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The strings that a catalogue leaves in Chinese."""
    return [str(message.id) for message in catalogue if message.id and not _is_translated(message.string)]


def _messages() -> Iterator[Found]:
    base = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((base / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _of(path.relative_to(base), path.read_text())
    for folder in ("templates", *(f"{app}/templates" for app in APPS)):
        for path in sorted((base / folder).rglob("*.html")):
            # The rewriting keeps a template's indents, which mean nothing and would mislead a reader of Python.
            code = templatize(path.read_text(), origin=str(path))
            yield from _of(path.relative_to(base), "\n".join(line.strip() for line in code.splitlines()))


def _of(path: Path, code: str) -> Iterator[Found]:
    found: Iterator[Any] = iter(extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}))
    for _line, function, message, _comments in found:
        texts = [text for text in (message if isinstance(message, tuple) else (message,)) if text]
        if texts:
            yield str(path), (texts[0], texts[1]) if KEYWORDS[function] and len(texts) > 1 else texts[0]


def _has_places(message: str | tuple[str, str]) -> bool:
    return "%(" in (message if isinstance(message, str) else message[0])


def _is_translated(text: object) -> bool:
    return all(text) if isinstance(text, list | tuple) else bool(text)
