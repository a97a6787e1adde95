import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.processes import PATIENCE_S, ROOT, Launcher, alive, pids_in, wait_until

TWO = ("web=long", "worker=long")
OF_TWO = 6  # each child with its tether and its own child


def _none_left(pids: list[int]) -> bool:
    """Say whether all have ended; waited for where they were killed: a machine comes to that when it can."""
    return not any(alive(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asking_it_to_stop_ends_every_process_and_is_no_failure(number: int, launch: Launcher, tmp_path: Path) -> None:
    supervisor = launch("tests.house.play", tmp_path, *TWO)
    pids = pids_in(tmp_path, OF_TWO)

    supervisor.send_signal(number)

    assert supervisor.wait(PATIENCE_S) == 0
    wait_until(lambda: _none_left(pids))


@pytest.mark.parametrize("kind", ["long", "stubborn"])
def test_killing_it_with_9_leaves_no_process(kind: str, launch: Launcher, tmp_path: Path) -> None:
    supervisor = launch("tests.house.play", tmp_path, f"web={kind}", f"worker={kind}")
    pids = pids_in(tmp_path, OF_TWO)

    supervisor.kill()

    wait_until(lambda: _none_left(pids))


def test_killing_the_make_that_started_it_leaves_no_process(tmp_path: Path) -> None:
    play = f"{sys.executable} -m tests.house.play {tmp_path} {' '.join(TWO)}; true"
    make = subprocess.Popen(["sh", "-c", play], cwd=ROOT, start_new_session=True)
    pids = [*pids_in(tmp_path, OF_TWO), int((tmp_path / "supervisor").read_text())]

    make.kill()
    make.wait()

    wait_until(lambda: _none_left(pids))


def test_a_child_that_ends_by_itself_ends_the_others_and_is_named(launch: Launcher, tmp_path: Path) -> None:
    supervisor = launch("tests.house.play", tmp_path, *TWO)
    pids = pids_in(tmp_path, OF_TWO)

    os.kill(int((tmp_path / "worker-self.pid").read_text()), signal.SIGKILL)

    said, _ = supervisor.communicate(timeout=PATIENCE_S)
    assert supervisor.returncode == 1
    assert "« worker » s’est arrêté (code 137)." in said
    wait_until(lambda: _none_left(pids))


def test_a_tether_that_is_killed_takes_its_command_and_the_others_with_it(launch: Launcher, tmp_path: Path) -> None:
    supervisor = launch("tests.house.play", tmp_path, *TWO)
    pids = pids_in(tmp_path, OF_TWO)

    os.kill(int((tmp_path / "web-tether.pid").read_text()), signal.SIGKILL)

    assert supervisor.wait(PATIENCE_S) == 1
    wait_until(lambda: _none_left(pids))


def test_a_step_that_fails_is_named_after_its_last_words(launch: Launcher, tmp_path: Path) -> None:
    said, _ = launch("tests.house.play", tmp_path, "web=long", "base=step").communicate(timeout=PATIENCE_S)

    assert "bonsoir de base\n« base » a échoué (code 3)." in said


def test_each_line_of_a_child_bears_its_name(launch: Launcher, tmp_path: Path) -> None:
    said, _ = launch("tests.house.play", tmp_path, "caisse=short").communicate(timeout=PATIENCE_S)

    assert "caisse       bonsoir de caisse" in said
