"""Whole categories of the till leave the list after their effect was said, and come back."""

import html
import re

import pytest

from sommit.extensions import db
from sommit.models import IgnoredCategory, TillReference
from sommit.services import suggestions
from tests import factories
from tests.screens.answers import LIST, words

CATEGORIES = f"{LIST}/categories"
IGNORE = f"{CATEGORIES}/ignorer"


def said(answer) -> str:
    return words(answer.text).replace("\u202f", " ").replace("\u00a0", " ")


def ignored() -> set[str]:
    db.session.rollback()
    db.session.expire_all()
    return {one.label for one in db.session.query(TillReference) if one.ignored_at}


@pytest.fixture
def dishes(venue):
    night = factories.closing(venue)
    made = [factories.reference(venue, label, category="Plats") for label in ("TARTARE", "PLANCHE", "SOUPE")]
    factories.sale(night, made[0], cents=1_234_560)
    factories.sale(night, factories.reference(venue, "VRE CHABLIS", category="Vins au verre"), cents=900)
    return made


@pytest.fixture
def rule(screen, dishes):
    screen.post(IGNORE, htmx=False, categorie="Plats", references=3)
    found = db.session.query(IgnoredCategory).one()
    db.session.rollback()
    return found


def back(rule) -> str:
    return f"{CATEGORIES}/{rule.id}/reactiver"


def test_the_effect_is_said_before_the_tap(screen, dishes):
    page = said(screen.get(CATEGORIES))

    effect = "3 références, dont 1 vendue, 12 345,60 € de CA de la caisse, qui ne change pas"
    assert f"Plats {effect} Ignorer la catégorie Plats" in page


def test_one_tap_ignores_it_and_the_page_says_so(screen, dishes):
    answer = screen.post(IGNORE, htmx=False, categorie="Plats", references=3)

    assert (answer.status_code, answer.location) == (303, CATEGORIES)
    assert ignored() == {"TARTARE", "PLANCHE", "SOUPE"}
    page = said(screen.get(CATEGORIES))
    assert "Catégorie « Plats » ignorée. Le CA de la caisse ne change pas." in page
    assert "Ses nouvelles touches arrivent ignorées. Réactiver la catégorie Plats" in page


def test_the_message_undoes_it(screen, rule):
    [undo] = re.findall(r'action="([^"]*/annuler/[^"]*)"', screen.get(CATEGORIES).text)

    answer = screen.post(html.unescape(undo), htmx=False)

    assert (answer.status_code, answer.location) == (303, LIST)
    assert ignored() == set()


def test_the_ignored_filter_shows_the_rule_and_what_it_ignores(screen, rule):
    page = said(screen.get(LIST, montrer="ignorees"))

    assert "Catégorie Plats 3 références, dont 1 vendue" in page
    assert "Réactiver la catégorie" in page
    assert page.count("ignorée avec sa catégorie") == 3
    assert "Réactiver la catégorie" not in said(screen.get(LIST))


def test_brought_back_it_waits_again(screen, rule):
    answer = screen.post(back(rule), htmx=False)

    assert answer.status_code == 303
    assert ignored() == set()
    assert "Catégorie réactivée" in said(screen.get(CATEGORIES))


def test_twice_is_once(screen, rule):
    assert screen.post(IGNORE, htmx=False, categorie="Plats", references=3).status_code == 303
    assert db.session.query(IgnoredCategory).count() == 1
    assert screen.post(back(rule), htmx=False).status_code == 303
    assert screen.post(back(rule), htmx=False).status_code == 303


def test_a_category_that_grew_meanwhile_is_shown_again_before_it_goes(screen, venue, dishes):
    factories.reference(venue, "BAVETTE", category="Plats")

    answer = screen.post(IGNORE, htmx=False, categorie="Plats", references=3)

    assert answer.status_code == 409
    assert "La catégorie « Plats » a changé entre-temps." in said(answer)
    assert "4 références, dont 1 vendue" in said(answer)
    assert ignored() == set()


@pytest.mark.parametrize("category", ["", "Desserts", "x" * 2000, "\x00"])
def test_a_category_that_is_none_is_refused(screen, dishes, category):
    answer = screen.post(IGNORE, htmx=False, categorie=category, references=3)

    assert answer.status_code == 409
    assert "Rien de cette catégorie n’attend de réponse." in said(answer)


@pytest.mark.parametrize("shown", ["", "abc", "-3"])
def test_a_form_without_what_was_shown_is_none_of_ours(screen, dishes, shown):
    assert screen.post(IGNORE, htmx=False, categorie="Plats", references=shown).status_code == 400


def test_another_venues_rule_is_not_there(stranger, rule):
    assert stranger.post(back(rule), htmx=False).status_code == 404
    assert len(ignored()) == 3
    assert "Plats" not in stranger.get(CATEGORIES).text


def test_logged_out_nothing_is_done(client, dishes):
    assert client.post(IGNORE, data={"categorie": "Plats", "references": 3}).status_code == 302
    assert ignored() == set()


def test_where_no_category_waits_the_page_says_so(screen, venue):
    assert "Aucune catégorie n’attend." in said(screen.get(CATEGORIES))


def test_the_list_leads_there_where_many_rows_are_no_drinks(screen, venue, dishes):
    suggestions.refresh(venue.id)
    db.session.commit()

    assert "3 références ne semblent pas être des boissons. Ignorer par catégorie" in said(screen.get(LIST))


@pytest.mark.parametrize("args", [{}, {"montrer": "vendues"}])
def test_the_list_leads_there_before_its_first_row_however_few_are_no_drinks(screen, dishes, args):
    head = screen.get(LIST, **args).text.partition('<ol class="rows')[0]

    assert "ne semblent pas être des boissons" not in head
    assert re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?Ignorer par catégorie</a>', head) == [CATEGORIES]


def test_where_nothing_waits_nothing_leads_there_from_the_head(screen, venue):
    assert "Ignorer par catégorie" not in screen.get(LIST).text
