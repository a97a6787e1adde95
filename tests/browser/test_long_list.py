"""The list at two hundred rows: its place is kept, rows are ticked, by taps, by keys, without JavaScript."""

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from sommit.extensions import db
from sommit.models import Link, TillReference
from sommit.services import till_links
from tests import factories
from tests.browser.conftest import LIST, open_page
from tests.browser.rows import open_row, row, to_do
from tests.browser.test_to_sync_otherwise import press_until
from tests.screens.proposals import suggest

LONG_LABEL = "LE TRES LONG LIBELLE D UNE CAISSE QUI NE COUPE RIEN DU TOUT."
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def bar(bar: SimpleNamespace) -> SimpleNamespace:
    """The bar with two hundred keys more; every third one has no proposal."""
    closing = factories.closing(bar.venue)
    bar.many = []
    for number in range(200):
        label = LONG_LABEL if number == 150 else f"VRE COTEAUX DU LAYON {number:03d}"
        key = factories.reference(bar.venue, label, category="Vins au verre", price_cents=900)
        factories.sale(closing, key, 3, cents=6900 - number * 30)
        if number % 3:
            suggest(key, bar.chablis)
        bar.many.append(key)
    db.session.rollback()
    return bar


def top(place: Locator) -> float:
    return round(place.evaluate("element => element.getBoundingClientRect().top"))


def box(page: Page, reference) -> Locator:
    return row(page, reference).get_by_role("checkbox")


def tick(page: Page, *references) -> None:
    for reference in references:
        row(page, reference).locator(".tick").tap()
        expect(box(page, reference)).to_be_checked()


def in_sight(page: Page, reference) -> Locator:
    """Scroll until a row stands in the middle of the screen."""
    row(page, reference).evaluate("element => element.scrollIntoView({ block: 'center' })")
    return row(page, reference)


def links() -> dict[int, tuple[int, int]]:
    """Drink and serving of each key that is linked now; what the test holds need not be read again."""
    live = db.session.query(Link).filter(Link.broken_at.is_(None))
    found = {link.reference_id: (link.drink_id, link.serving_ml) for link in live}
    db.session.commit()
    return found


def ignored() -> int:
    found = db.session.query(TillReference).filter(TillReference.ignored_at.is_not(None)).count()
    db.session.commit()
    return found


