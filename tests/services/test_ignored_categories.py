"""A whole category of the till leaves the list: what waits, what arrives later; and comes back."""

import pytest

from sommit.extensions import db
from sommit.models import IgnoredCategory, TillReference
from sommit.services import acts, catalogue, ignored_categories, references, suggestions, till_links, turnover, undo
from tests import factories
from tests.screens.statements import counted


@pytest.fixture
def plates(venue):
    """Three dishes that wait, of which two were sold, one ignored by hand, one linked; and a wine."""
    night = factories.closing(venue)

    def key(label, category="Plats", cents=0, **fields):
        reference = factories.reference(venue, label, category=category, **fields)
        if cents:
            factories.sale(night, reference, cents=cents)
        return reference

    keys = {
        "tartare": key("TARTARE", cents=1900),
        "planche": key("PLANCHE", cents=1400),
        "soupe": key("SOUPE"),
        "hand": key("FRITES", cents=500, ignored_at=factories.NOW),
        "linked": key("PLAT ET VERRE", cents=2500),
        "wine": key("VRE CHABLIS", "Vins au verre", 900),
    }
    factories.link(keys["linked"], factories.drink(venue))
    return keys


def ignore(venue, category="Plats", shown=3, by=None):
    act = ignored_categories.ignore(venue.id, category, shown=shown, by=by)
    db.session.commit()
    return act


def waiting(venue) -> set[str]:
    return {row.reference.label for row in references.listed(venue.id, references.Show.ALL)}


def rule_of(venue) -> IgnoredCategory:
    return db.session.query(IgnoredCategory).filter_by(venue_id=venue.id, revoked_at=None).one()


def test_the_effect_is_said_before(venue, plates):
    suggestions.refresh(venue.id)

    [food, wine] = ignored_categories.waiting(venue.id)

    assert (food.name, food.references, food.sold, food.turnover_cents, food.no_drinks) == ("Plats", 3, 2, 3300, 3)
    assert (wine.name, wine.references, wine.no_drinks) == ("Vins au verre", 1, 0)


def test_what_waits_in_it_leaves_the_list_and_nothing_else_is_touched(venue, plates):
    by = factories.user(venue).id
    before = turnover.total(venue.id, *[factories.closing(venue).business_date] * 2, everything=True)

    act = ignore(venue, by=by)

    assert waiting(venue) == {"VRE CHABLIS"}
    assert references.row(venue.id, plates["linked"].id).state is references.State.LINKED
    assert plates["linked"].version == 0
    assert (plates["hand"].ignored_by_rule, plates["hand"].ignored_at) == (None, factories.NOW)
    assert (act.kind, act.done_by, rule_of(venue).created_by) == ("ignore_category", by, by)
    after = turnover.total(venue.id, *[factories.closing(venue).business_date] * 2, everything=True)
    assert before == after


def test_a_new_key_of_the_category_arrives_ignored(venue, plates):
    ignore(venue)
    rows = [
        {"venue_id": venue.id, "till_id": name, "label": name, "category": name, "first_seen_at": factories.NOW}
        for name in ("Plats", "Vins au verre")
    ]
    catalogue._insert(venue.id, rows)
    db.session.commit()

    assert waiting(venue) == {"VRE CHABLIS", "Vins au verre"}
    [rule] = ignored_categories.standing(venue.id)
    assert (rule.name, rule.references, rule.sold, rule.turnover_cents) == ("Plats", 4, 2, 3300)


def test_revoked_what_the_rule_ignored_comes_back_and_what_was_ignored_by_hand_stays(venue, plates):
    ignore(venue)

    act = ignored_categories.revoke(venue.id, rule_of(venue).id, by=None)
    db.session.commit()

    assert act.kind == "reactivate_category"
    assert waiting(venue) == {"TARTARE", "PLANCHE", "SOUPE", "VRE CHABLIS"}
    assert plates["hand"].ignored_at == factories.NOW
    assert ignored_categories.standing(venue.id) == []


def test_a_key_that_was_brought_back_and_ignored_by_hand_is_no_longer_the_rules(venue, plates):
    ignore(venue)
    rule = rule_of(venue)
    till_links.reactivate(plates["tartare"])
    till_links.ignore(plates["tartare"])
    till_links.reactivate(plates["soupe"])
    db.session.commit()

    assert ignored_categories.standing(venue.id)[0].references == 1
    ignored_categories.revoke(venue.id, rule.id, by=None)

    assert plates["tartare"].ignored_at is not None
    assert plates["planche"].ignored_at is None


def test_twice_is_once(venue, plates):
    ignore(venue)
    rule = rule_of(venue)

    assert ignore(venue) is None
    assert rule_of(venue).id == rule.id
    ignored_categories.revoke(venue.id, rule.id, by=None)
    assert ignored_categories.revoke(venue.id, rule.id, by=None) is None


def test_a_category_that_grew_since_it_was_shown_is_shown_again(venue, plates):
    factories.reference(venue, "BAVETTE", category="Plats")

    with pytest.raises(ignored_categories.ChangedCategory):
        ignored_categories.ignore(venue.id, "Plats", shown=3, by=None)
    db.session.rollback()

    assert "TARTARE" in waiting(venue)


@pytest.mark.parametrize("category", ["", "Desserts", "plats"])
def test_a_category_of_which_nothing_waits_is_none(venue, plates, category):
    factories.reference(venue, "SANS CATEGORIE")

    with pytest.raises(ignored_categories.NoSuchCategory):
        ignored_categories.ignore(venue.id, category, shown=0, by=None)


def test_another_venues_keys_and_rules_are_not_ours(venue, plates):
    elsewhere = factories.venue("Ailleurs")
    theirs = factories.reference(elsewhere, "LEUR PLAT", category="Plats")
    ignore(venue)

    assert db.session.get(TillReference, theirs.id).ignored_at is None
    with pytest.raises(ignored_categories.NoSuchCategory):
        ignored_categories.revoke(elsewhere.id, rule_of(venue).id, by=None)


def test_the_act_is_undone_exactly_and_so_is_its_revocation(venue, plates):
    act = ignore(venue)
    rule = rule_of(venue)
    undo.undo(venue.id, act.id, by=None)
    db.session.commit()
    assert waiting(venue) == {"TARTARE", "PLANCHE", "SOUPE", "VRE CHABLIS"}
    assert ignored_categories.standing(venue.id) == []

    ignore(venue)
    revoked = ignored_categories.revoke(venue.id, rule_of(venue).id, by=None)
    db.session.commit()
    undo.undo(venue.id, revoked.id, by=None)
    db.session.commit()

    assert waiting(venue) == {"VRE CHABLIS"}
    assert rule_of(venue).id != rule.id
    assert acts.get(venue.id, act.id).undone_at


def test_the_statements_do_not_grow_with_the_categories(venue, plates):
    def statements():
        with counted() as sent:
            ignored_categories.waiting(venue.id)
            ignored_categories.standing(venue.id)
        return len(sent)

    ignore(venue)
    statements()
    few = statements()
    for number in range(20):
        factories.reference(venue, f"KEY {number}", category=f"Catégorie {number % 7}")
    ignore(venue, "Catégorie 1", 3)
    statements()

    assert statements() == few
