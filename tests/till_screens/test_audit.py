"""The morning's audit on the page of the till."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from sommit.extensions import db
from sommit.jobs import audits
from sommit.models import Audit, Closing
from tests import factories
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words


@pytest.fixture
def shown(screen, app):
    """What the page says of the audit, in plain words; it is the next morning, 06:02."""

    def show(venue):
        app.config["NOW"] = MORNING + timedelta(days=1, minutes=32)
        audits.audit_morning(venue.id)
        page = screen.get("/caisse").text
        return words(page.partition('id="controle"')[2].partition("</section>")[0]).replace("\u00a0", " ")

    return show


def test_when_all_holds_the_owner_reads_what_was_looked_at(connected, till, read, shown):
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT)
    read()
    factories.drink(connected, stock=12)

    said = shown(connected)

    assert "Contrôle de ce matin, 6 h 02 : tout tombe juste." in said
    assert "nuits et le stock de 1 boisson, recomptés ligne par ligne." in said


def test_yesterdays_audit_says_its_day(connected, till, read, shown, app, screen):
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT)
    read()
    shown(connected)
    app.config["NOW"] += timedelta(days=1)

    assert "Contrôle du 15 juin, 6" in words(screen.get("/caisse").text).replace("\u00a0", " ")


def test_before_the_first_audit_nothing_is_said_of_it(connected, screen):
    assert "Contrôle" not in screen.get("/caisse").text


def test_what_does_not_hold_is_told_with_what_to_do(connected, till, read, shown):
    till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT)
    read()
    db.session.execute(update(Closing).values(lines=9))
    db.session.commit()

    assert "1 point à voir." in (said := shown(connected))
    assert "Nuit du samedi 13 juin : 9 lignes annoncées, 1 présentes. Prévenez-nous : le détail est gardé." in said


@pytest.mark.parametrize(
    ("finding", "fact"),
    [
        ({"kind": "night", "day": "2026-06-13", "other_day": "2026-06-13"}, "La nuit du samedi 13 juin manque."),
        (
            {"kind": "night", "day": "2026-06-12", "other_day": "2026-06-13"},
            "Les nuits du vendredi 12 juin au samedi 13 juin manquent.",
        ),
        (
            {"kind": "stock", "drink": 1, "name": "<b>Chablis", "said": None, "counted": 750_000},
            "« &lt;b&gt;Chablis » : – affichés, 75 cl recomptés.",
        ),
        (
            {"kind": "twice", "order": "note-7", "day": "2026-06-12", "other_day": "2026-06-13"},
            "Une note est dans deux clôtures, nuits du vendredi 12 juin et du samedi 13 juin.",
        ),
        (
            {"kind": "sums", "closing": 1, "day": "2026-06-13", "said": 1, "counted": 1},
            "Nuit du samedi 13 juin : ses sommes ne disent pas ce que disent ses lignes.",
        ),
        (
            {"kind": "total", "closing": 1, "day": "2026-06-13", "said": 100, "counted": 200},
            "Nuit du samedi 13 juin : 1,00 € annoncés, 2,00 € en lignes, et rien ne le signalait.",
        ),
    ],
)
def test_every_kind_of_finding_is_a_sentence(connected, screen, finding, fact):
    checked = {"nights": 1, "drinks": 1, "closings": 1, "lines": 1, "findings": 1}
    seen = {"day": date(2026, 6, 14), "at": MORNING, "checked": checked, "findings": [finding]}
    db.session.add(Audit(venue_id=connected.id, **seen))
    db.session.commit()

    page = screen.get("/caisse").text
    assert fact in " ".join(page.replace("\u00a0", " ").replace("\u202f", " ").split())
