"""The question about a key that became another product: on the list, on the drink's page, answered once (FAULTS 64)."""

from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.models import KeyQuestion
from sommit.services import stock, till_links
from tests import factories
from tests.screens.answers import LIST, words
from tests.screens.conftest import HTMX
from tests.screens.statements import counted
from tests.web.conftest import token_of

SINCE = factories.NOW - timedelta(hours=8)


@pytest.fixture(autouse=True)
def morning(app):
    app.config["NOW"] = factories.NOW


@pytest.fixture
def mojito(venue, chablis):
    """VERRE CHABLIS is a MOJITO since last evening: 4 glasses were sold before, 3 cocktails after."""
    reference = factories.reference(venue, "MOJITO", price_cents=1100)
    factories.link(reference, chablis, 125, ends_at=SINCE)
    closing = factories.closing(venue)
    factories.sale(closing, reference, 4, at=SINCE - timedelta(hours=2), cents=2600, label="VERRE CHABLIS")
    factories.sale(closing, reference, 3, at=SINCE, cents=3300)
    labels = {"old_label": "VERRE CHABLIS", "new_label": "MOJITO", "old_price_cents": 650, "new_price_cents": 1100}
    place = {"venue_id": venue.id, "reference_id": reference.id, "since": SINCE, "asked_at": factories.NOW}
    db.session.add(KeyQuestion(**place, **labels))
    db.session.commit()
    return reference


def at(reference, act: str = "") -> str:
    return f"/boissons/touches/{reference.id}{act}"


def form(screen, reference) -> dict[str, str]:
    return {"csrf_token": token_of(screen.client), "version": str(reference.version)}


def question() -> KeyQuestion:
    return db.session.scalars(db.select(KeyQuestion)).one()


def glasses_left(drink) -> float:
    return stock.on_hand(drink) / 125_000


def test_the_list_and_the_drinks_page_ask_and_say_what_each_answer_does(screen, mojito, chablis):
    for place in (LIST, at(mojito), f"/boissons/{chablis.id}", f"/boissons/{chablis.id}/vente"):
        told = words(screen.get(place).text).replace("\u00a0", " ").replace("\u202f", " ")
        assert "La touche VERRE CHABLIS à 6,50 € s’appelle maintenant MOJITO à 11,00 €." in told
        assert "Est-ce toujours la même boisson ?" in told
        assert "Mises de côté depuis le 14 juin : 3 ventes, 33,00 €." in told
        assert "Oui : Chablis Montmains 2023 stock 21,3 → 20,8 1 nuit, 3 verres" in told
    assert glasses_left(chablis) == 22 * 6 - 4


def test_another_drinks_page_asks_nothing(screen, venue, mojito):
    other = factories.drink(venue, "Morgon")
    assert "toujours la même" not in screen.get(f"/boissons/{other.id}").text


def test_the_same_drink_goes_on_and_leads_back_to_its_row(screen, mojito, chablis):
    answer = screen.post(at(mojito, "/meme"), htmx=False, version=mojito.version)

    assert (answer.status_code, answer.location) == (303, f"{LIST}?fait={mojito.id}#ref-{mojito.id}")
    assert glasses_left(chablis) == 22 * 6 - 7
    page = screen.get(answer.location.split("#")[0]).text
    assert "est toujours la même boisson" in page
    assert "Est-ce toujours" not in page


@pytest.mark.parametrize(("act", "told"), [("/meme", "toujours la même"), ("/autre", "comme une nouvelle référence")])
def test_the_list_is_answered_with_itself_the_row_in_its_place_and_a_message(screen, mojito, act, told):
    answer = screen.client.post(at(mojito, act), data=form(screen, mojito), headers=HTMX | {"HX-Target": "to-sync"})

    assert answer.status_code == 200
    page = answer.text
    assert page.lstrip().startswith('<div id="to-sync"')
    assert f'<div id="question-{question().id}" hx-swap-oob="delete">' in page
    assert f'id="ref-{mojito.id}"' in page
    assert told in page
    assert "Est-ce toujours" not in page
    assert 'id="to-sync-badge" hx-swap-oob="true"' in page


