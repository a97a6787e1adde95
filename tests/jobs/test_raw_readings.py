"""The till's answers, kept as they came: applied once, read again, thrown away after ninety days."""

import zlib
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.jobs.till_reading import Reader
from sommit.models import Closing, RawReading
from sommit.services import former_readings, raw_readings
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import naive

ALWAYS = 10**6


class Died(BaseException):
    """The process ends here."""


@pytest.fixture
def dies_before_applying(monkeypatch):
    """A reader that ends between what it kept and what it was to apply."""

    def die(*_):
        raise Died

    def broken_off(connected, read):
        with monkeypatch.context() as patch:
            patch.setattr(Reader, "_apply", die)
            with pytest.raises(Died):
                read()

    return broken_off


def rows():
    return db.session.scalars(select(RawReading).order_by(RawReading.id)).all()


def test_the_answers_are_kept_as_they_came_without_the_key(connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()

    (row,) = rows()
    text = zlib.decompress(row.answers).decode()
    assert row.applied_at is not None
    assert text.startswith('{"report":{')
    assert '"orders":[{' in text
    assert "PINTE" in text
    assert till.token not in text
    assert "Authorization" not in text


def test_the_same_answers_are_kept_once_and_an_amended_closing_keeps_its_former_reading(connected, till, read, app):
    closing = till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    read()
    assert len(rows()) == 1

    app.config["NOW"] = MORNING + timedelta(days=1)
    closing.amend(closing.orders[0].items[0], is_canceled=True)
    read()

    stored = db.session.scalars(select(Closing)).one()
    latest, former = former_readings.of(stored)
    assert (former.turnover_cents, latest.turnover_cents) == (1000, 0)
    assert former.read_at == MORNING
    assert latest.read_at == MORNING + timedelta(days=1)


def test_what_was_kept_and_not_applied_is_applied_while_the_till_is_away(
    connected,
    till,
    read,
    server,
    dies_before_applying,
):
    till.closing([("PINTE", 2), ("DEMI", 3)], date=LAST_NIGHT)
    dies_before_applying(connected, read)
    assert len(raw_readings.pending(connected.id)) == 1
    db.session.commit()

    server.faults.add(status=500, times=ALWAYS)
    summary = read()
    assert (summary.status, summary.closings, summary.lines) == ("partial", 1, 2)
    without_the_till = naive.lines_stored()

    server.faults.clear()
    again = import_night.read_till(connected.id)
    assert (again.status, again.lines) == ("ok", 0)
    assert naive.lines_stored() == without_the_till
    assert raw_readings.pending(connected.id) == []
    naive.check_sums()


def test_what_a_later_reading_replaced_is_not_applied_any_more(connected, till, read, app, dies_before_applying):
    closing = till.closing([("PINTE", 2)], date=LAST_NIGHT)
    dies_before_applying(connected, read)
    closing.amend(closing.orders[0].items[0], is_canceled=True)
    app.config["NOW"] = MORNING + timedelta(hours=1)
    dies_before_applying(connected, read)

    assert raw_readings.pending(connected.id) == [rows()[-1].id]
    db.session.commit()
    read()
    assert db.session.scalars(select(Closing.turnover_cents)).all() == [0]


def test_an_answer_that_was_never_applied_is_left_once_the_till_has_given_another(connected, till, read, app):
    closing = till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    closing.amend(closing.orders[0].items[0], is_canceled=True)
    app.config["NOW"] = MORNING + timedelta(hours=1)
    read()
    former, _latest = rows()
    db.session.execute(update(RawReading).where(RawReading.id == former.id).values(applied_at=None))
    db.session.commit()

    assert raw_readings.pending(connected.id) == []
    read()
    assert db.session.scalars(select(Closing.turnover_cents)).all() == [0]


def test_answers_are_thrown_away_after_ninety_days(connected, till, read, app):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()

    app.config["NOW"] = MORNING + timedelta(days=90)
    raw_readings.prune(connected.id)
    assert len(rows()) == 1
    app.config["NOW"] = MORNING + timedelta(days=91)
    raw_readings.prune(connected.id)
    assert rows() == []
