"""Several rows of the list at once: accepted where the engine is sure, or ignored; how far one is."""

import html
import re
from datetime import date, timedelta

import pytest

from sommit.extensions import db
from sommit.models import Link, TillReference
from sommit.services import till_links
from tests import factories
from tests.screens.answers import LIST, links, words
from tests.screens.proposals import suggest
from tests.screens.statements import counted

SEVERAL = f"{LIST}/plusieurs"


def tick(*references):
    return [f"{one.id}-{one.version}" for one in references]


def said(answer) -> str:
    return words(answer.text).replace("\u202f", " ").replace("\u00a0", " ")


def ignored() -> set[str]:
    db.session.rollback()
    db.session.expire_all()
    return {one.label for one in db.session.query(TillReference) if one.ignored_at}


def live() -> list[Link]:
    return [link for link in links() if link.broken_at is None]


@pytest.fixture
def keys(venue, chablis):
    """Two keys with a sure proposal, one that the engine asks about, one without any."""
    closing = factories.closing(venue)
    names = ("VRE CHABLIS", "BT CHABLIS", "VRE DOUTE", "TARTARE")
    made = {name: factories.reference(venue, name) for name in names}
    for place, reference in enumerate(made.values()):
        factories.sale(closing, reference, 4, cents=10_000 - 1000 * place)
    suggest(made["VRE CHABLIS"], chablis)
    suggest(made["BT CHABLIS"], chablis, serving_ml=750)
    suggest(made["VRE DOUTE"], chablis, decision="ask")
    return made


def test_the_sure_proposals_that_are_ticked_are_accepted_and_the_others_left_and_named(screen, keys, chablis):
    answer = screen.post(SEVERAL, acte="oui", ref=tick(*keys.values()))

    assert answer.status_code == 200
    assert answer.text.strip().startswith('<div id="to-sync"')
    assert "2 références liées. 8 ventes de 1 nuit comptées. Stock : Chablis Montmains 2023 (22 → 17,3)." in said(
        answer
    )
    left = "2 références sont laissées, leur proposition demande votre regard : « VRE DOUTE », « TARTARE »."
    assert left in said(answer)
    made = {link.reference_id: (link.drink_id, link.serving_ml) for link in links()}
    assert made == {keys["VRE CHABLIS"].id: (chablis.id, 125), keys["BT CHABLIS"].id: (chablis.id, 750)}


def test_what_was_accepted_is_told_in_sum_night_by_night_and_stock_by_stock(screen, venue, keys):
    morgon = factories.drink(venue, "Morgon", stock=6)
    uncounted = factories.drink(venue, "Jamais Compté")
    for label, drink, day in (("VRE MORGON", morgon, 14), ("VRE RIEN", uncounted, 14), ("VRE RARE", uncounted, 13)):
        keys[label] = factories.reference(venue, label)
        factories.sale(factories.closing(venue, date(2026, 6, day)), keys[label], 6)
        suggest(keys[label], drink)

    answer = screen.post(SEVERAL, acte="oui", ref=tick(*keys.values()))

    told = (
        "5 références liées. 26 ventes de 2 nuits comptées. Stock : Chablis Montmains 2023 (22 → 17,3), Morgon (6 → 5)."
    )
    assert told in said(answer)


def test_of_many_stocks_the_message_names_those_that_shift_most(screen, venue):
    made = []
    for number in range(1, 6):
        made.append(factories.reference(venue, f"VRE {number}"))
        factories.sale(factories.closing(venue), made[-1], 6 * number)
        suggest(made[-1], factories.drink(venue, f"Vin {number}", stock=9))

    answer = screen.post(SEVERAL, acte="oui", ref=tick(*made))

    assert "Stock : Vin 5 (9 → 4), Vin 4 (9 → 5) et 3 autres." in said(answer)


def test_the_message_asks_the_same_however_many_drinks_it_tells_of(screen, venue):
    def statements(number):
        keys = [factories.reference(venue, f"VRE {place} SUR {number}") for place in range(number)]
        for key in keys:
            factories.sale(factories.closing(venue), key, 6)
            suggest(key, factories.drink(venue, f"Vin de {key.label}", stock=9))
        with counted() as sent:
            assert screen.post(SEVERAL, acte="oui", ref=tick(*keys)).status_code == 200
        return len(sent)

    statements(1)  # the engine gets warm
    two, three, six = statements(2), statements(3), statements(6)

    assert six - three == 3 * (three - two), "each link has its own, the message none"