def test_each_answer_far_down_leaves_the_list_where_it_was(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    for number in (101, 104):
        above = in_sight(tablet, bar.many[number - 1])
        opened = open_row(tablet, bar.many[number])
        before, scrolled = top(above), tablet.evaluate("window.scrollY")
        opened.get_by_role("button", name="Oui").tap()
        expect(opened).to_have_class(re.compile("is-done"))
        assert (top(above), tablet.evaluate("window.scrollY")) == (before, scrolled)
    expect(tablet.locator("#coverage")).to_be_in_viewport()
    expect(tablet.locator("#coverage progress")).to_have_attribute("value", str(2 * 6900 - (101 + 104) * 30))


def test_what_is_ticked_is_accepted_in_one_tap_and_undone_in_one(tablet: Page, bar: SimpleNamespace):
    tablet.goto(f"{LIST}?montrer=vendues")
    expect(tablet.locator(".selection")).to_be_hidden()
    above = in_sight(tablet, bar.many[99])
    tick(tablet, bar.many[100], bar.many[101], bar.many[102])
    expect(tablet.locator(".selection")).to_be_in_viewport()
    before = top(above)

    tablet.get_by_role("button", name="Accepter les propositions").tap()

    toasts = tablet.locator("#toasts")
    expect(toasts).to_contain_text("2 références liées.")
    expect(toasts).to_contain_text("VRE COTEAUX DU LAYON 102")
    expect(row(tablet, bar.many[100])).to_have_count(0)
    expect(box(tablet, bar.many[102])).to_be_checked()
    assert top(above) == before
    expect(tablet.get_by_role("link", name="Vendues 203")).to_have_attribute("aria-current", "true")
    assert set(links()) == {bar.many[100].id, bar.many[101].id}

    toasts.get_by_role("button", name="Annuler").tap()

    expect(row(tablet, bar.many[100])).to_be_visible()
    expect(tablet.get_by_role("link", name="Vendues 205")).to_be_visible()
    assert top(above) == before


def test_a_row_stays_ticked_while_it_is_opened_and_closed(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    tick(tablet, bar.many[4])
    opened = open_row(tablet, bar.many[4])
    expect(box(tablet, bar.many[4])).to_be_checked()
    opened.get_by_role("link", name="Refermer").tap()
    expect(opened).to_have_class("row")
    expect(box(tablet, bar.many[4])).to_be_checked()


def test_a_row_that_another_tablet_answered_is_left_and_named(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    tick(tablet, bar.many[4], bar.many[5])
    till_links.link(db.session.get(TillReference, bar.many[5].id), bar.ipa, serving_ml=250)
    db.session.commit()

    tablet.get_by_role("button", name="Ignorer").tap()

    expect(tablet.locator("#toasts")).to_contain_text("1 référence ignorée.")
    expect(tablet.locator("#toasts")).to_contain_text(re.compile("Quelqu’un vient de répondre pour.*LAYON 005"))
    expect(row(tablet, bar.many[5])).to_have_count(0)
    assert links()[bar.many[5].id] == (bar.ipa.id, 250)


def test_rows_are_ticked_and_ignored_by_the_keyboard_alone(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    press_until(tablet, box(tablet, bar.many[0]))
    tablet.keyboard.press("Space")
    tablet.keyboard.press("Enter")  # on a box, Enter sends nothing
    expect(box(tablet, bar.many[0])).to_be_checked()
    press_until(tablet, box(tablet, bar.many[1]))
    tablet.keyboard.press("Space")
    expect(tablet.locator(".selection")).to_contain_text("Cochées")
    clear = tablet.get_by_role("button", name="Tout décocher")
    clear.focus()
    tablet.keyboard.press("Enter")
    expect(box(tablet, bar.many[0])).to_be_focused()
    expect(box(tablet, bar.many[1])).not_to_be_checked()
    expect(tablet.locator(".selection")).to_be_hidden()

    tablet.keyboard.press("Space")
    tablet.get_by_role("button", name="Ignorer").focus()
    tablet.keyboard.press("Enter")

    expect(tablet.locator("#toasts")).to_contain_text("1 référence ignorée.")
    expect(row(tablet, bar.many[0])).to_have_count(0)
    expect(tablet.locator("#toasts").get_by_role("button", name="Annuler")).to_be_visible()


def test_rows_are_ticked_without_javascript(bare_tablet: Page, bar: SimpleNamespace):
    page = bare_tablet
    page.goto(f"{LIST}?montrer=vendues")
    tick(page, bar.many[3], bar.many[4])

    page.get_by_role("button", name="Ignorer").tap()

    expect(page.locator("#toasts")).to_contain_text("2 références ignorées.")
    expect(page.get_by_role("link", name="Vendues 203")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Annuler").tap()
    expect(to_do(page)).to_have_text("206 boissons à synchroniser")


def test_a_whole_category_goes_in_one_tap_and_comes_back_in_one(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    tablet.get_by_role("link", name="Catégories de la caisse").tap()
    tablet.get_by_role("button", name="Ignorer la catégorie Vins au verre").tap()
    expect(tablet.locator("#toasts")).to_contain_text("Vins au verre")
    assert ignored() == 201

    tablet.goto(f"{LIST}?montrer=ignorees")
    tablet.get_by_role("button", name="Réactiver la catégorie Vins au verre").tap()

    expect(tablet.get_by_role("button", name="Ignorer la catégorie Vins au verre")).to_be_visible()
    assert ignored() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1024, "height": 768}, PHONE], ids=["tablet", "phone"])
def test_axe_finds_nothing_in_two_hundred_rows(
    browser: Browser, address: str, bar: SimpleNamespace, scheme: str, size: dict[str, int]
):
    page = open_page(browser, address, bar.user, viewport=size, color_scheme=scheme, device_scale_factor=1)
    page.goto(LIST)
    in_sight(page, bar.many[150])
    tick(page, bar.many[150], bar.many[151])
    check(page)
    page.locator(".selection .button-full").tap()
    expect(page.locator("#toasts")).to_contain_text("1 référence liée.")
    check(page)
    for place in (f"{LIST}/categories", f"{LIST}?montrer=ignorees"):
        page.goto(place)
        if place.endswith("categories"):
            page.get_by_role("button", name="Ignorer la catégorie Vins au verre").tap()
            expect(page.locator("#toasts")).to_contain_text("Vins au verre")
        check(page)
    page.context.close()


def check(page: Page) -> None:
    """Nothing for axe to find, nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url


def test_a_label_of_sixty_characters_is_whole_on_a_phone(browser: Browser, address: str, bar: SimpleNamespace):
    page = open_page(browser, address, bar.user, viewport=PHONE, device_scale_factor=1)
    page.goto(LIST)
    long = in_sight(page, bar.many[150])

    label = long.locator(".row-name .till")
    expect(label).to_have_text(LONG_LABEL)
    words, cell = label.bounding_box(), long.bounding_box()
    assert cell["x"] <= words["x"]
    assert words["x"] + words["width"] <= cell["x"] + cell["width"]
    for control in (long.locator(".tick"), long.get_by_role("link", name="Synchroniser")):
        place = control.bounding_box()
        assert min(place["width"], place["height"]) >= 44
        assert 0 <= place["x"] <= PHONE["width"] - place["width"]
    page.context.close()
