"""The frame of every page in a real browser: what it says when an answer does not come, where the focus goes."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sommit.models import User
from tests import factories
from tests.support.browser import stop_the_clock
from tests.web import live
from tests.web.test_xss import packed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on the database

TABLET = {"width": 1024, "height": 768}


@pytest.fixture
def trial_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(TESTING=False)
    app.extensions["trouble"] = live.add_trial(app)
    with app.app_context():
        yield app


@pytest.fixture
def trouble(trial_app: Flask) -> live.Trouble:
    return trial_app.extensions["trouble"]


@pytest.fixture
def person(trial_app: Flask) -> User:
    return factories.user(factories.venue())


@pytest.fixture
def tablet(browser: Browser, trial_app: Flask) -> Iterator[BrowserContext]:
    """A tablet in front of the application; a breach of the page's policy fails the test."""
    with live.serving(trial_app) as address:
        context = browser.new_context(base_url=address, viewport=TABLET, has_touch=True, locale="fr-FR")
        breaches: list[str] = []
        context.on("console", lambda message: breaches.append(message.text) if "Security" in message.text else None)
        context.add_init_script("window.alert = window.msgbox = () => { window.ran = true }")
        context.on("weberror", lambda error: breaches.append(str(error.error)))
        yield context
        trial_app.extensions["trouble"].release.set()
        context.close()
        assert breaches == []


@pytest.fixture
def page(tablet: BrowserContext, person: User) -> Page:
    page = tablet.new_page()
    _sign_in(page, person)
    return page


def _sign_in(page: Page, person: User) -> None:
    page.goto("/connexion?next=/essai/bien")
    _fill_in(page, person)


def _fill_in(page: Page, person: User) -> None:
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Essai")).to_be_visible()


def _send(page: Page) -> None:
    page.get_by_role("button", name="Envoyer").click()


def test_a_success_takes_the_place_of_the_row_and_the_focus_follows(page: Page) -> None:
    _send(page)
    expect(page.get_by_label("Quantité")).to_be_focused()


@pytest.mark.parametrize("outcome", ["invalide", "conflit"])
def test_a_refused_form_and_a_conflict_take_the_place_of_the_row_too(page: Page, outcome: str) -> None:
    page.goto(f"/essai/{outcome}")
    _send(page)
    expect(page.get_by_label("Quantité")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_breaks_is_told_beside_the_control_which_can_be_used_again(page: Page, trouble: live.Trouble) -> None:
    page.goto("/essai/casse")
    _send(page)
    notice = page.locator("form [role=alert]")
    expect(notice).to_contain_text("Quelque chose s’est cassé de notre côté.")
    expect(page.locator("#row")).to_have_text("avant")
    expect(page.get_by_role("button", name="Envoyer")).to_be_enabled()
    trouble.outcome = 200
    _send(page)
    expect(page.get_by_label("Quantité")).to_be_focused()
    expect(notice).to_have_count(0)


def test_a_router_that_answers_for_us_is_told_in_our_words(page: Page, trouble: live.Trouble) -> None:
    trouble.outcome = 502
    _send(page)
    expect(page.locator("form [role=alert]")).to_contain_text("Pas enregistré")
    expect(page.get_by_text("Bad gateway")).to_have_count(0)


def test_a_refusal_says_its_own_sentence(page: Page) -> None:
    page.goto("/essai/refus")
    _send(page)
    expect(page.locator("form [role=alert]")).to_contain_text("Cette demande est refusée.")


def test_a_tablet_without_network_says_that_nothing_was_saved(page: Page, tablet: BrowserContext) -> None:
    tablet.set_offline(True)
    _send(page)
    expect(page.locator("form [role=alert]")).to_contain_text("Pas enregistré\u00a0: la tablette est hors ligne.")
    tablet.set_offline(False)
    _send(page)
    expect(page.get_by_label("Quantité")).to_be_focused()


def test_an_answer_that_does_not_come_in_time_says_that_it_may_have_been_saved(page: Page) -> None:
    page.goto("/essai/lent")
    page.evaluate("htmx.config.timeout = 50")
    _send(page)
    expect(page.locator("form [role=alert]")).to_contain_text("Peut-être enregistré.")
    expect(page.get_by_role("button", name="Envoyer")).to_be_enabled()


def test_an_ended_session_brings_the_sign_in_and_then_the_page_back(
    page: Page, tablet: BrowserContext, person: User
) -> None:
    tablet.clear_cookies()
    _send(page)
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    _fill_in(page, person)
    expect(page.locator("#row")).to_have_text("avant")


def test_after_signing_out_the_back_button_shows_nothing_of_the_venue(page: Page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()


def test_the_light_changes_without_a_new_page_and_stays(page: Page) -> None:
    page.locator("#row").evaluate("row => row.textContent = 'la même page'")
    page.get_by_role("button", name="Passer en sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#row")).to_have_text("la même page")
    expect(page.get_by_role("button", name="Passer en clair")).to_be_focused()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_message_goes_when_it_is_closed(page: Page) -> None:
    page.get_by_role("button", name="Fermer le message").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_message_goes_by_itself_after_twelve_seconds_but_not_while_it_is_touched(page: Page) -> None:
    stop_the_clock(page)
    page.reload()
    page.clock.run_for(11_000)
    expect(page.locator(".toast")).to_be_visible()
    page.get_by_role("button", name="Fermer le message").focus()
    page.clock.run_for(60_000)
    expect(page.locator(".toast")).to_be_visible()
    page.get_by_role("button", name="Envoyer").focus()
    page.clock.run_for(12_500)
    expect(page.locator(".toast")).to_have_count(0)


def test_the_password_can_be_shown(tablet: BrowserContext) -> None:
    page = tablet.new_page()
    page.goto("/connexion")
    page.get_by_role("button", name="Montrer le mot de passe").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")


def test_without_javascript_one_signs_in_changes_the_light_and_sends_a_form(
    browser: Browser, trial_app: Flask, person: User
) -> None:
    with live.serving(trial_app) as address:
        context = browser.new_context(base_url=address, java_script_enabled=False)
        page = context.new_page()
        _sign_in(page, person)
        expect(page.get_by_role("button", name="Fermer le message")).to_be_hidden()
        page.get_by_role("button", name="Passer en sombre").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.get_by_role("heading", name="Essai")).to_be_visible()
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 390])
def test_axe_finds_nothing_on_the_sign_in_the_errors_and_the_menu(
    page: Page, tablet: BrowserContext, scheme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto("/404")
    page.locator("details.menu summary").click()
    _assert_accessible(page)
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_label("Adresse e-mail").fill("personne@example.com")
    page.get_by_label("Mot de passe", exact=True).fill("pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_name_runs_in_the_browser(page: Page, tablet: BrowserContext, trial_app: Flask) -> None:
    for name in packed():
        venue = factories.venue(name)
        factories.drink(venue, name, producer=name)
        factories.reference(venue, name, category=name)
        _fresh_sign_in(page, tablet, factories.user(venue))
        for address in ("/boissons", "/boissons/a-synchroniser", "/404"):
            page.goto(address)
            assert page.evaluate("window.ran") is None, (name, address)


def _fresh_sign_in(page: Page, tablet: BrowserContext, person: User) -> None:
    tablet.clear_cookies()
    _sign_in(page, person)


def _assert_accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
