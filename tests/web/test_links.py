"""No page leads nowhere."""

import re
from urllib.parse import urljoin

from flask.testing import FlaskClient

from sommit.models import Venue
from tests import factories

LINK = re.compile(r'(?:href|src|hx-get)="([^"#]+)')
MANY = 300


def test_every_link_of_every_page_that_can_be_reached_leads_somewhere(signed_in: FlaskClient, venue: Venue) -> None:
    drink = factories.drink(venue, stock=3)
    linked, waiting = factories.reference(venue), factories.reference(venue, "PINTE IPA")
    factories.link(linked, drink)
    factories.sale(factories.closing(venue), waiting, 2, cents=1300)
    to_see, seen = ["/404"], set()
    while to_see and len(seen) < MANY:
        address = to_see.pop()
        seen.add(address)
        answer = signed_in.get(address)
        assert address == "/404" or answer.status_code in (200, 302), address
        links = LINK.findall(answer.text) if answer.mimetype == "text/html" else []
        found = {urljoin(address, link.replace("&amp;", "&")) for link in links}
        to_see += sorted(link for link in found if link.startswith("/") and link not in seen)
    assert {"/boissons", f"/boissons/{drink.id}", "/boissons/a-synchroniser"} <= seen
