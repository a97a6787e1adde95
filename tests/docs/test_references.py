"""What a document or a comment points to is there: rows, sections, tests, files."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs import rows
from tests.docs.rows import FAULTS, ROOT, TEST, chapter

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
KINDS = {".py", ".html", ".toml", ".md", ".js", ".css"}
SOURCES = sorted(
    path for room in ("sommit", "demo", "tests", "docs") for path in (ROOT / room).rglob("*") if path.suffix in KINDS
)

ENTRY = re.compile(r"^- \*\*(M?\d+)\*\* ", re.MULTILINE)
NUMBER = r"(?:M?\d+|rule [a-e])"
FAULT = re.compile(rf"FAULTS ({NUMBER}(?:(?:, | and ){NUMBER})*)")
SECURITY = re.compile(r"\bsecurity (\d+)")
SECTION = re.compile(r"§(\d+(?:\.\d+)*(?:\.[a-z]\b)?)(?:-(\d+))?")
LINK = re.compile(r"\]\(([^)#\s]+)")
#: Where machines keep files: no reader has ours.
FOLDERS = "|".join(sorted({"home", "root", "Users", "tmp", "opt", "mnt", "usr", "var", "etc", ROOT.parts[1]}))
MACHINE = re.compile(rf"(?<![\w./-])/(?:{FOLDERS})/")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def entries(heading: str) -> set[str]:
    """The numbers of one chapter of docs/FAULTS.md."""
    return set(ENTRY.findall(chapter(heading)))


@cache
def sections() -> frozenset[str]:
    """The sections of the till's contract, and the numbered sentences in them: "3.1.3.b"."""
    found, section, sentence = set(), "", ""
    for line in (ROOT / "docs" / "jalia" / "CONTRACT.md").read_text().splitlines():
        if heading := re.match(r"#+ (\d+(?:\.\d+)*)\.? ", line):
            section = heading.group(1)
            found.add(section)
        elif number := re.match(r"(\d+)\. ", line):
            sentence = f"{section}.{number.group(1)}"
            found.add(sentence)
        elif letter := re.match(r" +([a-z])\. ", line):
            found.add(f"{sentence}.{letter.group(1)}")
    return frozenset(found)


def cited_sections(text: str) -> set[str]:
    found = set()
    for first, last in SECTION.findall(text):
        found |= {first, *([f"{first.rpartition('.')[0]}.{last}"] if last else [])}
    return found


def missing(text: str) -> set[str]:
    """What a text cites of docs/FAULTS.md and of the contract that is not there."""
    known = entries("Faults") | entries("Measured") | {f"rule {letter}" for letter in "abcde"}
    faults = {number for cited in FAULT.findall(text) for number in re.findall(NUMBER, cited)}
    return (faults - known) | (set(SECURITY.findall(text)) - entries("Security")) | (cited_sections(text) - sections())


def test_every_fault_and_every_section_that_is_cited_is_there() -> None:
    texts = {path: path.read_text() for path in SOURCES if path != Path(__file__)}
    assert {_name(path): missing(text) for path, text in texts.items() if missing(text)} == {}


def test_what_is_not_there_is_found() -> None:
    assert missing("FAULTS 14, 991 and M99; security 990; §3.1.3.b, §8.3-99, §77") == {
        "991",
        "M99",
        "990",
        "8.99",
        "77",
    }


def test_every_test_that_a_fault_names_is_there() -> None:
    named = TEST.findall(FAULTS)
    assert len(named) > 100
    for path, function in named:
        tree = ast.parse((ROOT / path).read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert not function or function in functions, f"{path}::{function}"


def test_every_fault_names_its_tests() -> None:
    for heading in ("Faults", "Security"):
        for entry in re.split(r"^- ", chapter(heading), flags=re.MULTILINE)[1:]:
            assert TEST.search(entry) or "Not applicable" in entry, entry


def test_every_row_of_the_faults_has_a_test_or_the_reason_why_none_makes_sense() -> None:
    found = rows.entries()
    without = [number for number, text in found.items() if not rows.tests(text)]
    assert [number for number in without if not found[number].startswith(rows.NOT_APPLICABLE)] == []
    assert set(found) == set(rows.ROWS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_link_and_image_of_a_document_leads_to_a_file(path: Path) -> None:
    for target in LINK.findall(path.read_text()):
        assert re.match(r"https?://|mailto:", target) or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_no_document_names_a_path_of_a_machine(path: Path) -> None:
    assert MACHINE.findall(path.read_text()) == []
