"""`make demo`: the whole product on one machine, in the foreground, with a simulated till.

Everything it makes is in its home, instance/demo; `--reset` removes that.
"""

import argparse
import contextlib
import fcntl
import http.client
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from demo import valkey
from demo.login import DEMO_EMAIL, DEMO_PASSWORD
from demo.supervisor import Ended, Supervisor

HOME = Path(__file__).resolve().parent.parent / "instance" / "demo"
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
LOOPBACK = "127.0.0.1"


class Refused(Exception):
    """The demonstration cannot start; the message says why, in French."""


def main() -> int:
    """Play the demonstration until Ctrl-C; return the process's exit code."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="demo.run", description=__doc__)
    parser.add_argument("--home", type=Path, default=HOME, help="where the bar's database and its nights are kept")
    parser.add_argument("--reset", action="store_true", help="forget the bar and its nights")
    arguments = parser.parse_args()
    try:
        with alone(arguments.home):
            if arguments.reset:
                shutil.rmtree(arguments.home)
            else:
                _play(arguments.home, chosen_port(), began)
    except KeyboardInterrupt:
        return 0
    except (Refused, Ended, valkey.NoValkey) as failure:
        print(f"make demo : {failure}", file=sys.stderr)
        return 1
    return 0


def _play(home: Path, port: int, began: float) -> None:
    till_port = _free_port()
    with valkey.socket_path() as bell, Supervisor() as house:
        env = _environment(home, bell, till_port)
        house.start("valkey", valkey.command(home / "valkey", bell), env)
        house.start("caisse", _simulator(till_port, home / "caisse.json"), env)
        house.start("web", _gunicorn(port), env)
        from demo import night  # here, not above: the processes load while we do

        house.run("base", [*FLASK, "db", "upgrade"], env)
        house.wait_for(lambda: _listens(till_port), "caisse")
        house.run("bar", [sys.executable, "-m", "demo.prepare"], env)
        valkey.wait_ready(env["REDIS_URL"])
        night.forget_ticks(env["REDIS_URL"])
        house.start("worker", [*FLASK, "worker"], env)
        house.start("scheduler", [*FLASK, "scheduler"], env)
        night.wait_for_it(house, env["REDIS_URL"])
        house.wait_for(lambda: _answers(port), "web")
        _welcome(port, time.monotonic() - began)
        house.watch()


def _environment(home: Path, bell: Path, till_port: int) -> dict[str, str]:
    return os.environ | {
        "SOMMIT_ENV": "development",
        "DATABASE_URL": f"sqlite:///{home.resolve() / 'sommit.db'}",
        "REDIS_URL": f"unix://{bell}",
        "JALIA_API_URL": f"http://{LOOPBACK}:{till_port}",
        "TZ": "UTC",
        "PYTHONUNBUFFERED": "1",
    }


def _simulator(port: int, state: Path) -> list[str]:
    return [sys.executable, "-m", "demo.simulator", "--port", str(port), "--state", str(state)]


def _gunicorn(port: int) -> list[str]:
    bind = f"{LOOPBACK}:{port}"
    return [sys.executable, "-m", "gunicorn", "app:app", "--bind", bind, "--workers", "1", "--log-level", "warning"]


def _welcome(port: int, seconds: float) -> None:
    took = f"{seconds:.1f}".replace(".", ",")
    print(
        f"\nSomm’It répond, {took} s après son lancement.\n"
        f"  Adresse       http://{LOOPBACK}:{port}/\n"
        f"  E-mail        {DEMO_EMAIL}\n"
        f"  Mot de passe  {DEMO_PASSWORD}\n"
        "Ctrl-C arrête tout.\n",
        flush=True,
    )


def chosen_port() -> int:
    """Read PORT; 0 asks for any free one. Raises Refused when it is no port, or somebody else's."""
    text = os.environ.get("PORT", "8000")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, int(text)))
            port: int = probe.getsockname()[1]
    except (ValueError, OverflowError):
        raise Refused(f"PORT={text} n’est pas un numéro de port.") from None
    except PermissionError:
        raise Refused(f"le port {text} est réservé au système ; essayez « PORT=8123 make demo ».") from None
    except OSError:
        raise Refused(f"le port {text} est déjà pris ; essayez « PORT=8123 make demo ».") from None
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        line.request("GET", "/live")
        return line.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        line.close()


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Keep a second demonstration off the same home. Raises Refused."""
    home.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("une démonstration tourne déjà dans ce dossier.") from None
        yield


if __name__ == "__main__":
    sys.exit(main())
