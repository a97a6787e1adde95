"""Undoing: in the row that was answered, from the message after several, on a drink's page."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Act, Drink, RefusedPair
from sommit.services import acts, library, references, stock, till_links
from tests import factories
from tests.screens.answers import LIST, at, links, words
from tests.screens.statements import counted
from tests.web.conftest import without_token

SAID = "Annulé : tout est comme avant."


def undoing(answer):
    """The one address of a page that undoes something."""
    found = set(re.findall(r'action="([^"]*/annuler/[^"]*)"', answer.text))
    assert len(found) == 1, found
    return found.pop().replace("&amp;", "&")


def read(answer):
    return words(answer.text).replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def answered(screen, glass, proposed):
    return screen.post(at(glass, "oui"), **proposed)


def test_the_answered_row_undoes_and_comes_back_with_the_counters(screen, venue, glass, chablis, answered):
    assert f'aria-label="Annuler {glass.label}"' in answered.text
    before = references.counts(venue.id)

    undone = screen.post(undoing(answered))

    assert undone.status_code == 200
    assert undone.text.strip().startswith(f'<li class="row" id="ref-{glass.id}">')
    order = re.findall(r'id="(ref-\d+|to-sync-head|to-sync-badge)"', undone.text)
    assert order == [f"ref-{glass.id}", "to-sync-head", "to-sync-badge"]
    assert undone.text.count("data-focus") == 1
    assert SAID in read(undone)
    assert "/annuler/" not in undone.text
    assert stock.on_hand(chablis) == 22 * 750 * stock.UL
    assert (before.linked, references.counts(venue.id).linked) == (1, 0)


def test_without_javascript_it_leads_back_to_the_row_under_the_same_filter(screen, glass, proposed):
    answer = screen.post(f"{at(glass, 'oui')}?montrer=vendues", htmx=False, **proposed)
    page = screen.get(answer.location.split("#")[0])

    undone = screen.post(undoing(page), htmx=False)

    assert (undone.status_code, undone.location) == (
        303,
        f"{LIST}?montrer=vendues&fait={glass.id}#ref-{glass.id}",
    )
    shown = screen.get(undone.location.split("#")[0])
    assert SAID in read(shown)
    assert f'aria-label="Synchroniser {glass.label}"' in shown.text


def test_two_taps_undo_once_and_are_answered_alike(screen, glass, answered):
    address = undoing(answered)
    first, second = screen.post(address), screen.post(address)

    assert (first.status_code, second.status_code) == (200, 200)
    assert without_token(first.text) == without_token(second.text)
    assert len(links()) == 1


def test_what_somebody_answered_since_is_not_undone_and_the_fresh_row_says_so(screen, venue, glass, chablis, answered):
    till_links.link(glass, factories.drink(venue, "Crème de cassis"), serving_ml=20)
    db.session.commit()

    for htmx in (True, False):
        refused = screen.post(undoing(answered), htmx=htmx)
        assert refused.status_code == 409
        assert "« VRE CHABLIS FEVRE 22 » a changé depuis" in read(refused)
        assert "Crème de cassis" in refused.text
    assert [link.broken_at for link in links()] == [None, None]


def test_a_drink_made_by_the_answer_leaves_the_library_again(screen, venue, glass, new):
    screen.post(undoing(screen.post(at(glass, "creer"), **new)))

    assert library.find(venue.id, library.Entry("Chablis Fèvre", vintage=2022)) is None
    assert db.session.scalars(select(Drink).where(Drink.name == "Chablis Fèvre")).one().archived_at is not None


def test_a_vintage_made_by_almost_leaves_too_and_one_that_was_there_stays(screen, venue, glass, chablis, proposed):
    screen.post(undoing(screen.post(at(glass, "presque"), vintage="2022", **proposed)))
    assert library.siblings(chablis) == []

    there = library.in_vintage(chablis, 2021)
    db.session.commit()
    db.session.refresh(glass)
    screen.post(undoing(screen.post(at(glass, "presque"), **proposed | {"vintage": "2021", "version": glass.version})))
    assert library.siblings(chablis) == [there]


def test_an_ignored_row_comes_back_with_what_its_answer_refused(screen, glass, chablis, proposed):
    ignored = screen.post(at(glass, "ignorer"), version=glass.version, non=chablis.id)
    assert db.session.scalar(select(RefusedPair)).revoked_at is None

    undone = screen.post(undoing(ignored))

    assert f'aria-label="Synchroniser {glass.label}"' in undone.text
    db.session.expire_all()
    assert db.session.scalar(select(RefusedPair)).revoked_at is not None


def test_a_reactivated_row_can_go_back(screen, glass):
    glass.ignored_at = factories.NOW
    db.session.commit()
    back = screen.post(at(glass, "reactiver"), version=glass.version)
    assert "De retour dans la liste." in read(back)

    screen.post(undoing(back))

    db.session.refresh(glass)
    assert glass.ignored_at == factories.NOW


def several(venue, *keys):
    with acts.recorded(venue.id, "ignore", keys, by=None) as recording:
        for key in keys:
            till_links.ignore(key)
    db.session.commit()
    return f"{LIST}/annuler/{recording.act.id}?retour=liste"


def test_an_act_on_several_rows_sends_the_whole_list_back(screen, venue, glass):
    other = factories.reference(venue, "CIDRE")
    address = several(venue, glass, other)

    undone = screen.post(address)

    assert undone.status_code == 200
    assert 'id="to-sync"' in undone.text
    assert {f'id="ref-{one.id}"' in undone.text for one in (glass, other)} == {True}
    assert SAID in read(undone)
    assert undone.text.count('class="toast"') == 1

    plain = screen.post(several(venue, glass, other), htmx=False)
    assert (plain.status_code, plain.location) == (303, LIST)
    assert SAID in read(screen.get(LIST))


def test_one_changed_row_keeps_the_whole_act_and_is_named(screen, venue, glass):
    other = factories.reference(venue, "CIDRE")
    address = several(venue, glass, other)
    till_links.reactivate(other)
    db.session.commit()

    for htmx in (True, False):
        refused = screen.post(address, htmx=htmx)
        assert refused.status_code == 409
        assert "« CIDRE » a changé depuis" in read(refused)
    db.session.refresh(glass)
    assert glass.ignored_at is not None


def test_a_broken_link_is_undone_from_the_message_on_the_drinks_page(screen, glass, chablis, answered):
    db.session.refresh(glass)
    sales = f"/boissons/{chablis.id}/vente"
    screen.post(f"{sales}/{glass.id}/casser", htmx=False, version=glass.version)
    assert stock.on_hand(chablis) == 22 * 750 * stock.UL
    page = screen.get(sales)
    assert "Liaison cassée" in read(page)

    undone = screen.post(undoing(page), htmx=False)

    assert (undone.status_code, undone.location) == (303, sales)
    shown = screen.get(sales)
    assert SAID in read(shown)
    assert glass.label in shown.text
    assert stock.on_hand(chablis) == (22 * 750 - 14 * 125) * stock.UL


def test_a_break_that_is_too_late_to_undo_shows_the_drinks_page_as_it_is(screen, venue, glass, chablis, answered):
    db.session.refresh(glass)
    sales = f"/boissons/{chablis.id}/vente"
    screen.post(f"{sales}/{glass.id}/casser", htmx=False, version=glass.version)
    address = undoing(screen.get(sales))
    db.session.refresh(glass)
    till_links.ignore(glass)
    db.session.commit()

    refused = screen.post(address, htmx=False)

    assert refused.status_code == 409
    assert "a changé depuis" in read(refused)


def test_another_venue_undoes_nothing(stranger, glass, chablis, answered):
    assert stranger.post(undoing(answered)).status_code == 404
    assert stranger.post(f"{undoing(answered)}?retour=liste").status_code == 404
    assert [link.broken_at for link in links()] == [None]


def test_what_never_was_is_not_there(screen, chablis, answered):
    assert screen.post(f"{LIST}/annuler/99999").status_code == 404
    assert screen.post(f"{undoing(answered)}?fiche=99999").status_code == 404
    assert screen.post(f"{LIST}/annuler/99999999999").status_code == 404
    assert [link.broken_at for link in links()] == [None]


def test_logged_out_one_signs_in_and_nothing_happened(client, answered):
    plain = client.post(undoing(answered))
    by_htmx = client.post(undoing(answered), headers={"HX-Request": "true"})

    assert (plain.status_code, by_htmx.status_code) == (302, 401)
    assert plain.location.startswith("/connexion")
    assert by_htmx.headers["HX-Redirect"].startswith("/connexion")
    assert [link.broken_at for link in links()] == [None]


def test_nobody_else_is_offered_the_way_back(screen, glass, answered):
    """Only the row that was just answered has it: the same row seen later, or by a second tablet, has none."""
    assert "/annuler/" not in screen.get(LIST, ouvrir=glass.id).text
    assert "/annuler/" not in screen.get(f"{LIST}/{glass.id}", htmx=True).text


def test_an_answer_sends_as_many_statements_whatever_was_done_before(screen, venue, glass, answered):
    def statements():
        db.session.refresh(glass)
        screen.post(at(glass, "ignorer"), version=glass.version)
        act = db.session.scalars(select(Act).order_by(Act.id.desc()).limit(1)).one()
        with counted() as sent:
            screen.post(f"{LIST}/annuler/{act.id}")
        return len(sent)

    screen.post(undoing(answered))
    few = statements()
    several(venue, *(factories.reference(venue) for _ in range(20)))
    assert statements() == few
