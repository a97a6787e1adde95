"""`python -m bench.till`: a till in a process of its own, so that its memory and its work are not the importer's.

`simulator` answers as the demo's simulator does. `rendered` answers the same without searching every note of every
closing, and keeps what it has answered: what is left is the network. `forgetful` keeps nothing.
"""

import argparse
import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.simulator import Till, api, payload, serve
from demo.story import keys

TOKEN = "bench-key-that-opens-nothing"
TODAY = date(2026, 6, 15)
PAGE = 100


def told(closings: int, lines: int) -> Till:
    """A till that was closed on each of the last evenings, with so many lines."""
    rng = random.Random(1855)
    till = Till(token=TOKEN, name="Le Zinc des Capucins", today=TODAY)
    products = [till.product(key.label, price_cents=key.price_cents, category=key.category) for key in keys()]
    weights = [key.popularity for key in keys()]
    for back in range(closings, 0, -1):
        sold = rng.choices(products, weights, k=lines)
        items = [till.item(product, rng.choice((1, 1, 1, 2))) for product in sold]
        till.closing(items, date=TODAY - timedelta(days=back)).freeze_totals()
    return till


class _Rendered(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    till: Till
    kept: dict[str, bytes]
    keeps: bool

    def do_GET(self) -> None:
        body = self.kept.get(self.path) or self._body()
        if self.keeps:
            self.kept[self.path] = body
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        answer = self._orders(query) if "reportId" in query else api.answer(self.till, "GET", parts.path, query)
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

    def _orders(self, query: dict[str, str]) -> dict[str, Any]:
        closing = next(closing for closing in self.till.closings if closing.id == query["reportId"])
        first = int(query["index"]) * PAGE
        page = [payload.order(order) for order in closing.orders[first : first + PAGE]]
        return {"data": page, "meta": {"totalPage": -(-len(closing.orders) // PAGE)}}

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.till", description=__doc__)
    parser.add_argument("answers", choices=("simulator", "rendered", "forgetful"))
    parser.add_argument("closings", type=int)
    parser.add_argument("lines", type=int)
    asked = parser.parse_args()
    till = told(asked.closings, asked.lines)
    if asked.answers == "simulator":
        with serve(till) as server:
            _announce(server.url)
        return
    handler = type("Handler", (_Rendered,), {"till": till, "kept": {}, "keeps": asked.answers == "rendered"})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        _announce(f"http://127.0.0.1:{http.server_address[1]}")
        http.shutdown()


def _announce(url: str) -> None:
    """Say the address, then wait until whoever started us closes our standard input, or is gone."""
    print(url, flush=True)
    sys.stdin.read()


@contextmanager
def running(answers: str, closings: int, lines: int) -> Iterator[str]:
    """Start such a till; give its address."""
    command = [sys.executable, "-m", "bench.till", answers, str(closings), str(lines)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


if __name__ == "__main__":
    main()
