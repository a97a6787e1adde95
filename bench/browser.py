"""A browser signed in at a bar, and the page it is shown rendered again from what its template was given."""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from werkzeug.test import create_environ, run_wsgi_app

from bench.venue import Bar
from tests.screens.statements import counted


def signed_in(app: Flask, bar: Bar) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id=str(bar.user_id), _fresh=True, venue_id=bar.venue_id)
    return client


def asked(client: FlaskClient, address: str, headers: Mapping[str, str]) -> float:
    """Ask for a page, or for what htmx swaps in; return the seconds from the request's arrival to its last byte."""
    environ = create_environ(address, headers=_with_cookie(client, headers))
    start = time.perf_counter()
    _body, status, _headers = run_wsgi_app(client.application, environ, buffered=True)
    seconds = time.perf_counter() - start
    assert status.startswith("200"), status
    return seconds


def _with_cookie(client: FlaskClient, headers: Mapping[str, str]) -> dict[str, str]:
    cookie = client.get_cookie("sommit")
    assert cookie is not None
    return {**headers, "Cookie": f"sommit={cookie.value}"}


def statements(app: Flask, client: FlaskClient, address: str) -> int:
    """Return how many statements a page sends to the database."""
    client.get(address)
    with app.app_context(), counted() as sent:
        client.get(address)
    return len(sent)


class Memory:
    """A page that was shown once, ready to be rendered again from the same objects, without a database."""

    def __init__(self, app: Flask, client: FlaskClient, address: str, headers: Mapping[str, str]) -> None:
        self._app, self._client, self._address, self._headers = app, client, address, headers
        shown: list[tuple[Template, dict[str, Any]]] = []

        def keep(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
            shown.append((template, context))

        with template_rendered.connected_to(keep, app):
            self._text = client.get(address, headers=headers).text
        self._template, self._context = shown[-1]

    def rendered(self) -> float:
        """Render the page in a request of the same person; return the seconds that the template takes."""
        names: dict[str, Any] = self._app.jinja_env.globals
        asking = {name: names[name] for name in ("count_to_sync", "unread_answers", "news_in_brief", "asked_keys")}
        with self._app.test_request_context(self._address, headers=_with_cookie(self._client, self._headers)):
            self._app.preprocess_request()
            names.update({name: cache(ask) for name, ask in asking.items()})
            try:
                self._template.render(self._context)  # what the template itself asks for is remembered
                with counted() as sent:
                    start = time.perf_counter()
                    html = self._template.render(self._context)
                    seconds = time.perf_counter() - start
            finally:
                names.update(asking)
        assert not sent, sent
        assert len(html) == len(self._text), "not the same page"
        return seconds
