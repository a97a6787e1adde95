"""`python -m demo.simulator`: the story's till as a process of its own; its address is the first line printed."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import date as Date
from datetime import datetime, time
from pathlib import Path

from demo.simulator.closing import Closing
from demo.simulator.control import Control
from demo.simulator.server import Server
from demo.simulator.till import PARIS
from demo.story import NIGHTS, TOKEN, Bar


def main() -> None:
    """Serve the bar's nights until SIGTERM or Ctrl-C."""
    arguments = _arguments()
    now = _clock(arguments.today)
    bar = _restore(arguments, now())

    def remember() -> None:
        if arguments.state:
            arguments.state.write_text(json.dumps({"first": str(bar.first), "last": str(bar.last)}), encoding="utf-8")

    def play(day: Date | None) -> Sequence[Closing]:
        closings = bar.play(day)
        remember()
        return closings

    server = Server([bar.till], port=arguments.port, control=Control(play))
    server.before_answer = lambda: bar.catch_up(now())
    remember()
    server.start()
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    print(server.url, flush=True)
    told_to_stop.wait()
    server.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--token", default=TOKEN, help="the key that opens the till")
    parser.add_argument("--nights", type=int, default=NIGHTS)
    parser.add_argument("--today", type=Date.fromisoformat, help="05:00 of that day, for ever; default: the clock")
    parser.add_argument("--state", type=Path, help="where the nights already told are remembered")
    return parser.parse_args()


def _clock(today: Date | None) -> Callable[[], datetime]:
    if today is None:
        return lambda: datetime.now(PARIS)
    return lambda: datetime.combine(today, time(5), PARIS)


def _restore(arguments: argparse.Namespace, now: datetime) -> Bar:
    """The bar as it was told last time, if it was: no night already told disappears, a new one follows the last."""
    if arguments.state is None or not arguments.state.exists():
        return Bar(now, nights=arguments.nights, token=arguments.token)
    told = json.loads(arguments.state.read_text(encoding="utf-8"))
    bar = Bar(now, first=Date.fromisoformat(told["first"]), token=arguments.token)
    while bar.last < Date.fromisoformat(told["last"]):
        bar.play()
    return bar


if __name__ == "__main__":
    main()
