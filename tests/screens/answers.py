"""What the tests of the list share: its address, a page's words, the links made, a form filled in."""

import re

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Link, TillReference

LIST = "/boissons/a-synchroniser"


def words(html: str) -> str:
    """A page as it reads, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def links() -> list[Link]:
    """All links, oldest first."""
    return list(db.session.scalars(select(Link).order_by(Link.id)))


def at(reference: TillReference, act: str) -> str:
    """The address of an answer."""
    return f"{LIST}/{reference.id}/{act}"
