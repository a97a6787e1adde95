"""The answers oui, presque, non, ignorer and réactiver: by htmx, by a plain browser, refused, from elsewhere."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link, Suggestion, TillReference
from sommit.services import references, stock, till_links
from tests import factories
from tests.screens.proposals import suggest

LIST = "/boissons/a-synchroniser"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def links() -> list[Link]:
    return list(db.session.scalars(select(Link).order_by(Link.id)))


@pytest.fixture
def proposed(glass, chablis):
    suggest(glass, chablis, vintage=2022)
    return {"version": glass.version, "drink_id": chablis.id, "serving": 125}


NEW = {"name": "Chablis Fèvre", "producer": "", "vintage": "2022", "volume_cl": "75", "category": "wine"}


@pytest.fixture
def new(glass):
    return {**NEW, "version": glass.version, "colour": "blanc", "serving": "autre", "serving_cl": "12,5"}


def at(reference, act):
    return f"{LIST}/{reference.id}/{act}"


# oui


def test_yes_links_and_answers_with_the_done_row_then_the_counters(screen, glass, chablis, proposed):
    answer = screen.post(at(glass, "oui"), **proposed)

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<li class="row is-done" id="ref-{glass.id}">')
    assert "1 nuit, 14 verres Chablis Montmains 2023 Verre 12,5 cl, stock 22 → 19,7" in words(answer.text)
    order = re.findall(r'id="(ref-\d+|to-sync-head|to-sync-badge)"', answer.text)
    assert order == [f"ref-{glass.id}", "to-sync-head", "to-sync-badge"]
    assert answer.text.count("data-focus") == 1
    assert [(link.drink_id, link.serving_ml) for link in links()] == [(chablis.id, 125)]
    assert stock.on_hand(chablis) == (22 * 750 - 14 * 125) * stock.UL


def test_yes_without_javascript_leads_back_to_the_row_which_says_what_was_done(screen, glass, proposed):
    answer = screen.post(f"{at(glass, 'oui')}?montrer=vendues", htmx=False, **proposed)

    assert answer.status_code == 303
    assert answer.location == f"{LIST}?montrer=vendues&fait={glass.id}#ref-{glass.id}"
    assert "stock 22 → 19,7" in words(screen.get(answer.location.split("#")[0]).text)


def test_two_taps_on_yes_answer_the_same_row_and_make_one_link(screen, glass, proposed):
    first = screen.post(at(glass, "oui"), **proposed)
    second = screen.post(at(glass, "oui"), **proposed)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text == second.text
    assert len(links()) == 1


def test_the_second_tablet_is_told_and_sees_the_fresh_row(screen, venue, glass, chablis, proposed):
    other = factories.drink(venue, "Petit Chablis", stock=3)
    till_links.link(glass, other, serving_ml=125, version=glass.version)
    db.session.commit()

    answer = screen.post(at(glass, "oui"), **proposed)
    plain = screen.post(at(glass, "oui"), htmx=False, **proposed)

    for text in (answer.text, plain.text):
        assert "Quelqu’un vient de répondre pour « VRE CHABLIS FEVRE 22 »" in words(text).replace("\u202f", " ")
        assert "Petit Chablis" in text
        assert "is-done" in text
    assert (answer.status_code, plain.status_code) == (409, 409)
    assert [link.drink_id for link in links()] == [other.id]


@pytest.mark.parametrize(
    "serving",
    [
        {"serving": "0"},
        {"serving": "-125"},
        {"serving": "lettres"},
        {"serving": "9999999999"},
        {"serving": "100001"},
        {"serving": ""},
        {"serving": "autre", "serving_cl": ""},
        {"serving": "autre", "serving_cl": "0"},
        {"serving": "autre", "serving_cl": "NaN"},
        {"serving": "autre", "serving_cl": "1e400"},
        {"serving": "autre", "serving_cl": "douze"},
        {"serving": "autre", "serving_cl": "10000,1"},
    ],
)
def test_a_serving_that_cannot_be_poured_comes_back_at_its_field(screen, glass, proposed, serving):
    answer = screen.post(at(glass, "oui"), **proposed | serving)
    plain = screen.post(at(glass, "oui"), htmx=False, **proposed | serving)

    assert (answer.status_code, plain.status_code) == (422, 422)
    assert answer.text.strip().startswith('<li class="row is-open"')
    for text in (answer.text, plain.text):
        assert f'id="cl-{glass.id}-error"' in text
        assert f'aria-describedby="cl-{glass.id}-error" data-focus autofocus' in text
    assert links() == []


def test_a_serving_can_be_typed_in_centilitres(screen, glass, proposed):
    screen.post(at(glass, "oui"), **proposed | {"serving": "autre", "serving_cl": " 12,5 "})

    assert [link.serving_ml for link in links()] == [125]


def test_an_archived_drink_takes_no_link(screen, glass, chablis, proposed):
    chablis.archived_at = factories.NOW
    db.session.commit()

    answer = screen.post(at(glass, "oui"), **proposed)

    assert answer.status_code == 409
    assert "est archivée" in answer.text
    assert links() == []


@pytest.mark.parametrize("field", [{"drink_id": ""}, {"drink_id": "abc"}, {"drink_id": "9" * 30}, {"drink_id": 99999}])
def test_a_drink_that_never_was_is_not_there(screen, glass, proposed, field):
    assert screen.post(at(glass, "oui"), **proposed | field).status_code == 404


@pytest.mark.parametrize("version", ["", "abc", "9" * 40])
def test_a_form_without_its_version_is_no_form_of_ours(screen, glass, proposed, version):
    assert screen.post(at(glass, "oui"), **proposed | {"version": version}).status_code == 400
    assert links() == []


def test_a_drink_of_another_venue_cannot_be_linked(screen, glass, proposed):
    theirs = factories.drink(factories.venue("Ailleurs"))

    for act in ("oui", "presque"):
        answer = screen.post(at(glass, act), **proposed | {"drink_id": theirs.id, "vintage": "2022"})
        assert answer.status_code == 404, act
    assert links() == []


# presque


def test_almost_makes_the_vintage_and_links_it(screen, glass, chablis, proposed):
    answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert answer.status_code == 200
    made = db.session.scalar(select(Drink).where(Drink.vintage == 2022))
    assert (made.name, made.producer, made.colour) == (chablis.name, chablis.producer, chablis.colour)
    assert [link.drink_id for link in links()] == [made.id]
    assert "Chablis Montmains 2022 Verre 12,5 cl, stock jamais compté" in words(answer.text)


def test_almost_takes_the_vintage_that_the_library_has(screen, venue, glass, proposed):
    older = factories.drink(venue, producer="William Fèvre", region="Bourgogne", colour="blanc", vintage=2021, stock=4)

    screen.post(at(glass, "presque"), htmx=False, **proposed | {"vintage": "2021"})

    assert [link.drink_id for link in links()] == [older.id]
    assert len(db.session.scalars(select(Drink)).all()) == 2


def test_two_taps_on_almost_make_one_vintage_and_one_link(screen, glass, proposed):
    for _tap in range(2):
        answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "autre", "vintage_typed": "2020"})
        assert answer.status_code == 200

    assert len(db.session.scalars(select(Drink)).all()) == 2
    assert len(links()) == 1


@pytest.mark.parametrize("typed", ["20233", "22", "1799", "abcd", "2²", "-2022", "9" * 50])
def test_a_vintage_that_is_no_year_comes_back_at_its_field(screen, glass, proposed, typed):
    sent = proposed | {"vintage": "autre", "vintage_typed": typed}

    for htmx in (True, False):
        answer = screen.post(at(glass, "presque"), htmx=htmx, **sent)
        assert answer.status_code == 422
        assert "n’est pas un millésime" in answer.text
        assert f'id="vintage-{glass.id}-error"' in answer.text
        assert f'value="{typed}"' in answer.text or len(typed) > 20
    assert links() == []
    assert len(db.session.scalars(select(Drink)).all()) == 1


def test_nothing_is_half_done_when_the_other_tablet_was_faster(screen, venue, glass, chablis, proposed):
    till_links.link(glass, chablis, serving_ml=125, version=glass.version)
    db.session.commit()

    answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert answer.status_code == 409
    assert [drink.vintage for drink in db.session.scalars(select(Drink))] == [2023]


def test_a_new_vintage_is_proposed_for_the_other_keys_at_once(screen, venue, glass, chablis, proposed):
    other = factories.reference(venue, "BT CHABLIS FEVRE 2022")

    screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert db.session.get(Suggestion, other.id) is not None


# non, then a new drink


def test_a_drink_is_created_from_the_label_and_linked(screen, glass, new):
    answer = screen.post(at(glass, "creer"), **new)

    assert answer.status_code == 200
    made = db.session.scalar(select(Drink))
    assert (made.name, made.vintage, made.volume_ml, made.category, made.colour) == (
        *("Chablis Fèvre", 2022, 750),
        *("wine", "blanc"),
    )
    assert [(link.drink_id, link.serving_ml) for link in links()] == [(made.id, 125)]
    assert "is-done" in answer.text


def test_creation_without_javascript_leads_back_to_the_row(screen, glass, new):
    answer = screen.post(at(glass, "creer"), htmx=False, **new)

    assert (answer.status_code, answer.location) == (303, f"{LIST}?fait={glass.id}#ref-{glass.id}")


def test_two_taps_on_create_make_one_drink(screen, glass, new):
    for _tap in range(2):
        assert screen.post(at(glass, "creer"), **new).status_code == 200

    assert len(db.session.scalars(select(Drink)).all()) == 1
    assert len(links()) == 1


@pytest.mark.parametrize(
    ("field", "value", "at_field"),
    [
        ("name", "", "name"),
        ("name", "   ", "name"),
        ("name", "\x00\x07", "name"),
        ("name", "!!!", "name"),
        ("name", "x" * 201, "name"),
        ("producer", "y" * 201, "producer"),
        ("vintage", "20233", "vintage"),
        ("vintage", "deux mille", "vintage"),
        ("volume_cl", "", "volume"),
        ("volume_cl", "0", "volume"),
        ("volume_cl", "99999", "volume"),
        ("volume_cl", "une bouteille", "volume"),
        ("serving_cl", "0", "create-cl"),
        ("serving_cl", "verre", "create-cl"),
    ],
)
def test_a_bad_field_comes_back_with_its_sentence_and_all_that_was_typed(screen, glass, new, field, value, at_field):
    for htmx in (True, False):
        answer = screen.post(at(glass, "creer"), htmx=htmx, **new | {"producer": "Fèvre", field: value})

        assert answer.status_code == 422
        assert answer.text.count(f'id="{at_field}-{glass.id}-error"') == 1
        assert answer.text.count('class="error"') == 1
        assert '<details class="create" open>' in answer.text
    assert db.session.scalars(select(Drink)).all() == []
    assert links() == []


def test_a_drink_that_is_there_already_is_not_made_twice(screen, venue, glass, new):
    factories.drink(venue, "Chablis Fevre", vintage=2022)

    answer = screen.post(at(glass, "creer"), **new)

    assert answer.status_code == 422
    assert "est déjà dans vos boissons" in answer.text
    assert links() == []


def test_fields_that_no_form_of_ours_has_are_not_believed(screen, glass, new):
    elsewhere = factories.venue("Ailleurs")
    sent = new | {"venue_id": elsewhere.id, "archived_at": "2020-01-01", "category": "poison", "colour": "vert"}

    assert screen.post(at(glass, "creer"), **sent).status_code == 200
    made = db.session.scalar(select(Drink))
    assert (made.venue_id, made.archived_at, made.category, made.colour) == (glass.venue_id, None, "other", "")


# ignorer, réactiver


def test_ignoring_takes_the_row_out_of_the_counts_and_offers_the_way_back(screen, glass):
    answer = screen.post(at(glass, "ignorer"), version=glass.version)

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<li class="row is-ignored" id="ref-{glass.id}">')
    assert at(glass, "reactiver") in answer.text
    assert references.counts(glass.venue_id) == references.Counts(sold=0, all=0, ignored=1, linked=0)


def test_reactivating_brings_the_row_back(screen, glass):
    glass.ignored_at = factories.NOW
    db.session.commit()

    answer = screen.post(f"{at(glass, 'reactiver')}?montrer=ignorees", version=glass.version)

    assert answer.status_code == 200
    assert f'aria-label="Synchroniser {glass.label}"' in answer.text
    assert references.counts(glass.venue_id).all == 1


@pytest.mark.parametrize("act", ["ignorer", "reactiver"])
def test_both_work_without_javascript_and_twice(screen, glass, act):
    glass.ignored_at = factories.NOW if act == "reactiver" else None
    db.session.commit()
    version = glass.version

    for _tap in range(2):
        answer = screen.post(at(glass, act), htmx=False, version=version)
        assert (answer.status_code, answer.location) == (303, f"{LIST}?fait={glass.id}#ref-{glass.id}")
    assert screen.get(answer.location.split("#")[0]).text.count(f'id="ref-{glass.id}"') == 1


def test_a_linked_key_is_not_ignored_by_a_page_that_does_not_know(screen, glass, chablis):
    till_links.link(glass, chablis, serving_ml=125)
    db.session.commit()

    for version in (0, glass.version):
        answer = screen.post(at(glass, "ignorer"), version=version)
        assert answer.status_code == 409
        assert "is-done" in answer.text
    assert glass.ignored_at is None


# all of them

ACTS = ("oui", "presque", "creer", "ignorer", "reactiver")


@pytest.mark.parametrize("act", ACTS)
def test_a_key_of_another_venue_is_not_there(stranger, glass, proposed, new, act):
    answer = stranger.post(at(glass, act), **new | proposed)

    assert answer.status_code == 404
    assert links() == []
    assert db.session.get(TillReference, glass.id).ignored_at is None


@pytest.mark.parametrize("act", ACTS)
def test_nobody_answers_without_being_signed_in(screen, app, glass, proposed, new, act):
    visitor = app.test_client()
    db.session.rollback()

    plain = visitor.post(at(glass, act), data=new | proposed)
    htmx = visitor.post(at(glass, act), data=new | proposed, headers={"HX-Request": "true"})

    assert (plain.status_code, htmx.status_code) == (302, 401)
    assert htmx.headers["HX-Redirect"].startswith("/connexion")
    assert links() == []
