"""The rows of the list as a test takes hold of them."""

import re

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link


def row(page: Page, reference) -> Locator:
    return page.locator(f"#ref-{reference.id}")


def linked() -> dict[int, tuple[int, int]]:
    """Drink and serving of each linked key."""
    found = {link.reference_id: (link.drink_id, link.serving_ml) for link in db.session.scalars(select(Link))}
    db.session.rollback()
    return found


def drink_named(name: str, vintage: int | None) -> Drink:
    found = db.session.scalars(select(Drink).where(Drink.name == name, Drink.vintage == vintage)).one()
    db.session.rollback()
    return found


def to_do(page: Page) -> Locator:
    return page.locator("h1")


def open_row(page: Page, reference) -> Locator:
    row(page, reference).get_by_role("link", name=f"Synchroniser {reference.label}").tap()
    expect(row(page, reference)).to_have_class(re.compile("is-open"))
    return row(page, reference)