def test_what_was_lost_leaves_the_stock_and_is_no_sale(screen, venue, keys):
    night = factories.closing(venue)
    factories.sale(night, keys["VRE CHABLIS"], 2, stock="loss", money="loss")

    answer = screen.post(SEVERAL, acte="oui", ref=tick(keys["VRE CHABLIS"]))

    assert "4 ventes de 1 nuit comptées. Stock : Chablis Montmains 2023 (22 → 21)." in said(answer)


def test_what_sold_nothing_since_the_count_says_so(screen, venue, keys, chablis):
    factories.count(chablis, 7_500, at=factories.NOW + timedelta(days=1))

    answer = screen.post(SEVERAL, acte="oui", ref=tick(keys["VRE CHABLIS"]))

    assert "1 référence liée. Aucune vente à déduire." in said(answer)


def test_an_english_page_tells_it_in_english(screen, keys):
    screen.client.set_cookie("language", "en")

    answer = screen.post(SEVERAL, acte="oui", ref=tick(keys["VRE CHABLIS"], keys["BT CHABLIS"]))

    told = "2 references linked. 8 sales of 1 night counted. Stock: Chablis Montmains 2023 (22 → 17,3)."
    assert told in said(answer)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_message_undoes_all_that_was_done_at_once(screen, keys, htmx):
    answer = screen.post(f"{SEVERAL}?montrer=vendues", htmx=htmx, acte="oui", ref=tick(*keys.values()))
    page = answer.text if htmx else screen.get(answer.location).text
    [undo] = set(re.findall(r'action="([^"]*/annuler/[^"]*)"', page))
    assert len(live()) == 2

    undone = screen.post(html.unescape(undo), htmx=htmx)

    assert undone.status_code == (200 if htmx else 303)
    assert live() == []
    if htmx:
        assert undone.text.strip().startswith('<div id="to-sync"')


def test_a_proposal_of_which_something_differs_is_left(screen, venue, chablis):
    other = factories.reference(venue, "VRE CHABLIS 22")
    suggest(other, chablis, evidence=[["name", "agrees", "CHABLIS", "Chablis"], ["price", "differs", "9,00", "7,00"]])

    answer = screen.post(SEVERAL, acte="oui", ref=tick(other))

    assert answer.status_code == 409
    assert "« VRE CHABLIS 22 » est laissée" in said(answer)
    assert links() == []


def test_what_is_ticked_is_ignored(screen, keys):
    answer = screen.post(SEVERAL, acte="ignorer", ref=tick(keys["TARTARE"], keys["VRE DOUTE"]))

    assert "2 références ignorées." in said(answer)
    assert "2 boissons à synchroniser Vendues 2 Toutes 2 Ignorées 2" in said(answer)
    assert ignored() == {"TARTARE", "VRE DOUTE"}


def test_a_row_that_changed_meanwhile_is_left_and_named(screen, venue, keys):
    shown = tick(keys["VRE CHABLIS"], keys["BT CHABLIS"])
    till_links.link(keys["BT CHABLIS"], factories.drink(venue, "Petit Chablis"), serving_ml=750)
    db.session.commit()

    answer = screen.post(SEVERAL, acte="ignorer", ref=shown)

    assert answer.status_code == 200
    assert "1 référence ignorée." in said(answer)
    assert "Quelqu’un vient de répondre pour « BT CHABLIS » : rien n’y est changé." in said(answer)
    assert ignored() == {"VRE CHABLIS"}


def test_where_all_have_changed_nothing_is_done_and_the_list_is_fresh(screen, keys):
    shown = tick(keys["VRE CHABLIS"])
    till_links.ignore(keys["VRE CHABLIS"])
    till_links.reactivate(keys["VRE CHABLIS"])
    db.session.commit()

    answer = screen.post(SEVERAL, acte="oui", ref=shown)

    assert answer.status_code == 409
    assert f'value="{keys["VRE CHABLIS"].id}-2"' in answer.text, "the fresh row can be ticked"
    assert links() == []


@pytest.mark.parametrize("act", ["oui", "ignorer"])
def test_twice_is_once(screen, keys, act):
    first = screen.post(SEVERAL, acte=act, ref=tick(keys["VRE CHABLIS"]))
    second = screen.post(SEVERAL, acte=act, ref=tick(keys["VRE CHABLIS"]))

    assert (first.status_code, second.status_code) == (200, 200)
    assert "Quelqu’un" not in said(second)
    assert "comptées" not in said(second)
    assert len(links()) == (act == "oui")


def test_without_javascript_it_leads_back_to_the_list_under_its_filter(screen, keys):
    answer = screen.post(f"{SEVERAL}?montrer=vendues", htmx=False, acte="oui", ref=tick(*keys.values()))

    assert (answer.status_code, answer.location) == (303, f"{LIST}?montrer=vendues")
    page = said(screen.get(answer.location))
    assert "2 références liées. 8 ventes de 1 nuit comptées. Stock : Chablis Montmains 2023 (22 → 17,3)." in page
    assert "« VRE DOUTE », « TARTARE »" in page


