"""French is the source language of the screen; its plural begins at two."""

import pytest
from flask import Flask

from sommit.i18n import gettext, ngettext


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
