"""The answer to a tap gets lost on its way back (FAULTS 80): the tablet says so, and the same tap changes nothing."""

from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from sommit.extensions import db
from tests.browser.conftest import LIST, open_page
from tests.browser.rows import linked, open_row, to_do
from tests.support.proxy import Pass, Proxy, Reset, proxy


@pytest.fixture
def between(address: str) -> Iterator[Proxy]:
    """The network between the tablet and the application."""
    parts = urlsplit(address)
    with proxy((str(parts.hostname), parts.port or 80)) as made:
        yield made


@pytest.fixture
def tablet(browser: Browser, between: Proxy, bar: SimpleNamespace) -> Iterator[Page]:
    """Camille's tablet, signed in; its console may complain of the network."""
    page = open_page(browser, f"http://127.0.0.1:{between.port}", bar.user)
    yield page
    page.context.close()


def test_an_answer_that_was_lost_is_told_as_perhaps_saved_and_the_same_tap_gives_the_first_result(
    tablet: Page, between: Proxy, bar: SimpleNamespace
) -> None:
    once = {bar.keys.chablis.id: (bar.chablis.id, 125)}
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.chablis)
    db.session.rollback()
    lost: list[bytes] = []

    def lose(request: bytes) -> None:
        if request.startswith(b"POST "):
            lost.append(request)
            between.down.mode = Reset()

    between.up.watch = lose
    opened.get_by_role("button", name="Oui").tap()
    expect(opened.get_by_role("alert")).to_contain_text("Peut-être enregistré.")
    assert lost
    assert linked() == once

    between.up.watch, between.down.mode = lambda _request: None, Pass()
    opened.get_by_role("button", name="Oui").tap()
    expect(opened).to_contain_text("stock 22 → 19,7")
    expect(opened.get_by_role("alert")).to_have_count(0)
    expect(to_do(tablet)).to_have_text("5 boissons à synchroniser")
    assert linked() == once