def test_elsewhere_the_question_is_answered_in_its_place_and_takes_the_focus(screen, mojito):
    answer = screen.post(at(mojito, "/autre"), version=mojito.version, retour="/boissons/quoi-de-neuf")

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<div class="state" id="question-{question().id}"')
    assert '<p tabindex="-1" data-focus>' in answer.text
    assert "c’est une autre boisson, son passé n’a pas bougé" in answer.text
    assert "<html" not in answer.text


def test_an_old_list_is_answered_with_the_list_and_the_question_as_they_are_now(screen, mojito):
    till_links.claim(mojito, None)
    db.session.commit()
    old = form(screen, mojito) | {"version": mojito.version - 1}
    answer = screen.client.post(at(mojito, "/meme"), data=old, headers=HTMX | {"HX-Target": "to-sync"})

    assert answer.status_code == 409
    assert f'id="question-{question().id}" hx-swap-oob="true"' in answer.text
    assert "Quelqu’un vient de répondre pour" in answer.text
    assert f'name="version" value="{mojito.version}"' in answer.text


def test_another_drink_waits_and_its_past_stays(screen, mojito, chablis):
    answer = screen.post(at(mojito, "/autre"), htmx=False, version=mojito.version)

    assert answer.status_code == 303
    assert "attend comme une nouvelle référence" in screen.get(LIST).text
    assert glasses_left(chablis) == 22 * 6 - 4
    assert till_links.live_links(mojito) == []
    assert "c’est une autre boisson, son passé n’a pas bougé" in screen.get(at(mojito)).text


@pytest.mark.parametrize(
    ("back", "place"),
    [("/boissons/quoi-de-neuf", "/boissons/quoi-de-neuf"), ("https://evil.example", LIST), ("//evil.example", LIST)],
)
def test_an_answer_leads_back_to_where_it_was_asked_and_nowhere_else(screen, mojito, back, place):
    answer = screen.post(at(mojito, "/meme"), htmx=False, version=mojito.version, retour=back)

    assert answer.location.startswith(place)


def test_two_taps_answer_once(screen, mojito, chablis):
    version = mojito.version
    taps = [screen.post(at(mojito, "/meme"), htmx=False, version=version) for _ in range(2)]

    assert [tap.status_code for tap in taps] == [303, 303]
    assert glasses_left(chablis) == 22 * 6 - 7
    assert len(till_links.live_links(mojito)) == 1


@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])
def test_the_second_tablet_is_told_what_the_first_has_answered(screen, mojito, htmx):
    version = mojito.version
    screen.post(at(mojito, "/autre"), version=version)
    answer = screen.post(at(mojito, "/meme"), htmx=htmx, version=version)

    assert answer.status_code == 409
    assert "Quelqu’un vient de répondre pour" in answer.text
    assert "c’est une autre boisson" in answer.text
    assert question().answer == "other"


def test_an_old_page_is_refused_and_shows_the_question_as_it_is_now(screen, mojito, chablis):
    till_links.claim(mojito, None)
    db.session.commit()
    answer = screen.post(at(mojito, "/meme"), htmx=False, version=mojito.version - 1)

    assert answer.status_code == 409
    assert "Quelqu’un vient de répondre pour" in answer.text
    assert f'name="version" value="{mojito.version}"' in answer.text
    assert question().answer is None


@pytest.mark.parametrize("version", ["", "abc", "9" * 40])
def test_a_form_without_its_version_is_no_form_of_ours(screen, mojito, version):
    assert screen.post(at(mojito, "/meme"), version=version).status_code == 400
    assert question().answer is None


def test_another_venues_question_is_not_there(stranger, mojito):
    assert stranger.get(at(mojito)).status_code == 404
    for act in ("/meme", "/autre"):
        assert stranger.post(at(mojito, act), version=0).status_code == 404
    assert question().answer is None


def test_a_key_about_which_nothing_was_asked_has_no_page(screen, glass):
    assert screen.get(at(glass)).status_code == 404
    assert screen.post(at(glass, "/meme"), version=glass.version).status_code == 404


def test_who_is_logged_out_comes_back_after_signing_in(client, mojito):
    assert "/connexion" in client.get(at(mojito)).location


def test_what_the_list_asks_the_database_does_not_grow_with_its_rows(screen, venue, mojito):
    def sent() -> int:
        screen.get(LIST)
        with counted() as statements:
            screen.get(LIST)
        return len(statements)

    few = sent()
    for number in range(20):
        factories.reference(venue, f"VRE {number}")
    assert sent() == few
