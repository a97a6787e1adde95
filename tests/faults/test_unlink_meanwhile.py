"""A link is broken while its sales are being imported: the stock is right either way (FAULTS 74)."""

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, TillReference
from sommit.services import stock, till_links
from tests import factories
from tests.faults.test_time import morning
from tests.jobs.conftest import LAST_NIGHT, connected, no_waiting, read
from tests.jobs.stored import lines_stored, reference
from tests.support import invariants

__all__ = ["connected", "morning", "no_waiting", "read"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_link_broken_while_its_sales_are_read_takes_nothing_and_made_again_takes_all(
    connected, till, read, server, app, after
):
    till.product("VRE CHABLIS", price_cents=650)
    read()
    chablis = factories.drink(connected, stock=12)
    till_links.link(reference("VRE CHABLIS"), chablis, serving_ml=125)
    db.session.commit()
    for device in ("bar", "terrasse"):
        till.closing([("VRE CHABLIS", 6)], date=LAST_NIGHT, device=device)

    def break_it() -> None:
        with app.app_context():
            till_links.unlink(db.session.scalars(select(TillReference)).one())
            db.session.commit()

    server.faults.add("/v1/orders/", run=break_it, after=after)
    read()

    assert lines_stored() == 2
    assert stock.on_hand(chablis) == 12 * 750_000
    invariants.check_invariants()
    till_links.link(reference("VRE CHABLIS"), db.session.get(Drink, chablis.id), serving_ml=125)
    db.session.commit()
    assert stock.on_hand(chablis) == (12 * 750 - 12 * 125) * 1000
    invariants.check_replay(read)
