"""The words of the screen: French is the source language, so it needs no catalogue. English is a translation.

`python -m scripts.translations` brings the English sentences up to date and says which are missing. They are read from
the file that people edit, once per process: there is nothing to compile and nothing that could be out of date.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask_babel
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Domain, get_locale

from sommit.extensions import babel

#: The languages of the screen, each called by its own name.
LANGUAGES = {"fr": "Français", "en": "English"}
COOKIE = "language"
ENGLISH = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"

#: The spaces that French sets hard: a full one before a colon, a thin one before ; ? ! and inside « ».
FULL_BEFORE = re.compile(r" (?=:(?:\s|$))")
THIN_BEFORE = re.compile(r"[ \u00a0](?=[;?!»])|(?<=«)[ \u00a0]")
VALUE = re.compile(r"%\\\((\w+)\\\)s")


class French(NullTranslations):
    """The sentences as they are written, with French spaces, and the French plural: 0 and 1 are singular."""

    def gettext(self, message: str) -> str:
        """Return the sentence itself."""
        return typeset(message)

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Choose between singular and plural."""
        return typeset(msgid1 if abs(n) < 2 else msgid2)

    ugettext = gettext
    ungettext = ngettext


class English(NullTranslations):
    """The sentences of a catalogue, and the English plural: 1 alone is singular."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        with path.open("rb") as file:
            told = [(_forms(message.id), _forms(message.string)) for message in read_po(file) if message.id]
        self._forms = {french[0]: (said[0], said[-1]) for french, said in told if all(said)}
        sentences = sorted((french for french in self._forms if french.endswith((".", ".)"))), key=len, reverse=True)
        self._stored = [(_pattern(french), self._forms[french][0]) for french in sentences]

    def gettext(self, message: str) -> str:
        """Return a sentence in English; what the catalogue lacks stays as it is."""
        return self._forms.get(message, (message, ""))[0]

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Choose between singular and plural."""
        return self._forms.get(msgid1, (msgid1, msgid2))[0 if abs(n) == 1 else 1]

    ugettext = gettext
    ungettext = ngettext

    def stored(self, text: str) -> str:
        """Translate sentences that were kept in French, one after the other, their values filled in."""
        for pattern, said in self._stored:
            found = pattern.match(text)
            if found:
                values = {name: self.gettext(value) for name, value in found.groupdict().items()}
                return " ".join(
                    part for part in (said % values if values else said, self.stored(text[found.end() :])) if part
                )
        return text


def _forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A sentence, or its singular and its plural; a sentence that nobody has translated yet is empty."""
    return [said] if isinstance(said, str) else list(said or [""])


def _pattern(french: str) -> re.Pattern[str]:
    return re.compile(VALUE.sub(r"(?P<\1>.+?)", re.escape(french)) + r"(?: |$)")


@lru_cache(maxsize=4096)
def typeset(sentence: str) -> str:
    """Set the spaces of a French sentence hard, so that the code may hold plain ones."""
    return THIN_BEFORE.sub("\u202f", FULL_BEFORE.sub("\u00a0", sentence))


class Source(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """French is written in the code and the templates, English in its catalogue."""

    def get_translations(self) -> NullTranslations:
        """Return the sentences of the request's language."""
        return FRENCH if language() == "fr" else english()


FRENCH = French()


@lru_cache(maxsize=1)
def english() -> English:
    """Return the English sentences, read at their first use: about a tenth of a second."""
    return English(ENGLISH)


def init_app(app: Flask) -> None:
    """Plug flask-babel in, with our sentences in the place of its default catalogue."""
    babel.init_app(app, locale_selector=_chosen)
    babel.domain_instance = Source()
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.filters["stored"] = stored
    app.jinja_env.filters["typeset"] = typeset
    app.jinja_env.globals.update(get_locale=get_locale, languages=LANGUAGES)


def _chosen() -> str:
    """The language chosen on this device. What the browser speaks does not count: the house works in French."""
    asked = request.cookies.get(COOKIE) if has_request_context() else None
    return asked if asked in LANGUAGES else "fr"


def language() -> str:
    """Return the language of the screen: "fr", also where there is no screen."""
    locale = get_locale()
    return locale.language if locale else "fr"


def gettext(text: str, **values: object) -> str:
    """Return a sentence in the language of the screen, its %(name)s filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, number: float, **values: object) -> str:
    """Return the form that fits a number, which is there as %(num)s too."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def sentence(error: Any) -> str:
    """Return the sentence of a refusal or of a till's error in the language of the screen, its values filled in."""
    return gettext(error.sentence, **error.values)


def stored(text: str) -> str:
    """Return sentences that the database keeps in French, their values filled in, in the language of the screen."""
    return typeset(text) if language() == "fr" else _stored(text)


@lru_cache(maxsize=1024)
def _stored(text: str) -> str:
    return english().stored(text)
