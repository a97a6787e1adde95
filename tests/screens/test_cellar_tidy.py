"""Entries that leave the list, come back, or become one with another."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Drink, Link, Suggestion
from sommit.services import stock
from tests import factories
from tests.screens.answers import words
from tests.screens.proposals import suggest


def cellar(screen):
    return screen.get("/boissons").text.partition('<div id="cellar">')[2].partition("</table>")[0]


def act(screen, drink, name, **fields):
    return screen.post(f"/boissons/{drink.id}/{name}", htmx=False, **fields)


def fingerprint(page):
    return re.search(r'name="apercu" value="(\w+)"', page)[1]


def fresh(drink):
    db.session.rollback()
    return db.session.get(Drink, drink.id, populate_existing=True)


LATER = datetime(2026, 1, 2, tzinfo=UTC)  # than the count of the Chablis


@pytest.fixture
def morgon(venue):
    return factories.drink(venue, "Morgon", colour="rouge")


@pytest.fixture
def twin(venue):
    return factories.drink(venue, "Chablis Montmains Fevre", vintage=2023, colour="blanc")


def test_an_archived_drink_leaves_the_list_and_comes_back(screen, morgon, chablis):
    answer = act(screen, chablis, "archiver")
    assert (answer.status_code, answer.location) == (303, "/boissons")
    assert "Montmains" not in cellar(screen)
    assert "Chablis Montmains 2023" in screen.get("/boissons/archives").text
    assert stock.on_hand(fresh(chablis)) == 22 * 750 * stock.UL, "what it went through stays"

    answer = act(screen, chablis, "ressortir")
    assert answer.location == f"/boissons/{chablis.id}"
    assert "Montmains" in cellar(screen)
    assert "Aucune boisson archivée." in screen.get("/boissons/archives").text


def test_the_page_of_a_drink_leads_to_both(screen, chablis):
    link = f'href="/boissons/{chablis.id}/archiver">'
    assert f"{link}Archiver ou fusionner" in screen.get(f"/boissons/{chablis.id}").text

    act(screen, chablis, "archiver")
    assert f"{link}Archivée\u00a0: la ressortir" in screen.get(f"/boissons/{chablis.id}").text


def test_an_archived_drink_is_proposed_no_more(screen, chablis, glass):
    suggest(glass, chablis)
    act(screen, chablis, "archiver")

    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Suggestion.drink_id == chablis.id)) == 0


def test_archiving_twice_is_once(screen, chablis):
    act(screen, chablis, "archiver")
    first = fresh(chablis).archived_at

    assert act(screen, chablis, "archiver").status_code == 303
    assert fresh(chablis).archived_at == first


def test_a_drink_that_the_till_sells_says_so_and_stays(screen, chablis, glass):
    factories.link(glass, chablis)
    page = screen.get(f"/boissons/{chablis.id}/archiver").text
    answer = act(screen, chablis, "archiver")

    assert "VRE CHABLIS FEVRE 22" in page
    assert "Cassez d’abord chaque liaison" in page
    assert f'href="/boissons/{chablis.id}">Ouvrir sa fiche' in page
    assert answer.status_code == 409
    assert "La caisse vend encore cette boisson." in answer.text
    assert fresh(chablis).archived_at is None


def test_only_a_drink_that_was_never_used_can_be_deleted(screen, chablis, morgon, glass):
    suggest(glass, morgon)
    assert "Supprimer pour de bon" in screen.get(f"/boissons/{morgon.id}/archiver").text
    assert "Supprimer pour de bon" not in screen.get(f"/boissons/{chablis.id}/archiver").text

    assert act(screen, morgon, "supprimer").status_code == 303
    refused = act(screen, chablis, "supprimer")

    assert fresh(morgon) is None
    assert refused.status_code == 409
    assert "Cette fiche a un passé" in refused.text
    assert fresh(chablis) is not None


def test_a_drink_whose_link_was_broken_has_a_past(screen, morgon, glass):
    factories.link(glass, morgon, broken_at=factories.NOW)

    assert act(screen, morgon, "supprimer").status_code == 409


def test_a_drink_whose_place_was_taken_does_not_come_back_beside_it(screen, venue, morgon):
    act(screen, morgon, "archiver")
    db.session.rollback()
    other = factories.drink(venue, "MORGON", colour="rouge")
    answer = act(screen, morgon, "ressortir")

    assert answer.status_code == 409
    assert "« MORGON » est déjà dans vos boissons." in words(answer.text)
    assert f'href="/boissons/{other.id}">Ouvrir sa fiche' in answer.text
    assert fresh(morgon).archived_at is not None


def test_entries_of_the_same_format_are_proposed_for_a_merge(screen, venue, chablis, twin):
    factories.drink(venue, "Chablis Montmains Magnum", volume_ml=1500)
    page = screen.get(f"/boissons/{twin.id}/fusionner").text

    assert f"avec={chablis.id}" in page
    assert "Magnum" not in page
    assert "Aucune fiche de ce format" in screen.get(f"/boissons/{twin.id}/fusionner", q="zzzz").text


def test_a_merge_says_what_moves_and_asks_which_stock_holds(screen, chablis, twin, glass):
    factories.count(twin, 5 * 750, LATER)
    factories.link(glass, twin)
    shown = words(screen.get(f"/boissons/{twin.id}/fusionner", avec=chablis.id).text)

    assert "Chablis Montmains 2023 22 bout. la fiche qui reste" in shown
    assert "Les additionner : 24,7 bout." in shown
    assert "Garder le dernier inventaire : 2,7 bout." in shown
    assert "Inventaires 1 Livraisons 0 Pertes 0 Liaisons, cassées comprises 1" in shown
    assert "VRE CHABLIS FEVRE 22" in shown


@pytest.mark.parametrize(("chosen", "bottles"), [("add", 27), ("last", 5)])
def test_a_merge_does_what_was_said_and_archives_the_other_entry(screen, chablis, twin, glass, chosen, bottles):
    factories.count(twin, 5 * 750, LATER)
    factories.link(glass, twin)
    page = screen.get(f"/boissons/{twin.id}/fusionner", avec=chablis.id).text
    sent = {"avec": chablis.id, "apercu": fingerprint(page), "stock": chosen}
    answer = act(screen, twin, "fusionner", **sent)
    again = act(screen, twin, "fusionner", **sent)

    assert (answer.status_code, answer.location) == (303, f"/boissons/{chablis.id}")
    assert (again.status_code, again.location) == (303, f"/boissons/{chablis.id}")
    assert stock.on_hand(fresh(chablis)) == (bottles * 750 - 14 * 125) * stock.UL
    assert db.session.scalars(select(Link.drink_id)).one() == chablis.id
    assert fresh(twin).archived_at is not None


def test_without_a_choice_between_two_stocks_nothing_moves(screen, chablis, twin):
    factories.count(twin, 5 * 750, LATER)
    page = screen.get(f"/boissons/{twin.id}/fusionner", avec=chablis.id).text
    answer = act(screen, twin, "fusionner", avec=chablis.id, apercu=fingerprint(page))

    assert answer.status_code == 422
    assert "Dites d’abord quel stock est le bon." in answer.text
    assert fresh(twin).archived_at is None


def test_what_happened_since_the_preview_is_shown_first(screen, chablis, twin):
    page = screen.get(f"/boissons/{twin.id}/fusionner", avec=chablis.id).text
    db.session.rollback()
    factories.delivery(twin, 750, factories.NOW)
    answer = act(screen, twin, "fusionner", avec=chablis.id, apercu=fingerprint(page))

    assert answer.status_code == 409
    assert "Une des deux fiches a changé depuis l’aperçu." in answer.text
    assert fingerprint(answer.text) != fingerprint(page)
    assert fresh(twin).archived_at is None


def test_two_formats_are_refused_in_a_sentence(screen, venue, chablis):
    magnum = factories.drink(venue, "Chablis Montmains", volume_ml=1500)
    shown = screen.get(f"/boissons/{magnum.id}/fusionner", avec=chablis.id)

    assert shown.status_code == 422
    assert "Ces deux fiches n’ont pas le même format" in shown.text
    assert act(screen, magnum, "fusionner", avec=chablis.id, apercu="x").status_code == 422


def test_another_venue_s_drink_is_no_partner(screen, stranger, chablis, twin):
    theirs = factories.drink(factories.venue("Ailleurs"), "Chablis")
    for number, code in ((theirs.id, 404), (0, 404), (10**12, 422), ("x", 422), ("", 422)):
        assert screen.get(f"/boissons/{twin.id}/fusionner", avec=number).status_code == code
        assert act(screen, twin, "fusionner", avec=number).status_code == code
    for name in ("archiver", "supprimer", "ressortir", "fusionner"):
        assert act(stranger, chablis, name, avec=twin.id).status_code == 404


def test_a_stocked_drink_that_goes_keeps_its_evening(screen, chablis, twin, glass):
    factories.link(glass, chablis)
    page = screen.get(f"/boissons/{chablis.id}/fusionner", avec=twin.id).text
    act(screen, chablis, "fusionner", avec=twin.id, apercu=fingerprint(page))

    assert stock.on_hand(fresh(twin)) == (22 * 750 - 14 * 125) * stock.UL


def test_names_are_text(screen, venue, glass):
    name = '<img src=x onerror="alert(1)">'
    goes, keeps = (factories.drink(venue, f"{name} {place}", producer=name) for place in "ab")
    linked = factories.reference(venue, name)
    factories.link(linked, goes)
    for place in ("archiver", "fusionner", f"fusionner?avec={keeps.id}"):
        page = screen.get(f"/boissons/{goes.id}/{place}").text
        assert "<img" not in page
        assert "&lt;img src=x" in page
