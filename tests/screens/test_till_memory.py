"""What the answers teach: "non" that stays, words that are kept, both taken back; by htmx and by a plain browser."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import RefusedPair, Suggestion
from sommit.services import memory, suggestions
from tests import factories
from tests.screens.answers import LIST, at, words
from tests.screens.statements import counted

PAGE = f"{LIST}/memoire"
BOTH = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "page"])


@pytest.fixture
def petit(venue):
    return factories.drink(venue, "Petit Chablis", colour="blanc", vintage=2022)


def refused() -> list[int]:
    """The drinks that are refused now."""
    kept = select(RefusedPair.drink_id).where(RefusedPair.revoked_at.is_(None)).order_by(RefusedPair.id)
    return list(db.session.scalars(kept))


def proposed(reference) -> list[int]:
    db.session.expire_all()
    return [one["drink_id"] for one in db.session.get(Suggestion, reference.id).candidates]


# the moment that means "non"


def test_the_mere_opening_of_the_search_refuses_nothing(screen, glass, chablis, proposed):
    address = re.search(r'hx-get="([^"]*volet=non[^"]*)"', screen.get(f"{LIST}/{glass.id}", htmx=True).text)[1]

    searching = screen.get(address.replace("&amp;", "&"), htmx=True).text
    screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q="petit", non=chablis.id)

    assert f'name="non" value="{chablis.id}"' in searching
    assert refused() == []


def test_every_form_after_no_carries_it_and_the_way_back_does_not(screen, glass, chablis, petit, proposed):
    page = screen.get(f"{LIST}/{glass.id}", htmx=True, volet="non", drink_id=chablis.id, non=chablis.id, q="petit").text
    results = screen.get(f"{LIST}/{glass.id}/chercher", htmx=True, q="petit", non=chablis.id).text

    for form in re.findall(r"<form.*?</form>", page + results, re.S):
        assert f'name="non" value="{chablis.id}"' in form
    looked_at = re.search(r'hx-get="([^"]*)"[^>]*>Petit', page)[1]
    back = re.search(r'hx-get="([^"]*volet=oui[^"]*)"', page)[1]
    assert f"non={chablis.id}" in looked_at
    assert "non=" not in back


@BOTH
def test_linking_another_drink_refuses_the_one_proposed(screen, glass, chablis, petit, proposed, htmx):
    screen.post(at(glass, "oui"), htmx=htmx, **proposed | {"drink_id": petit.id, "non": chablis.id})

    assert refused() == [chablis.id]


@BOTH
def test_creating_a_drink_refuses_the_one_proposed(screen, glass, chablis, new, htmx):
    screen.post(at(glass, "creer"), htmx=htmx, **new, non=chablis.id)

    assert refused() == [chablis.id]


@BOTH
def test_ignoring_after_no_refuses_and_the_row_says_so(screen, glass, chablis, proposed, htmx):
    answer = screen.post(at(glass, "ignorer"), htmx=htmx, version=glass.version, non=chablis.id)

    shown = answer.text if htmx else screen.get(answer.location.split("#")[0]).text
    assert refused() == [chablis.id]
    assert "Refusée : Chablis Montmains 2023" in words(shown).replace("\u00a0", " ")
    assert at(glass, "reproposer") in shown


def test_ignoring_without_no_refuses_nothing(screen, glass, proposed):
    screen.post(at(glass, "ignorer"), version=glass.version)

    assert refused() == []


def test_the_drink_that_is_linked_in_the_end_is_not_refused_and_an_old_refusal_of_it_is_over(
    screen, glass, chablis, petit, proposed
):
    memory.refuse(glass, chablis, None)
    db.session.commit()

    screen.post(at(glass, "oui"), **proposed | {"non": [petit.id, chablis.id]})

    assert refused() == [petit.id]


def test_an_answer_that_is_refused_teaches_nothing_and_the_form_still_carries_the_no(screen, glass, chablis, new):
    for htmx in (True, False):
        answer = screen.post(at(glass, "creer"), htmx=htmx, **new | {"name": "", "non": chablis.id})
        assert answer.status_code == 422
        assert f'name="non" value="{chablis.id}"' in answer.text
    assert refused() == []


@pytest.mark.parametrize("sent", ["", "abc", "-1", "9" * 30, "99999"])
def test_a_no_to_nothing_is_no_fault(screen, glass, proposed, sent):
    assert screen.post(at(glass, "oui"), **proposed | {"non": sent}).status_code == 200
    assert refused() == []


def test_another_venues_drink_cannot_be_refused_nor_proposed_again(screen, glass, proposed):
    theirs = factories.drink(factories.venue("Ailleurs"))

    assert screen.post(at(glass, "oui"), **proposed | {"non": theirs.id}).status_code == 200
    assert refused() == []
    assert screen.post(at(glass, "reproposer"), drink_id=theirs.id).status_code == 404


# what is refused does not come back, until it is taken back


def test_a_refused_proposal_comes_back_only_after_it_was_taken_back(screen, venue, glass, chablis):
    suggestions.refresh(venue.id)
    db.session.commit()
    screen.post(at(glass, "ignorer"), version=glass.version, non=chablis.id)
    db.session.refresh(glass)
    screen.post(at(glass, "reactiver"), version=glass.version)
    assert proposed(glass) == []
    opened = words(screen.get(f"{LIST}/{glass.id}", htmx=True).text).replace("\u00a0", " ")
    assert "Refusée : Chablis Montmains 2023 Reproposer" in opened

    answer = screen.post(at(glass, "reproposer"), drink_id=chablis.id)

    assert proposed(glass) == [chablis.id]
    assert 'class="row is-open"' in answer.text
    assert "Refusée" not in answer.text


@BOTH
def test_taking_back_twice_changes_nothing(screen, glass, chablis, proposed, htmx):
    for _tap in range(2):
        for act, field in (("reproposer", {"drink_id": chablis.id}), ("oublier", {"word": "hpr"})):
            assert screen.post(at(glass, act), htmx=htmx, **field).status_code == (200 if htmx else 303)


# words


@pytest.fixture
def short(venue):
    return factories.reference(venue, "CHABLIS HPR 22")


@pytest.fixture
def pierres(venue):
    return factories.drink(venue, "Chablis Hautes Pierres", producer="Aubrac", vintage=2022)


@BOTH
def test_the_word_that_a_link_explains_is_said_in_the_row_and_forgotten_with_one_tap(screen, short, pierres, htmx):
    sent = {"version": short.version, "drink_id": pierres.id, "serving": 125}

    answer = screen.post(at(short, "oui"), htmx=htmx, **sent)

    shown = answer.text if htmx else screen.get(answer.location.split("#")[0]).text
    assert "Retenu : HPR = Hautes Pierres" in words(shown).replace("\u00a0", " ")
    answer = screen.post(at(short, "oublier"), htmx=htmx, word="hpr")
    shown = answer.text if htmx else screen.get(answer.location.split("#")[0]).text
    assert "Retenu" not in shown
    assert 'class="row is-done"' in shown


def test_a_learned_word_helps_the_next_label_until_it_is_forgotten(screen, venue, short, pierres):
    next_one = factories.reference(venue, "BTL HPR 22")
    suggestions.refresh(venue.id)
    db.session.commit()
    assert proposed(next_one) == []

    screen.post(at(short, "oui"), version=short.version, drink_id=pierres.id, serving=125)
    assert proposed(next_one) == [pierres.id]
    screen.post(at(short, "oublier"), word="hpr")

    assert proposed(next_one) == []


# the page


def test_the_page_of_all_that_was_taught_is_one_tap_from_the_list(screen, venue, glass, chablis, short, pierres):
    assert f'href="{PAGE}"' in screen.get(LIST).text
    assert "Rien n’est retenu pour le moment." in screen.get(PAGE).text
    memory.refuse(glass, chablis, None)
    memory.learn(short, pierres)
    db.session.commit()

    page = words(screen.get(PAGE).text)

    assert "VRE CHABLIS FEVRE 22 n’est pas Chablis Montmains 2023" in page
    assert "HPR = Hautes Pierres appris de CHABLIS HPR 22" in page


def test_the_page_takes_back_and_stays_where_it_is(screen, glass, chablis, short, pierres):
    memory.refuse(glass, chablis, None)
    memory.learn(short, pierres)
    db.session.commit()

    for address, field in (
        (at(glass, "reproposer"), {"drink_id": chablis.id}),
        (at(short, "oublier"), {"word": "hpr"}),
    ):
        answer = screen.post(address, htmx=False, retour="memoire", **field)
        assert (answer.status_code, answer.location) == (303, PAGE)

    assert "Rien n’est retenu pour le moment." in screen.get(PAGE).text


def test_the_page_shows_nothing_of_another_venue(stranger, glass, chablis):
    memory.refuse(glass, chablis, None)
    db.session.commit()

    assert "Chablis" not in stranger.get(PAGE).text


def test_the_page_and_a_row_send_as_many_statements_however_much_was_taught(screen, venue, glass, chablis, proposed):
    sent_for = []
    for number in (1, 10):
        for one in range(number):
            memory.refuse(glass, factories.drink(venue, f"Chablis {number} {one}"), None)
            memory.refuse(factories.reference(venue, f"CLE {one}"), chablis, None)
        db.session.commit()
        screen.get(f"{LIST}/{glass.id}", htmx=True)  # the keys' sums are added up once, and kept
        with counted() as sent:
            screen.get(PAGE)
            screen.get(f"{LIST}/{glass.id}", htmx=True)
        sent_for.append(len(sent))

    assert sent_for[0] == sent_for[1]
