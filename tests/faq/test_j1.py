"""Row J1 of the FAQ: address, phone, and a conversation with the support team inside the app."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import TABLET


def test_j1_the_page_gives_the_address_and_the_phone(page: Page, bar):
    page.goto("/boissons")
    page.get_by_role("link", name="Aide").tap()

    expect(page.get_by_role("link", name="support@somm-it.com")).to_have_attribute("href", "mailto:support@somm-it.com")
    expect(page.get_by_role("link", name="05 19 80 01 37")).to_have_attribute("href", "tel:+33519800137")


def test_j1_the_venue_writes_the_team_answers_and_nobody_reloads(page: Page, bar, browser, address):
    team = team_of(browser, address)
    page.goto("/aide")
    page.get_by_label("Votre message").fill("Comment retirer le rhum du stock ?")
    page.get_by_role("button", name="Envoyer").tap()
    expect(page.locator(".thread")).to_contain_text("Comment retirer le rhum du stock ?")
    expect(page.get_by_label("Votre message")).to_be_focused()
    expect(page.get_by_label("Votre message")).to_have_value("")

    team.goto("/assistance")
    team.get_by_role("link", name=bar.venue.name).tap()
    expect(team.locator(".thread")).to_contain_text("Comment retirer le rhum du stock ?")
    team.get_by_label("Votre message").fill("Ouvrez la ligne MOJITO, puis ajoutez une boisson.")
    team.get_by_role("button", name="Envoyer").tap()
    expect(team.locator(".thread")).to_contain_text("Ouvrez la ligne MOJITO")

    expect(page.locator(".thread")).to_contain_text("Ouvrez la ligne MOJITO, puis ajoutez une boisson.")
    team.context.close()


def test_j1_an_unread_answer_is_counted_in_the_bar_until_the_page_was_opened(page: Page, bar):
    factories.message(bar.venue, factories.user(None, is_support=True), "Bonsoir Camille.")
    page.goto("/boissons")
    expect(page.locator("#help-badge")).to_have_text("1 réponse non lue")

    page.get_by_role("link", name="Aide").tap()
    expect(page.locator(".is-new")).to_contain_text("Bonsoir Camille.")
    expect(page.locator("#help-badge")).to_be_hidden()
    page.goto("/boissons")
    expect(page.locator("#help-badge")).to_be_hidden()


def test_j1_axe_finds_nothing_on_either_side(page: Page, bar, browser, address):
    factories.message(bar.venue, bar.user, "Comment retirer le rhum ?")
    factories.message(bar.venue, factories.user(None, is_support=True), "Bonsoir Camille.")
    team = team_of(browser, address)
    for opened, places in ((page, ["/aide"]), (team, ["/assistance", f"/assistance/{bar.venue.id}"])):
        for place in places:
            opened.goto(place)
            assert Axe().run(opened).response["violations"] == [], place
    team.context.close()


def team_of(browser, address: str) -> Page:
    """Inès of the support team; she lands on her conversations."""
    ines = factories.user(None, is_support=True)
    page = browser.new_context(base_url=address, locale="fr-FR", **TABLET).new_page()
    page.goto("/connexion")
    page.fill("[name=email]", ines.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/assistance")
    return page
