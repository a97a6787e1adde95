"""A "non" on the screen, and what the nights after it propose."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import RefusedPair, Suggestion, TillReference
from tests import factories
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.screens.answers import at
from tests.screens.conftest import Screen
from tests.web.conftest import Browser, sign_in

LABEL = "VRE CHABLIS MONTMAINS"


@pytest.fixture
def screen(app, user) -> Screen:
    app.test_client_class = Browser
    client = app.test_client()
    sign_in(client, user.email)
    return Screen(client)


@pytest.fixture
def next_night(app, till, read):
    """Sell the key on one more evening, and read the till on the morning after."""
    nights = iter(range(1, 9))

    def read_next() -> None:
        night = next(nights)
        app.config["NOW"] = MORNING + timedelta(days=night)
        till.closing([(LABEL, 2)], date=LAST_NIGHT + timedelta(days=night))
        assert read().status == "ok"
        db.session.expire_all()

    return read_next


def key() -> TillReference:
    found: TillReference = db.session.scalars(select(TillReference).where(TillReference.label == LABEL)).one()
    return found


def proposed() -> int | None:
    found: int | None = db.session.get(Suggestion, key().id).drink_id
    return found


def test_a_refused_proposal_does_not_come_back_the_next_night_until_it_is_taken_back(
    connected, till, screen, next_night
):
    chablis = factories.drink(connected, "Chablis Montmains", producer="William Fèvre")
    till.product(LABEL, category="Vins au verre")
    next_night()
    assert proposed() == chablis.id

    screen.post(at(key(), "ignorer"), version=key().version, non=chablis.id)
    screen.post(at(key(), "reactiver"), version=key().version)
    next_night()
    assert proposed() is None
    next_night()
    assert proposed() is None

    for kept in db.session.scalars(select(RefusedPair)):
        assert kept.revoked_at is None
    screen.post(at(key(), "reproposer"), drink_id=chablis.id)
    next_night()
    assert proposed() == chablis.id


def test_a_word_learned_by_one_answer_helps_the_labels_of_the_next_night(connected, till, read, screen, next_night):
    pierres = factories.drink(connected, "Chablis Hautes Pierres", producer="Aubrac", vintage=2022)
    short = factories.reference(connected, "CHABLIS HPR 22")
    screen.post(at(short, "oui"), version=short.version, drink_id=pierres.id, serving=125)
    till.product(LABEL)
    till.product("BTL HPR 22")

    next_night()

    bottle = db.session.scalars(select(TillReference).where(TillReference.label == "BTL HPR 22")).one()
    assert db.session.get(Suggestion, bottle.id).drink_id == pierres.id
