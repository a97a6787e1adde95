"""Row H1 of the FAQ: a new reference of Jalia is there the next day, without the label icon until it is sold."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from sommit.extensions import db
from tests.browser.conftest import LIST
from tests.faq.conftest import key
from tests.till_screens.conftest import LAST_NIGHT, MORNING


def test_h1_a_new_reference_arrives_the_next_morning_and_bears_the_icon_once_it_is_sold(
    page: Page, linked, till, read, app
):
    till.product("VRE MORGON", price_cents=600, category="Vins au verre")
    page.goto("/boissons")
    expect(page.get_by_role("link", name=re.compile("à synchroniser"))).to_have_count(0)

    app.config["NOW"] = MORNING + timedelta(days=1)
    read()
    db.session.commit()
    page.reload()
    page.get_by_role("link", name="Quoi de neuf ce matin : 1 nouvelle référence").tap()
    expect(page.get_by_role("heading", name="Une nouvelle référence")).to_be_visible()
    expect(page.locator(".state").filter(has_text="VRE MORGON")).to_contain_text("6,00")

    page.get_by_role("link", name="Synchroniser VRE MORGON").tap()
    expect(page).to_have_url(re.compile(LIST))
    row = page.locator(f"#ref-{key('VRE MORGON').id}")
    db.session.rollback()
    expect(row).to_have_class(re.compile("is-open"))
    expect(row.get_by_role("img", name="vendue")).to_have_count(0)
    expect(row).to_contain_text("au catalogue")

    till.closing([("VRE MORGON", 2)], date=LAST_NIGHT + timedelta(days=1))
    app.config["NOW"] = MORNING + timedelta(days=2)
    read()
    db.session.commit()
    page.goto(LIST)
    expect(row.get_by_role("img", name="vendue")).to_have_count(1)
    expect(row).to_contain_text("12,00")
