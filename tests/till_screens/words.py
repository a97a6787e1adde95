"""The words of a page, as a person reads them."""

import html
import re


def words(page: str) -> str:
    """The text of a page on one line, every kind of space as one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
