"""What changed from one reading of a closing to the next."""

from sommit.services import line_changes
from tests.jalia.build import BOTTLE, item, lines, order


def told(before, after):
    """The label and quantity of each changed line, before and after."""
    return [
        tuple((line.label, line.quantity_milli / 1000) if line else None for line in change)
        for change in line_changes.between(before, after)
    ]


def test_the_same_lines_in_another_place_are_no_change():
    glass, bottle = item(), item(itemCatalogId=BOTTLE, description="BT CHINON", quantity=1)

    assert told(lines(order(items=[glass, bottle])), lines(order(items=[bottle, glass]))) == []


def test_a_quantity_that_was_corrected_is_one_line_before_and_after():
    before, after = lines(order(items=[item(quantity=2)])), lines(order(items=[item(quantity=1, total=650)]))

    assert told(before, after) == [(("VRE CHINON", 2), ("VRE CHINON", 1))]


def test_lines_that_came_and_went_have_one_side_only():
    bottle = item(itemCatalogId=BOTTLE, description="BT CHINON", quantity=1)
    before, after = lines(order(items=[item()])), lines(order(items=[bottle]))

    assert sorted(told(before, after), key=str) == [(("VRE CHINON", 2), None), (None, ("BT CHINON", 1))]


def test_of_two_lines_that_say_the_same_only_the_one_that_changed_is_told():
    before = lines(order(items=[item(quantity=1), item(quantity=1)]))
    (change,) = line_changes.between(before, lines(order(items=[item(quantity=1), item(quantity=1, isCanceled=True)])))

    assert (change.before.money, change.after.money) == ("turnover", "canceled")


def test_a_line_of_another_note_is_another_line():
    before, after = lines(order(1, items=[item()])), lines(order(2, items=[item()]))

    assert len(told(before, after)) == 2


def test_an_option_that_was_changed_is_a_change():
    before, after = (lines(order(items=[item(modifiers=[{"name": name}])])) for name in ("Cassis", "Mûre"))
    (change,) = line_changes.between(before, after)

    assert (change.before.modifiers, change.after.modifiers) == (("Cassis",), ("Mûre",))