def test_the_list_that_comes_back_keeps_its_filter(screen, venue, keys):
    factories.reference(venue, "AU CATALOGUE")

    answer = screen.post(f"{SEVERAL}?montrer=vendues", acte="ignorer", ref=tick(keys["TARTARE"]))

    assert "AU CATALOGUE" not in answer.text
    assert f'action="{SEVERAL}?montrer=vendues"' in answer.text


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("ref", [[], ["abc"], ["1"], ["1-"], ["-1"], ["²-1"], ["9999999999999-0"]])
def test_nothing_ticked_is_said(screen, keys, htmx, ref):
    answer = screen.post(SEVERAL, htmx=htmx, acte="oui", ref=ref)

    assert answer.status_code == 422
    assert "Cochez d’abord au moins une référence de la liste." in said(answer)


def test_enter_on_a_box_does_nothing(screen, keys):
    page, ticked = screen.get(LIST).text, tick(keys["TARTARE"])
    assert re.search(r'<form class="selection".*?type="submit" name="(\w+)" value="(\w+)"', page, re.S).groups() == (
        "acte",
        "rien",
    )

    assert screen.post(SEVERAL, acte="rien", ref=ticked).status_code == 200
    assert screen.post(SEVERAL, htmx=False, acte="rien", ref=ticked).status_code == 303
    assert ignored() == set()


@pytest.mark.parametrize("act", ["", "casser"])
def test_an_act_that_is_none_is_refused(screen, keys, act):
    assert screen.post(SEVERAL, acte=act, ref=tick(keys["TARTARE"])).status_code == 400


def test_a_row_of_another_venue_is_not_there_and_nothing_is_done(screen, stranger, keys):
    elsewhere = factories.reference(factories.venue("Ailleurs"), "LEUR CLEF")

    assert stranger.post(SEVERAL, acte="ignorer", ref=tick(keys["TARTARE"])).status_code == 404
    assert screen.post(SEVERAL, acte="ignorer", ref=tick(keys["TARTARE"], elsewhere)).status_code == 404
    assert ignored() == set()


def test_logged_out_nothing_is_done(client, keys):
    assert client.post(SEVERAL, data={"acte": "ignorer", "ref": tick(keys["TARTARE"])}).status_code == 302
    assert ignored() == set()


def test_the_line_above_the_list_says_how_many_answers_are_enough(screen, venue, keys):
    factories.sale(factories.closing(venue), factories.reference(venue, "PEU"), cents=500)

    page = screen.get(LIST)

    assert "4 réponses suffisent pour couvrir 90 % du CA boissons 0 % couverts" in said(page)
    assert "TARTARE" in said(page).partition("Jusqu’ici, 90 % du CA boissons.")[0]
    assert "PEU" in said(page).partition("Jusqu’ici, 90 % du CA boissons.")[2]


def test_the_line_rides_along_with_each_answer(screen, keys, chablis):
    key = keys["VRE CHABLIS"]

    answer = screen.post(f"{LIST}/{key.id}/oui", version=key.version, drink_id=chablis.id, serving=125)

    assert 'id="coverage" hx-swap-oob="true"' in answer.text
    assert "3 réponses suffisent pour couvrir 90 % du CA boissons 29 % couverts" in said(answer)


def test_a_list_of_which_enough_is_linked_says_that_the_rest_can_wait(screen, venue, chablis):
    key = factories.reference(venue)
    factories.sale(factories.closing(venue), key, cents=1000)
    factories.link(key, chablis)
    factories.reference(venue, "AU CATALOGUE")

    assert "90 % du CA boissons sont couverts. La suite peut attendre. 100 % couverts" in said(screen.get(LIST))


def test_where_nothing_was_sold_the_line_is_not_there(screen, venue):
    factories.reference(venue, "AU CATALOGUE")

    assert "CA boissons" not in screen.get(LIST).text


def test_an_answer_costs_the_same_statements_however_long_the_list(screen, venue, chablis):
    def fill(number):
        for place in range(number):
            key = factories.reference(venue, f"KEY {place} SUR {number}")
            suggest(key, chablis)
            factories.sale(factories.closing(venue, date(2026, 1, 1 + place % 28)), key, 1, cents=100)
        return key

    def statements(key):
        with counted() as sent:
            assert screen.post(f"{LIST}/{key.id}/ignorer", version=key.version).status_code == 200
        return len(sent)

    statements(fill(1))  # the engine gets warm
    few = statements(fill(5))

    assert statements(fill(45)) == few
