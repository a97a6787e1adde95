"""What moves without the page being loaded: the line where the answers are enough, a question, what looks by itself."""

import re
from types import SimpleNamespace

from playwright.sync_api import Page, Request, expect

from sommit.extensions import db
from sommit.models import KeyQuestion
from tests import factories
from tests.browser.conftest import LIST
from tests.browser.rows import open_row, row, to_do
from tests.support.browser import stop_the_clock

AWAY = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s})"
BACK = "document.dispatchEvent(new Event('visibilitychange'))"


def above_the_line(page: Page) -> str:
    return page.locator("#rows-rule").evaluate("one => one.previousElementSibling.id")


def test_the_line_where_the_answers_are_enough_follows_each_answer(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    assert above_the_line(tablet) == f"ref-{bar.keys.new.id}"
    opened = open_row(tablet, bar.keys.new)
    opened.get_by_role("button", name="Ignorer").tap()
    expect(row(tablet, bar.keys.new)).to_have_class(re.compile("is-ignored"))
    assert above_the_line(tablet) == f"ref-{bar.keys.wrong.id}"
    expect(tablet.locator("#rows-rule")).to_be_visible()
    tablet.reload()
    assert above_the_line(tablet) == f"ref-{bar.keys.wrong.id}"


def test_the_focus_is_never_lost_in_the_list(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.new)
    opened.get_by_label("Chercher dans mes boissons").fill("morgon")
    opened.get_by_role("link", name="Morgon Côte du Py 2022").press("Enter")
    expect(opened.locator(".till").first).to_be_focused()

    row(tablet, bar.keys.chablis).get_by_role("checkbox").press("Space")
    tablet.get_by_label("Pour les références cochées").get_by_role("button", name="Ignorer").press("Enter")
    expect(row(tablet, bar.keys.chablis)).to_have_count(0)
    expect(row(tablet, bar.keys.morgon).get_by_role("checkbox")).to_be_focused()
    tablet.locator(".toast").get_by_role("button", name="Annuler").press("Enter")
    expect(row(tablet, bar.keys.chablis)).to_be_visible()
    expect(row(tablet, bar.keys.morgon).get_by_role("checkbox")).to_be_focused()


def test_a_question_is_answered_in_the_list_and_the_focus_is_on_its_row(tablet: Page, bar: SimpleNamespace):
    labels = {"old_label": "VRE CHABLIS", "new_label": "MOJITO", "old_price_cents": 650, "new_price_cents": 1100}
    asked = {"venue_id": bar.venue.id, "reference_id": bar.keys.new.id, "since": factories.NOW}
    db.session.add(KeyQuestion(**asked, asked_at=factories.NOW, **labels))
    db.session.commit()
    tablet.goto(LIST)
    tablet.evaluate("document.body.dataset.kept = 'yes'")
    tablet.get_by_role("button", name="Non, une autre").press("Enter")

    expect(tablet.locator("[id^=question-]")).to_have_count(0)
    expect(row(tablet, bar.keys.new).locator(".till")).to_be_focused()
    expect(tablet.locator(".toast")).to_contain_text("attend comme une nouvelle référence")
    expect(to_do(tablet)).to_have_text("6 boissons à synchroniser")
    assert tablet.evaluate("document.body.dataset.kept") == "yes"


def test_a_tab_that_nobody_looks_at_asks_nothing_and_looks_again_when_somebody_does(tablet: Page):
    stop_the_clock(tablet)
    tablet.goto("/aide")
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type in ("xhr", "fetch"):  # icons are the browser's own affair
            asked.append(request.url)

    tablet.on("request", note)
    tablet.evaluate(AWAY % "true")
    tablet.clock.run_for(300_000)
    assert asked == []

    tablet.evaluate(AWAY % "false")
    with tablet.expect_request("**/aide/fil*"), tablet.expect_request("**/aide/non-lus"):
        tablet.evaluate(BACK)


def test_escape_closes_the_golden_till_which_opens_again_when_it_is_tapped(tablet: Page, bar: SimpleNamespace):
    factories.link(bar.keys.chablis, bar.chablis, 125)
    db.session.rollback()
    tablet.goto(f"/boissons/{bar.chablis.id}")
    till, window = tablet.locator(".golden summary"), tablet.locator(".golden .window")
    till.focus()
    expect(window).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(till).to_be_focused()
    till.press("Enter")
    expect(window).to_be_visible()
