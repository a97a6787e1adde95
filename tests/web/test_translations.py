"""English is complete: no sentence without a translation, no French word left on a page."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from flask import Flask
from flask.testing import FlaskClient

import sommit
from scripts import translations
from sommit.i18n import English
from tests.web import routes
from tests.web.conftest import sign_in
from tests.web.test_templates import COMMENT, SPOKEN, TAG
from tests.web.world import World, world

ROOT = Path(sommit.__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
MARKUP = re.compile(r"<[^>]*>")
#: What French cannot do without, and English does not have.
FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|de|un|une|est|et|ou|pas|dans|avec|pour|aux?|sur|sous|ce|cette|ces|vos|vous|nos|il|elle|sont"
    r"|caisse|boissons?|nuits?|ventes?|verres?|bouteilles?|fiches?|livraisons?|pertes?|liaisons?|jour|semaine|aucune?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|mars|avril|juin|juillet|septembre)\b"
    r"|\b[dlnsq]’|[«»]|\b\w*[àâçèéêëîïôùûœ]\w*",
    re.IGNORECASE,
)
#: English takes them as they are, or they are a language's own name.
TAKEN_OVER = ("Rosés", "rosé", "Français", "cuvée")
#: The words of the data, which is the venue's own.
DATA = ("blanc", "Château", "Chablis", "Blonde des Chartrons", "Fèvre")
#: What code may write in French: names of wines, what the database calls a colour, a label that the till left out, and
#: the subjects of letters, which leave in French whatever the screen of who writes them speaks.
NAMES = ("Château Lynch-Bages", "William Fèvre", "rosé", "Sans libellé", "[clé]")
LETTERS = ("Somm’It : l’assistance a répondu à ", "Somm’It : ")
#: Rooms whose words reach the screen; a command speaks French, whoever starts it.
ROOMS = ("blueprints", "services", "jobs", "jalia", "errors.py", "formats.py", "refusals.py", "security.py")


@pytest.fixture(scope="module")
def english() -> dict[tuple[str, ...], Message]:
    return {_forms(message.id): message for message in translations.translated() if message.id}


@pytest.fixture(scope="module")
def source() -> set[tuple[str, ...]]:
    return {_forms(message.id) for message in translations.sentences() if message.id}


def test_every_sentence_is_translated(english: dict[tuple[str, ...], Message], source: set[tuple[str, ...]]) -> None:
    assert source - english.keys() == set(), "python -m scripts.translations, then write what is missing"
    assert translations.missing(translations.translated()) == []


def test_no_translation_is_kept_for_a_sentence_that_is_gone(
    english: dict[tuple[str, ...], Message], source: set[tuple[str, ...]]
) -> None:
    assert english.keys() - source == set(), "python -m scripts.translations"
    assert translations.translated().obsolete == {}


def test_no_translation_is_a_guess(english: dict[tuple[str, ...], Message]) -> None:
    assert [french for french, message in english.items() if message.fuzzy] == []


def test_a_translation_has_the_values_and_the_markup_of_its_sentence(
    english: dict[tuple[str, ...], Message],
) -> None:
    for french, message in english.items():
        said = _forms(message.string)
        assert len(said) == len(french), french
        for before, after in zip(french, said, strict=True):
            assert sorted(PLACEHOLDER.findall(before)) == sorted(PLACEHOLDER.findall(after)), (before, after)
            assert MARKUP.findall(before) == MARKUP.findall(after), (before, after)
            assert _ends(before) == _ends(after), (before, after)


def test_a_translation_has_the_signs_of_english(english: dict[tuple[str, ...], Message]) -> None:
    for message in english.values():
        for said in _forms(message.string):
            assert re.search(r"[«»\u202f\u00a0]|\s[:;?!]\S*\s|[A-Za-z]'[A-Za-z]|\.\.\.", said) is None, said


@pytest.fixture
def full(app: Flask) -> World:
    """A venue in full use whose own words belong to no language."""
    return world("Quux")


@pytest.fixture
def reader(app: Flask, full: World) -> FlaskClient:
    client = app.test_client()
    sign_in(client, full.user.email)
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch, english: dict[tuple[str, ...], Message]) -> set[str]:
    """What pages asked the catalogue for in vain: sentences that no mark announces, or values mistaken for one."""
    known, missed = {french[0] for french in english}, set()

    def ask(catalogue: English, message: str) -> str:
        if message not in known:
            missed.add(message)
        return catalogue.gettext(message)

    monkeypatch.setattr(English, "ugettext", ask)
    return missed


def test_no_page_asks_for_a_sentence_that_the_catalogue_lacks(
    app: Flask, reader: FlaskClient, full: World, unknown: set[str]
) -> None:
    pages = list(_pages(app, reader, full))
    assert len(pages) > 20
    assert unknown == set()


def test_no_page_shows_a_french_word(app: Flask, reader: FlaskClient, full: World) -> None:
    shown = {path: _french(text) for path, text in _pages(app, reader, full)}
    assert {path: words for path, words in shown.items() if words} == {}


def test_the_sign_in_and_its_refusal_show_no_french_word(client: FlaskClient) -> None:
    client.set_cookie("language", "en")
    page = client.get("/connexion")
    assert "Sign in" in page.text
    assert _french(page.text) == []


def test_the_test_sees_a_french_word() -> None:
    assert _french('<p title="Compté">Your cellar</p>') == ["Compté"]
    assert _french("<p>Night <b>du 3 June</b></p>") == ["du"]
    assert _french('<p class="de">Rosés, 1 234,50 €, “Français”</p><!-- la -->') == []


@pytest.mark.parametrize("room", ROOMS)
def test_code_says_nothing_in_french_that_gettext_does_not_see(room: str) -> None:
    place = ROOT / room
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        assert list(_unmarked(ast.parse(path.read_text()))) == [], path.name


def _ends(said: str) -> tuple[bool, bool]:
    """Whether it is a sentence, and whether it goes on after what stands before it."""
    is_sentence = said.endswith((".", "?", "!")) and said != "bout."
    return is_sentence, said.startswith(" ") and len(said) > 3


def _pages(app: Flask, reader: FlaskClient, full: World) -> Iterator[tuple[str, str]]:
    for address in routes.pages(app, full.venue, full.ids):
        for query in full.queries:
            answer = reader.get(address.path, query_string=query)
            if (
                answer.mimetype.startswith("text/")
                and not address.path.endswith("modele.csv")
                and answer.status_code != 302
            ):
                yield f"{address.path}?{query}", answer.text
    yield "404", reader.get("/nulle-part").text


def _french(page: str) -> list[str]:
    """The French words of a page's text and of what its attributes say aloud."""
    source = COMMENT.sub("", page)
    spoken = [value for tag in TAG.findall(source) for value in SPOKEN.findall(tag)]
    text = unescape(" ".join([*TAG.split(source), *spoken]))
    for word in (*TAKEN_OVER, *DATA):
        text = text.replace(word, "")
    return FRENCH.findall(text)


def _forms(said: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _unmarked(tree: ast.Module) -> Iterator[str]:
    """The French strings of a module that are neither documentation nor an argument of gettext."""
    marked = {id(argument) for call in ast.walk(tree) if _marks(call) for argument in ast.walk(call)}
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if (
            node.value not in NAMES + LETTERS
            and id(node) not in marked | documentation
            and re.search(r"[àâçèéêëîïôùûœ’«»]", node.value)
        ):
            yield node.value


def _marks(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "N_", "gettext", "ngettext")
    )
