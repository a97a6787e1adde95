"""The answers non, ignorer and réactiver: by htmx, by a plain browser, refused."""

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink
from sommit.services import references, till_links
from tests import factories
from tests.screens.answers import LIST, at, links

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


def test_a_drink_that_is_there_already_is_proposed_instead_of_made_twice(screen, venue, glass, new):
    there = factories.drink(venue, "Chablis Fevre", vintage=2022)

    answer = screen.post(at(glass, "creer"), **new)

    assert answer.status_code == 422
    assert "est déjà dans vos boissons" in answer.text
    assert f'hx-get="{LIST}/{glass.id}?drink_id={there.id}"' in answer.text
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
    assert f"{LIST}/annuler/" in answer.text
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
