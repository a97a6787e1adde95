"""A page of the application in a real browser, with a control for each way in which an answer may go wrong."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, render_template_string
from werkzeug.serving import make_server

PAGE = """
{% extends "base.html" %}
{% from "_macros.html" import csrf, toast %}
{% block title %}Essai{% endblock %}
{% block main %}
<h1>Essai</h1>
<form method="post" hx-post="/essai/{{ outcome }}" hx-target="#row" hx-swap="outerHTML" hx-disabled-elt="find button">
  {{ csrf() }}<button class="button">Envoyer</button>
</form>
<div id="row">avant</div>
{{ toast("Fait", "stock 4 → 16") }}
{% endblock %}
"""
ROW = '<div id="row"><input aria-label="Quantité" data-focus value="{}"></div>'
STATUSES = {"bien": 200, "invalide": 422, "conflit": 409, "casse": 500, "refus": 403}


class Trouble:
    """What the server does next; `release` lets a slow answer go."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.outcome: int | None = None


def add_trial(app: Flask) -> Trouble:
    """Add the page and its answers to an application."""
    trouble = Trouble()

    @app.get("/essai/<outcome>")
    def trial(outcome: str) -> str:
        return render_template_string(PAGE, outcome=outcome)

    @app.post("/essai/<outcome>")
    def answer(outcome: str) -> Response:
        if outcome == "lent":
            trouble.release.wait(30)
        status = trouble.outcome or STATUSES.get(outcome, 200)
        if status == 500:
            raise RuntimeError("trial")
        if status == 502:
            return Response("<html><h1>Bad gateway</h1></html>", 502)
        if status == 403:
            app.aborter(403)
        return Response(ROW.format(outcome), status)

    return trouble


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
