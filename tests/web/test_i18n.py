"""French is the source language of the screen; its plural begins at two."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from sommit import formats
from sommit.i18n import gettext, ngettext, stored
from sommit.jalia.errors import NotAllowed, NotJalia, TokenRefused


def test_nothing_and_one_are_singular_in_french(app: Flask) -> None:
    with app.test_request_context():
        said = [ngettext("%(num)s boisson", "%(num)s boissons", number) for number in (0, 1, 2)]
        assert said == ["0 boisson", "1 boisson", "2 boissons"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("La carte : tout y est.", "La carte\u00a0: tout y est."),
        ("Un souci ? Non ; rien !", "Un souci\u202f? Non\u202f; rien\u202f!"),
        ("« Chablis » est là", "«\u202fChablis\u202f» est là"),
        ("«\u00a0%(field)s\u00a0» manque", "«\u202f%(field)s\u202f» manque"),
        ("de 5:00 à https://x", "de 5:00 à https://x"),
    ],
)
def test_the_spaces_of_a_sentence_are_set_hard(app: Flask, written: str, shown: str) -> None:
    with app.test_request_context():
        assert gettext(written) == shown


def test_a_sentence_is_shown_as_it_is_written_whatever_the_browser_speaks(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert gettext("Bonsoir.") == "Bonsoir."


def test_a_command_without_a_request_speaks_french_too(app: Flask) -> None:
    assert ngettext("%(num)s nuit", "%(num)s nuits", 0) == "0 nuit"


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    """A request from a device on which English was chosen."""
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def test_one_alone_is_singular_in_english(english: None) -> None:
    said = [ngettext("%(num)s nuit", "%(num)s nuits", number) for number in (0, 1, 2)]
    assert said == ["0 nights", "1 night", "2 nights"]


def test_a_sentence_without_a_translation_stays_french_rather_than_empty(english: None) -> None:
    assert gettext("Personne n’a traduit ceci.") == "Personne n’a traduit ceci."


def test_days_and_hours_are_said_in_the_language_of_the_screen_and_figures_are_the_tills(english: None) -> None:
    assert formats.day(date(2026, 6, 1)) == "Monday 1 June"
    assert formats.clock(datetime(2026, 6, 14, 3, 5, tzinfo=UTC), "Europe/Paris") == "05:05"
    assert formats.money(123_450) == "1\u202f234,50\u00a0€"
    assert formats.stock(1_500 * 30_000, 30_000, "beer").unit == "kegs"
    assert formats.stock(None, 750, "wine").words == "never counted"


def test_what_the_database_keeps_in_french_is_said_in_english_sentence_by_sentence(english: None) -> None:
    kept = f"{NotJalia(field='id')} {TokenRefused()} Et ce que personne ne connaît."
    assert stored(kept) == (
        "Jalia’s answer cannot be read: the field “id” is missing or not of the expected form. Tell support. "
        "Jalia refuses this token. Check that it was copied whole, or ask Jalia for another one. "
        "Et ce que personne ne connaît."
    )
    assert stored(str(NotAllowed(resource="clôtures"))).endswith("closings. Ask Jalia for this permission.")


def test_what_the_database_keeps_is_set_as_french_sets_it(app: Flask) -> None:
    with app.test_request_context():
        assert (
            stored("La lecture s’est interrompue ; elle reprend.")
            == "La lecture s’est interrompue\u202f; elle reprend."
        )
