"""A tablet that loses the server is shown "hors ligne" in place of the browser's page; nothing of a venue is kept."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import LIST, open_page
from tests.support import ports

KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const isText = /html|javascript|css|svg/.test(answer.headers.get("Content-Type"));
      kept[new URL(request.url).pathname] = isText ? await answer.text() : "";
    }
  }
  return kept;
}"""

REPLACED = """async (former) => {
  for (let names = [former]; names.length !== 1 || names[0] === former; names = await caches.keys())
    await new Promise((go) => setTimeout(go, 50));
}"""


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Serve until the block ends; then connections are refused, as without network."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def _ready(page: Page) -> None:
    """Wait until the script has all it needs, and stands before the pages to come."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


@pytest.fixture
def open_bar(browser: Browser, app: Flask, bar: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Camille's tablet, ready for the loss of its server, and `stop`, which takes the server away."""
    with ports.kept() as port, ExitStack() as server:
        server.enter_context(serving(app, port))
        page = open_page(browser, f"http://127.0.0.1:{port}", bar.user)
        _ready(page)
        yield SimpleNamespace(page=page, port=port, stop=server.close, bar=bar)
        page.context.close()


def test_a_page_that_cannot_be_fetched_says_where_everything_is_and_comes_when_it_can(
    open_bar: SimpleNamespace, app: Flask
) -> None:
    page = open_bar.page
    open_bar.stop()
    page.get_by_role("link", name="Ventes").click()
    expect(page.get_by_role("heading", name="Hors ligne, rien n’est perdu.")).to_be_visible()
    expect(page.get_by_text("dans la caisse")).to_be_visible()
    assert page.url.endswith("/ventes")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "flex"
    )  # its stylesheet is there
    with serving(app, open_bar.port):
        page.get_by_role("link", name="Réessayer").click()
        expect(page.get_by_role("link", name="Ventes")).to_have_attribute("aria-current", "page")


def test_what_htmx_asks_for_is_still_told_in_place(open_bar: SimpleNamespace) -> None:
    page = open_bar.page
    page.goto(LIST)
    open_bar.stop()
    page.get_by_role("button", name="Passer en sombre").click()
    expect(page.get_by_role("alert")).to_contain_text("Peut-être enregistré")  # the network is there, the server is not
    assert page.url.endswith(LIST)
    expect(page.get_by_text("VRE CHABLIS FEVRE").first).to_be_visible()


def test_nothing_of_the_venue_is_kept_while_signed_in_nor_after_signing_out(open_bar: SimpleNamespace) -> None:
    page, bar = open_bar.page, open_bar.bar
    for address in (LIST, f"/boissons/{bar.chablis.id}", "/ventes", "/caisse"):
        page.goto(address)
    _assert_nobodys(page.evaluate(KEPT), bar)
    page.locator("details.menu:has(.icon) > summary").last.click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    _assert_nobodys(page.evaluate(KEPT), bar)
    open_bar.stop()
    page.goto("/boissons")
    expect(page.get_by_role("heading", name="Hors ligne, rien n’est perdu.")).to_be_visible()


def _assert_nobodys(kept: dict[str, Any], bar: SimpleNamespace) -> None:
    assert "/hors-ligne" in kept
    assert {path for path in kept if not path.startswith("/static/")} == {"/hors-ligne"}
    for words in (bar.venue.name, bar.user.email, "Chablis", "VRE CHABLIS"):
        assert [path for path, text in kept.items() if words in text] == []


def test_a_new_version_takes_the_place_of_the_one_that_was_kept(open_bar: SimpleNamespace) -> None:
    page = open_bar.page
    (before,) = page.evaluate("caches.keys()")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate(REPLACED, before)
    open_bar.stop()
    page.goto("/ventes")
    expect(page.get_by_role("heading", name="Offline, nothing is lost.")).to_be_visible()
