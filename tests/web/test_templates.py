"""What no template may hold. Reads the files, so a page that no test opens is covered too."""

import ast
import re
from pathlib import Path

import pytest

import sommit

ROOT = Path(sommit.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)

EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?%\}.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
SPOKEN = re.compile(r"""\b(?:aria-label|title|placeholder|alt|label)\s*=\s*"([^"]*)\"""")
QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'""")
UNITS = {"cl", "l", "€"}  # the same in every language
LETTER = re.compile(r"[^\W\d_]")

FORBIDDEN = {
    r"\|\s*safe\b": "text goes out escaped",
    r"\bautoescape\s+false": "text goes out escaped",
    r"\bhx-on\b|\bhx-on:": "the page runs no code of its own",
    r"\bhx-vars\b|hx-vals\s*=\s*[\"']?\s*js:": "htmx evaluates nothing",
    r"\bhx-disable\b(?!d)": "nothing in a page needs htmx switched off",
    r"\bhx-boost\b": "pages are pages",
    r"\sstyle\s*=": "the one stylesheet styles",
    r"<style\b": "the one stylesheet styles",
    r"<script(?![^>]*\bsrc=)": "scripts are files",
    r"\son[a-z]+\s*=\s*[\"'{]": "no handler in the page",
    r"javascript:": "no code in an address",
    r"https?://": "everything comes from our own host",
}
#: What gettext does not mend by itself.
TYPOGRAPHY = {r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]": "’ instead of '", r"\.\.\.": "… instead of ..."}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_has_no_way_around_escaping_nor_around_the_policy(path: Path) -> None:
    source = COMMENT.sub("", path.read_text())
    for pattern, why in FORBIDDEN.items():
        found = re.search(pattern, source)
        assert found is None, f"{found.group()!r}: {why}"


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_attribute_is_quoted(path: Path) -> None:
    tags = TAG.findall(STATEMENT.sub("", COMMENT.sub("", path.read_text())))
    for tag in tags:
        assert re.search(r"=\s*[^\s\"'>]", QUOTED.sub('""', tag)) is None, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_word_on_the_screen_goes_through_gettext(path: Path) -> None:
    assert untranslated(path.read_text()) == []


def test_the_words_of_the_screen_have_french_apostrophes() -> None:
    given = [text for path in TEMPLATES for text in spoken(path.read_text())]
    for text in given + [text for path in CODE for text in marked(path.read_text())]:
        for pattern, why in TYPOGRAPHY.items():
            assert re.search(pattern, text) is None, f"{text!r}: {why}"


def test_the_checker_sees_bare_words() -> None:
    assert untranslated("<p>Bonjour</p>") == ["Bonjour"]
    assert untranslated('<a title="Bonjour" href="/x">{{ _("Ici") }}</a>') == ["Bonjour"]
    assert untranslated("{% trans %}Somm<i>’</i>It{% endtrans %}{{ name }} · 12") == []
    assert untranslated('<p{% if x > 1 %} class="a"{% endif %}>{{ n }}</p>') == []


def test_no_code_marks_text_as_safe_or_renders_a_template_from_a_string() -> None:
    for path in CODE:
        source = path.read_text()
        for name in ("Markup(", "render_template_string", "from_string("):
            assert name not in source, _name(path)


def untranslated(source: str) -> list[str]:
    """Words of a template's text nodes, and of its spoken attributes, that gettext does not see."""
    bare = EXPRESSION.sub("", STATEMENT.sub("", TRANSLATED.sub("", COMMENT.sub("", source))))
    attributes = [value for tag in TAG.findall(bare) for value in SPOKEN.findall(tag)]
    nodes = TAG.split(bare)
    texts = [text.replace("&nbsp;", " ").strip() for text in [*nodes, *attributes]]
    return [text for text in texts if LETTER.search(text) and text not in UNITS]


def spoken(source: str) -> list[str]:
    """The sentences of a template: what gettext is given, and what stands between trans and endtrans."""
    given = re.findall(r"""_\(\s*"([^"]+)"|ngettext\(\s*"([^"]+)",\s*"([^"]+)\"""", source)
    blocks = [re.sub(r"\{%.*?%\}|<[^>]*>", "", block) for block in TRANSLATED.findall(source)]
    return [text for found in given for text in found if text] + blocks


def marked(source: str) -> list[str]:
    """The sentences that code gives to gettext, or marks for it."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    calls = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("_", "N_", "ngettext")]
    given = [argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)]
    return [text for text in given if isinstance(text, str)]
