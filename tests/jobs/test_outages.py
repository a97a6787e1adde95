"""A till that answers in part, late, or not at all: what can be read is read, and a dead till is waited for once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, TillReference
from sommit.services import nights
from tests.jobs.conftest import LAST_NIGHT

ALWAYS = 10**6
TRIES = 5  # one, and four again (CONTRACT §3.5)


def asked(server):
    return [request.path for request in server.requests]


def test_without_the_catalogue_the_lines_bring_their_own_labels(connected, till, read, server):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    server.faults.add("/v1/catalog/", status=500, times=ALWAYS)
    summary = read()

    assert (summary.status, summary.closings, summary.new_references) == ("partial", 1, 1)
    assert db.session.scalars(select(TillReference.label)).all() == ["PINTE"]


def test_a_till_that_recovers_at_the_third_try_is_read_whole(connected, till, read, server):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    for resource in ("catalog", "reports", "orders"):
        server.faults.add(f"/v1/{resource}/", html="<h1>Bad gateway</h1>", status=502, times=2)

    assert read().status == "ok"


def test_a_dead_till_is_waited_for_once(connected, till, read, server):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    before = len(asked(server))
    server.faults.add(status=500, times=ALWAYS)
    summary = read()

    assert (summary.status, summary.closings) == ("failed", 0)
    assert asked(server)[before:] == ["/v1/catalog/"] * TRIES + ["/v1/reports/"]
    assert nights.latest(connected.id, 1)[0].state == "failed"


def test_one_closing_whose_notes_never_come_does_not_hold_the_others_back(connected, till, read, server):
    silent = till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1))
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    server.faults.add("/v1/orders/", status=500, times=TRIES)

    first = read()
    assert (first.status, first.closings) == ("partial", 1)
    problem = db.session.scalars(select(Closing.problem).where(Closing.till_id == silent.id)).one()
    assert problem in first.error
    assert nights.find(connected.id, LAST_NIGHT - timedelta(days=1)).state == "failed"

    second = read()
    assert (second.status, second.closings) == ("ok", 1)


def test_a_closing_without_any_readable_date_is_set_aside_and_the_others_go_in(connected, till, read):
    dateless = {"finalizedAt": "hier soir", "startedAt": None, "createdAt": None}
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1), extra=dateless)
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    summary = read()

    assert (summary.status, summary.closings) == ("partial", 1)
    assert "finalizedAt" in summary.error


@pytest.mark.parametrize("fault", [{"status": 500}, {"cut": 40}], ids=["500", "cut JSON"])
def test_two_closings_in_a_row_without_an_answer_end_the_night(connected, till, read, server, fault):
    for day in range(4):
        till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=day))
    before = len(asked(server))
    server.faults.add("/v1/orders/", times=ALWAYS, **fault)
    summary = read()

    assert (summary.status, summary.closings) == ("failed", 0)
    assert asked(server)[before:].count("/v1/orders/") == TRIES + 1


@pytest.mark.parametrize("status", [404, 422, 500])
def test_a_night_of_which_no_closing_could_be_read_has_failed(connected, till, read, server, status):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    server.faults.add("/v1/orders/", status=status, times=ALWAYS)
    summary = read()

    assert (summary.status, summary.closings) == ("failed", 0)
    night = nights.latest(connected.id, 1)[0]
    assert (night.state, night.problem) == ("failed", summary.error)
    assert db.session.scalars(select(Closing.problem)).all() == [summary.error]
