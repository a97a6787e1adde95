"""Bring the English sentences up to date: python -m scripts.translations

Sentences that are new in the code or in a template are added without a translation, those that are gone are dropped,
and what is still missing is listed: write its `msgstr`, run it again. Exit 1 while something is missing.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from sommit.i18n import ENGLISH

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None}


def sentences() -> Catalog:
    """Return every sentence that the code and the templates hold."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog()
    found = extract_from_dir(ROOT, method_map=methods, options_map=options, keywords=KEYWORDS)
    for _path, _line, message, _comments, _context in found:
        said = [part for part in message if part] if isinstance(message, tuple) else [message]
        catalogue.add(tuple(said) if len(said) > 1 else said[0])
    return catalogue


def translated() -> Catalog:
    """Return the English catalogue as it is."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def missing(catalogue: Catalog) -> list[Message]:
    """Return the sentences without a translation, or with half of one."""
    return [message for message in catalogue if message.id and not all(_forms(message.string))]


def _forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or [""])


def main() -> int:
    """Rewrite the catalogue, print what is missing, return the exit code."""
    catalogue, source = translated(), sentences()
    source.creation_date = catalogue.creation_date  # a file that says the same is the same
    catalogue.update(source, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True)
    for message in missing(catalogue):
        sys.stdout.write(" | ".join(_forms(message.id)) + "\n")
    return 1 if missing(catalogue) else 0


if __name__ == "__main__":
    sys.exit(main())
