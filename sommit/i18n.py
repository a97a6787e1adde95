"""The words of the screen: French is the source language, so it needs no catalogue. English is a translation.

Collect the sentences:   pybabel extract -F babel.cfg -k N_ -k _ -o messages.pot .
Bring a language up to date:   pybabel update -i messages.pot -d sommit/translations -l en
"""

import re
from functools import lru_cache
from typing import Any

import flask_babel
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain, get_locale

from sommit.extensions import babel

#: The spaces that French sets hard: a full one before a colon, a thin one before ; ? ! and inside « ».
FULL_BEFORE = re.compile(r" (?=:(?:\s|$))")
THIN_BEFORE = re.compile(r"[ \u00a0](?=[;?!»])|(?<=«)[ \u00a0]")


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


@lru_cache(maxsize=4096)
def typeset(sentence: str) -> str:
    """Set the spaces of a French sentence hard, so that the code may hold plain ones."""
    return THIN_BEFORE.sub("\u202f", FULL_BEFORE.sub("\u00a0", sentence))


class Source(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """The catalogues, save for French, which is written in the code and the templates."""

    def get_translations(self) -> Any:
        """Return the catalogue of the request's language."""
        return FRENCH if language() == "fr" else super().get_translations()


FRENCH = French()


def init_app(app: Flask) -> None:
    """Plug flask-babel in, with our sentences in the place of its default catalogue."""
    babel.init_app(app)
    babel.domain_instance = Source()
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.globals["get_locale"] = get_locale


def language() -> str:
    """Return the language of the screen: "fr", also where there is no screen."""
    locale = get_locale()
    return locale.language if locale else "fr"


def gettext(text: str, **values: object) -> str:
    """Return a sentence in the language of the screen, its %(name)s filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Return the form that fits a number, which is there as %(num)s too."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def sentence(error: Any) -> str:
    """Return the sentence of a refusal or of a till's error in the language of the screen, its values filled in."""
    return gettext(error.sentence, **error.values)
