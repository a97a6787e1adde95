"""The till behind a bad network: silent, dripping for ever, its answers cut or reset at any kibibyte (FAULTS 39-41)."""

from functools import partial
from urllib.parse import urlsplit

import pytest

from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.jalia.transport import PATIENT, Limits
from sommit.jobs import import_night
from sommit.models import Closing
from sommit.services import nights, till_connection
from tests.faults.sample import some
from tests.jobs.conftest import LAST_NIGHT
from tests.support import invariants
from tests.support.proxy import Cut, Drip, Hold, Pass, Reset, nobody_home, proxy

KIB = 1_024
MANY = [("VRE CHABLIS", 1), ("PINTE", 2), ("DEMI", 3), ("CAFE", 1)] * 5
IMPATIENT = Limits(connect=0.3, read=0.3, waits=(0.0,))
ONCE = Limits(waits=())


@pytest.fixture
def between(server):
    """The proxy before the till."""
    address = urlsplit(server.url)
    with proxy((address.hostname, address.port)) as made:
        yield made


@pytest.fixture
def wired(bar, app, between):
    """The bar, which reaches its till through the proxy only."""
    app.config["JALIA_API_URL"] = f"http://127.0.0.1:{between.port}"
    return bar


@pytest.fixture
def read(bar, monkeypatch):
    """Read the till, as patient as is said."""

    def read_as(limits=PATIENT):
        monkeypatch.setattr(till_connection, "JaliaClient", partial(JaliaClient, limits=limits))
        return import_night.read_till(bar.venue.id)

    return read_as


def meets(between, question, mode):
    """Answers to `question` get through as `mode` says, others as they are; returns how often it was asked."""
    asked = []

    def look(request):
        met = question in request
        asked.extend([request] * met)
        between.down.mode = mode() if met else Pass()

    between.up.watch = look
    return asked


def impatiently(read, asked, limits):
    """Read in vain, with twice the patience each time, until the question was asked: a slow machine needs it before."""
    for patience in (1, 2, 4, 8, 16):
        assert read(limits(patience)).status != "ok"
        if asked:
            return
    pytest.fail("the question was never asked")


def lets_through(between):
    between.up.watch = lambda _request: None
    between.down.mode = Pass()


def check_nothing_half(venue):
    invariants.check_invariants()
    assert nights.running(venue.id) is None
    db.session.rollback()


def test_a_till_that_says_nothing_is_left_and_read_once_it_speaks(wired, between, read):
    between.down.mode = Hold()
    failed = read(IMPATIENT)
    assert (failed.status, failed.read) == ("failed", 0)
    assert nights.find(wired.venue.id, LAST_NIGHT).state == "failed"
    check_nothing_half(wired.venue)

    lets_through(between)
    assert read().status == "ok"
    wired.check_right()


def test_a_till_that_falls_silent_in_the_middle_of_a_night_leaves_whole_closings(wired, between, read):
    asked = meets(between, closing_of(wired, 1), Hold)
    impatiently(read, asked, lambda patience: Limits(read=0.3 * patience, waits=(0.0,)))
    check_nothing_half(wired.venue)

    lets_through(between)
    assert read().status == "ok"
    wired.check_right()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_till_that_nobody_can_even_connect_to_is_left_and_read_once_it_is_there(wired, app, between, read):
    with nobody_home() as port:
        app.config["JALIA_API_URL"] = f"http://127.0.0.1:{port}"
        assert read(IMPATIENT).status == "failed"
    check_nothing_half(wired.venue)

    app.config["JALIA_API_URL"] = f"http://127.0.0.1:{between.port}"
    assert read().status == "ok"
    wired.check_right()


def test_an_answer_that_drips_for_ever_is_cut_at_the_deadline_and_read_whole_the_next_time(wired, between, read):
    asked = meets(between, closing_of(wired, 1), lambda: Drip(1, 0.4))
    impatiently(read, asked, lambda patience: Limits(deadline=1.5 * patience, waits=()))
    check_nothing_half(wired.venue)

    lets_through(between)
    assert read().status == "ok"
    wired.check_right()


def test_cut_or_reset_at_any_kibibyte_a_closing_is_not_there_and_the_next_reading_makes_it_right(wired, between, read):
    size = size_of_an_answer(wired, between, read)
    ends = [(end, place) for place in range(0, size, KIB) for end in (Cut, Reset)]
    assert size > 5 * KIB
    for end, place in some(ends, 4, "ends of an answer"):
        wired.sell(f"iPad {end.__name__} {place}", MANY)
        asked = meets(between, closing_of(wired, -1), partial(end, place))
        assert read(ONCE).status != "ok", (end, place)
        assert len(asked) == 1
        check_nothing_half(wired.venue)
        assert lines_of(wired, -1) == 0

        lets_through(between)
        assert read().status == "ok"
        assert lines_of(wired, -1) == len(MANY)
    wired.check_right()


def closing_of(bar, number):
    """What the question for the notes of the till's n-th closing has in it."""
    return f"reportId={bar.till.closings[number].id}".encode()


def lines_of(bar, number):
    """How many lines are stored of the till's n-th closing."""
    closing = db.session.query(Closing).filter_by(till_id=bar.till.closings[number].id).one_or_none()
    found = closing.lines if closing else 0
    db.session.rollback()
    return found


def size_of_an_answer(bar, between, read):
    """How many bytes come back when the notes of a closing of so many lines are asked for."""
    bar.sell("iPad counted", MANY)
    question, answers = closing_of(bar, -1), {True: 0, False: 0}
    asked = [False]
    between.up.watch = lambda request: asked.append(question in request)
    between.down.watch = lambda piece: answers.update({asked[-1]: answers[asked[-1]] + len(piece)})
    assert read().status == "ok"
    between.up.watch = between.down.watch = lambda _piece: None
    return answers[True]
