"""The whole house: a till, a Valkey, a worker that forks, the web, and a tablet, on both databases."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from demo.simulator import Server, Till, serve
from sommit.models import User
from tests import factories
from tests.browser.conftest import TABLET
from tests.conftest import KEY
from tests.house import processes
from tests.jobs.conftest import MORNING
from tests.support.browser import NEVER_MIND_HOW_SLOW_MS


@pytest.fixture
def server(till: Till) -> Iterator[Server]:
    """The till's API on loopback, on the morning after."""
    till.today = MORNING.date()
    with serve(till) as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], valkey_url: str, server: Server) -> Iterator[Flask]:
    """The application as the web process has it; no midnight falls into its story."""
    app = make_app(REDIS_URL=valkey_url, JALIA_API_URL=server.url, NOW=MORNING)
    with app.app_context():
        yield app


@pytest.fixture
def worker(app: Flask, database_url: str, valkey_url: str, server: Server) -> Iterator[None]:
    """A real worker, in a process of its own."""
    env = {"DATABASE_URL": database_url, "REDIS_URL": valkey_url, "JALIA_API_URL": server.url, "TOKEN_KEYS": KEY}
    env["SOMMIT_NOW"] = MORNING.isoformat()
    with processes.launcher() as launch:
        launch("flask", "--app", "app", "worker", **env)
        yield


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the web answers."""
    web = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    thread.join()
    web.server_close()


@pytest.fixture
def tablet(browser: Browser, address: str, user: User) -> Iterator[Page]:
    """Camille's tablet, signed in."""
    device: dict[str, Any] = TABLET | {"base_url": address, "locale": "fr-FR"}
    context = browser.new_context(**device)
    context.set_default_timeout(NEVER_MIND_HOW_SLOW_MS)
    page = context.new_page()
    page.goto("/connexion")
    page.fill("[name=email]", user.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").tap()
    page.wait_for_url("**/boissons")
    yield page
    context.close()
