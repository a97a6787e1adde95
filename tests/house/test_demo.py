"""The whole of `make demo`, on a home of its own: web, worker, scheduler, Valkey, simulator."""

import re
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
import requests

from demo.login import DEMO_EMAIL, DEMO_PASSWORD
from tests.house.processes import PATIENCE_S, Launcher, alive, descendants, wait_until

PROCESSES = 11  # Valkey, simulator, gunicorn and its worker, worker, scheduler; and a tether for each of the five

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")


def _started(launch: Launcher, home: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the demonstration; return it and its address once it has said that all is there."""
    demo = launch("demo.run", "--home", home, PORT="0", PYTHONDONTWRITEBYTECODE="")
    said: list[str] = []
    for line in demo.stdout or ():
        said.append(line)
        if line.startswith("Ctrl-C"):
            break
    address = re.search(r"http://127\.0\.0\.1:\d+/$", "".join(said), re.MULTILINE)
    assert address, "".join(said)
    return demo, address[0]


def _signed_in(address: str) -> requests.Session:
    session = requests.Session()
    form = session.get(f"{address}connexion", timeout=PATIENCE_S).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token
    answer = session.post(
        f"{address}connexion",
        data={"email": DEMO_EMAIL, "password": DEMO_PASSWORD, "csrf_token": token[1]},
        timeout=PATIENCE_S,
    )
    assert answer.url != f"{address}connexion", answer.text
    return session


def _closings(home: Path) -> int:
    with sqlite3.connect(home / "sommit.db") as database:
        count: int = database.execute("SELECT count(*) FROM closing").fetchone()[0]
    return count


def test_the_demo_imports_a_night_lets_camille_in_goes_on_from_where_it_was_and_leaves_no_process(
    launch: Launcher, tmp_path: Path
) -> None:
    home = tmp_path / "demo"
    demo, address = _started(launch, home)
    processes = descendants(demo.pid)
    first = _closings(home)
    page = _signed_in(address).get(f"{address}boissons", timeout=PATIENCE_S)
    demo.send_signal(signal.SIGINT)

    assert demo.wait(PATIENCE_S) == 0
    assert first
    assert page.status_code == 200
    assert "à synchroniser" in page.text
    assert len(processes) >= PROCESSES  # a job may be running in one more
    wait_until(lambda: not any(alive(pid) for pid in processes))

    demo, address = _started(launch, home)
    processes = descendants(demo.pid)
    assert _closings(home) == first
    assert _signed_in(address)
    demo.kill()

    wait_until(lambda: not any(alive(pid) for pid in processes))
