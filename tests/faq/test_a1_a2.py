"""Rows A1 and A2 of the FAQ: a token asked for in one tap, then pasted, tried at once, and never shown again."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sommit.extensions import db
from sommit.models import TillConnection
from sommit.services import till_connection, tokens
from tests.browser.conftest import open_page
from tests.till_screens.conftest import MORNING, bells

__all__ = ["bells"]

TOKEN = "the-token-that-jalia-has-sent"
CONTACT = "support@jalia.example"


@pytest.fixture
def page(app, browser: Browser, address: str, venue, user, till, server, bells, monkeypatch) -> Iterator[Page]:
    """Camille's tablet, at a venue whose till is not connected; the till has two keys and one closing."""
    app.config["JALIA_CONTACT_EMAIL"] = CONTACT
    monkeypatch.setattr(till_connection, "sleep", lambda _seconds: None)
    till.token = TOKEN
    for label in ("VRE CHABLIS", "PINTE IPA"):
        till.product(label)
    till.closing([("VRE CHABLIS", 1)])
    db.session.rollback()
    opened = open_page(browser, address, user)
    opened.goto("/caisse")
    yield opened
    assert opened.complaints == []  # type: ignore[attr-defined]
    opened.context.close()


def kept(venue) -> TillConnection | None:
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(TillConnection, venue.id)
    db.session.rollback()
    return found


def paste(page: Page, token: str, days: str = "30") -> None:
    page.get_by_label("Token reçu de Jalia").fill(token)
    page.get_by_label("Remonter à").fill(days)
    page.get_by_role("button", name="Essayer ce token").tap()


def test_a1_the_page_explains_the_two_steps_and_opens_the_ready_written_e_mail(page: Page):
    expect(page.get_by_role("heading", name="Demandez un token à Jalia")).to_be_visible()
    expect(page.get_by_role("heading", name="Collez-le ici")).to_be_visible()
    letter = page.get_by_role("link", name="Écrire à Jalia").get_attribute("href") or ""

    assert letter.startswith(f"mailto:{CONTACT}?subject=Token%20pour%20l%E2%80%99API%20Somm%E2%80%99It")
    assert "Le%20Zinc%20des%20Capucins" in letter
    assert "%0D%0A" in letter


def test_a1_one_tap_copies_the_whole_e_mail(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier l’e-mail").tap()

    expect(page.get_by_role("status").filter(has_text="Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert CONTACT in copied
    assert "Token pour l’API Somm’It" in copied
    assert "Merci d’avance." in copied


def test_a1_where_the_tablet_refuses_to_copy_the_text_is_shown_selected(page: Page):
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Copier l’e-mail").tap()

    expect(page.get_by_role("status").filter(has_text="copiez-le à la main")).to_be_visible()
    expect(page.locator("#lettre")).to_be_visible()
    assert "Merci d’avance." in page.evaluate("getSelection().toString()")


def test_a1_without_javascript_the_e_mail_can_be_read(browser: Browser, address: str, page: Page, user):
    bare = open_page(browser, address, user, java_script_enabled=False)
    bare.goto("/caisse")
    expect(bare.get_by_role("button", name="Copier l’e-mail")).to_be_hidden()
    bare.get_by_text("Lire l’e-mail").tap()

    expect(bare.locator("#lettre")).to_contain_text("Pouvez-vous me donner un token")
    bare.context.close()


def test_a2_a_wrong_token_gets_a_sentence_at_once_and_is_not_kept(page: Page, venue):
    paste(page, "not-the-token", "90")

    expect(page.locator("#jeton-error")).to_contain_text("Jalia refuse ce token.")
    expect(page.get_by_label("Token reçu de Jalia")).to_be_focused()
    expect(page.get_by_label("Token reçu de Jalia")).to_have_value("")
    expect(page.get_by_label("Remonter à")).to_have_value("90")
    assert kept(venue) is None


def test_a2_a_good_one_says_the_venue_and_its_references_and_is_never_shown_again(page: Page, venue, bells):
    paste(page, TOKEN, "60")

    said = page.locator("main")
    expect(said).to_contain_text("Token accepté\u00a0: «\u202fLe Zinc des Capucins\u202f», 2 références.")
    connection = kept(venue)
    assert TOKEN.encode() not in connection.token
    assert tokens.open_for(venue.id, connection.token) == TOKEN
    assert (MORNING.date() - connection.read_from).days == 60
    assert bells == [venue.id]
    db.session.rollback()
    for _look in range(2):
        assert TOKEN not in page.content()
        page.goto("/caisse")
    expect(page.locator("#token")).to_contain_text(TOKEN[-4:])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a1_axe_finds_nothing_with_the_letter_open_and_a_field_at_fault(browser, address, page: Page, user, scheme):
    phone = open_page(browser, address, user, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    phone.goto("/caisse")
    phone.get_by_text("Lire l’e-mail").tap()
    paste(phone, TOKEN, "999")
    expect(phone.locator("#jours-error")).to_be_visible()
    phone.get_by_text("Lire l’e-mail").tap()

    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    phone.context.close()
