"""What somebody wrote without a space stays within a phone's width."""

from types import SimpleNamespace

from playwright.sync_api import Page, expect


def test_a_message_without_a_space_breaks_instead_of_pushing_the_page_aside(tablet: Page, bar: SimpleNamespace):
    tablet.set_viewport_size({"width": 390, "height": 844})
    tablet.goto("/aide")
    tablet.get_by_label("Votre message").fill("https://exemple.fr/" + "a" * 120)

    tablet.get_by_role("button", name="Envoyer").tap()

    expect(tablet.locator(".thread article")).to_contain_text("exemple.fr")
    assert tablet.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
