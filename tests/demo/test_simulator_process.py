import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from demo.story import TOKEN
from tests.demo.till_client import Reader

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def running(*arguments):
    """The simulator as a process, and its address."""
    command = [sys.executable, "-m", "demo.simulator", "--today", "2026-03-20", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0


class Process:
    def __init__(self, url):
        self.url = url

    def control(self, method, path, order=None, expected=200):
        answer = requests.request(method, f"{self.url}/_control/{path}", json=order, timeout=60)
        assert answer.status_code == expected, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def process():
    with running() as url:
        yield Process(url)


def test_the_process_serves_the_story_at_the_address_it_prints(process):
    closings = Reader(process, TOKEN).reports()

    assert len(closings) == 52  # 45 nights, of which 7 Saturdays with two tills
    assert max(closing["startedAt"] for closing in closings).startswith("2026-03-19")


def test_tomorrows_night_can_be_played_on_a_running_till(process):
    before = process.control("GET", "")["closings"]

    played = process.control("POST", "nights", {})

    reader = Reader(process, TOKEN)
    assert process.control("GET", "")["closings"] == before + len(played)
    assert reader.json(f"/v1/reports/{played[0]}")["startedAt"].startswith("2026-03-20")
    process.control("POST", "nights", {"date": "2026-03-20"}, expected=400)


def test_a_situation_a_setting_and_a_fault_can_be_asked_for(process):
    reader = Reader(process, TOKEN)
    closing = process.control("POST", "situations", {"name": "split_note"})
    assert len(reader.orders(reportId=closing)) == 3

    assert process.control("POST", "settings", {"meta": "absent"})["meta"] == "absent"
    assert "meta" not in reader.json("/v1/orders/")

    process.control("POST", "faults", {"path": "/v1/catalog/", "status": 503, "times": 9})
    assert reader.get("/v1/catalog/").status_code == 503
    process.control("DELETE", "faults")
    assert reader.get("/v1/catalog/").status_code == 200


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("situations", {"name": "no_such_evening"}, 400),
        ("situations", {"name": "_night"}, 400),
        ("settings", {"token": "another"}, 400),
        ("faults", {"explode": True}, 400),
        ("nights", {"date": "vendredi"}, 400),
        ("elsewhere", {}, 404),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(process, path, order, status):
    assert "error" in process.control("POST", path, order, expected=status)


def test_the_requests_received_can_be_listed_and_forgotten(process):
    process.control("DELETE", "requests")
    Reader(process, TOKEN).catalogue()

    (request,) = process.control("GET", "requests")

    assert (request["method"], request["path"], request["key_in_url"]) == ("GET", "/v1/catalog/", False)
    assert TOKEN not in json.dumps(request)


def test_a_till_started_again_remembers_the_nights_it_told(tmp_path):
    state = str(tmp_path / "till.json")
    with running("--state", state, "--nights", "3") as url:
        Process(url).control("POST", "nights", {})
    with running("--state", state, "--nights", "9", "--token", "another") as url:
        days = {closing["startedAt"][:10] for closing in Reader(Process(url), "another").reports()}

    assert days == {"2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"}
