"""The rows of docs/FAULTS.md and the tests that each of them names."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAULTS = (ROOT / "docs" / "FAULTS.md").read_text()
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
NOT_APPLICABLE = "Not applicable: "
#: The catalogue's sections A to D, F and G; 68 to 71 are of E, webhooks, which the product does not have.
ROWS = (*range(1, 68), *range(72, 91))


def chapter(heading: str) -> str:
    """Return the text of one chapter of docs/FAULTS.md."""
    return FAULTS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def entries() -> dict[int, str]:
    """Return the text of each fault, by its number."""
    found = re.findall(r"^- \*\*(\d+)\*\* (.*?)(?=^- \*\*|^###|\Z)", chapter("Faults"), re.MULTILINE | re.DOTALL)
    return {int(number): text for number, text in found}


def tests(text: str) -> list[tuple[str, str]]:
    """Return the file and the function of each test that an entry names; no function: all of the file."""
    return TEST.findall(text)
