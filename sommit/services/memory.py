"""What a venue has taught the match engine, visibly and revocably: refused pairs, words explained by confirmed links.

Confirmed pairs are the links themselves.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.exc import IntegrityError

from sommit import clock, matching
from sommit.extensions import db
from sommit.matching.text import fold
from sommit.models import Drink, LearnedWord, Link, RefusedPair, TillReference
from sommit.services import engines, servings, till_links
from sommit.statements import built_once


@dataclass(frozen=True, slots=True)
class Refused:
    """A drink that is not proposed for a reference any more."""

    pair: RefusedPair
    reference: TillReference
    drink: Drink


@dataclass(frozen=True, slots=True)
class Learned:
    """A word of the till with its meaning, and the reference whose link taught it."""

    word: LearnedWord
    reference: TillReference


@dataclass(frozen=True, slots=True)
class Taught:
    """What is kept now, the latest first."""

    refused: tuple[Refused, ...] = ()
    words: tuple[Learned, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.refused or self.words)


def of(venue_id: int) -> matching.Memory:
    """Return a venue's memory as the engine takes it: refusals by the label of today, live links, words, its glass."""
    pairs = db.session.execute(union_all(_refused_labels(venue_id), _confirmed_labels(venue_id))).all()
    words = select(LearnedWord.word, LearnedWord.meaning).where(
        LearnedWord.venue_id == venue_id, LearnedWord.revoked_at.is_(None)
    )
    return matching.Memory(
        refused=frozenset((label, drink_id) for kind, label, drink_id in pairs if kind == "refused"),
        confirmed=frozenset((label, drink_id) for kind, label, drink_id in pairs if kind == "confirmed"),
        abbreviations=MappingProxyType(dict(tuple(row) for row in db.session.execute(words))),
        glass_ml=servings.house(venue_id).glass_ml,
    )


def teach(
    reference: TillReference, *, linked: Drink | None, said_no: Collection[int], by: int | None
) -> LearnedWord | None:
    """Keep what an answer teaches, and return the word that it explains, if there is one.

    The drinks (`said_no`, ids) to which "non" was answered on the way to it are refused, save for the one that was
    linked in the end: whatever was said of that one before is taken back. A key of several drinks explains no word.
    """
    wrong = select(Drink).where(Drink.venue_id == reference.venue_id, Drink.id.in_(said_no))
    for drink in db.session.scalars(wrong) if said_no else ():
        if drink is not linked:
            refuse(reference, drink, by)
    if linked is None:
        return None
    propose_again(reference, linked)
    return learn(reference, linked) if len(till_links.live_links(reference)) == 1 else None


def refuse(reference: TillReference, drink: Drink, by: int | None) -> None:
    """Keep that this drink is not the one that the reference means. Refusing it twice changes nothing."""
    if _refusal(reference, drink) is None:
        ids = {"venue_id": reference.venue_id, "reference_id": reference.id, "drink_id": drink.id}
        _keep(RefusedPair(refused_at=clock.now(), refused_by=by, **ids))


def propose_again(reference: TillReference, drink: Drink) -> None:
    """Revoke a refusal. Doing it twice changes nothing."""
    if kept := _refusal(reference, drink):
        kept.revoked_at = clock.now()


def learn(reference: TillReference, drink: Drink) -> LearnedWord | None:
    """Keep the abbreviation that linking this pair explains, and return it; None where there is nothing to learn.

    A word has one meaning at a time, the first one; a meaning that was forgotten is not learned again.
    """
    for word, meaning in matching.taught_by(engines.as_label(reference), engines.as_drink(drink)).items():
        spelled = _as_spelled(meaning, drink.name)
        earlier = select(LearnedWord).where(LearnedWord.venue_id == reference.venue_id, LearnedWord.word == word)
        if all(one.revoked_at and one.meaning != spelled for one in db.session.scalars(earlier)):
            ids = {"venue_id": reference.venue_id, "reference_id": reference.id}
            learned = LearnedWord(word=word, meaning=spelled, created_at=clock.now(), **ids)
            _keep(learned)
            return learned
    return None


def forget(venue_id: int, word: str) -> None:
    """Revoke a learned word. Doing it twice changes nothing."""
    mine = LearnedWord.venue_id == venue_id, LearnedWord.word == word, LearnedWord.revoked_at.is_(None)
    for kept in db.session.scalars(select(LearnedWord).where(*mine)):
        kept.revoked_at = clock.now()


def taught(venue_id: int) -> Taught:
    """Return all that a venue has taught and not taken back."""
    mine = [table.venue_id == venue_id for table in (RefusedPair, LearnedWord)]
    return _taught(db.session.execute(_pairs(mine[0])), db.session.execute(_words(mine[1])))


def taught_at(reference: TillReference) -> Taught:
    """Return what the answers to one reference have taught."""
    found = db.session.execute(*_at(reference.venue_id, reference.id)).all()
    pairs = {pair: Refused(pair, reference, drink) for pair, drink, _ in found if pair}
    words = {word: Learned(word, reference) for *_, word in found if word}
    return Taught(tuple(pairs.values()), tuple(words.values()))


@built_once()
def _at(venue_id: Any, reference_id: Any) -> Any:
    """Each refusal beside each word, the latest first, in one statement: most references have neither."""
    refused = (RefusedPair.reference_id == reference_id) & RefusedPair.revoked_at.is_(None)
    learned = (LearnedWord.reference_id == reference_id) & LearnedWord.revoked_at.is_(None)
    return (
        select(RefusedPair, Drink, LearnedWord)
        .select_from(TillReference)
        .outerjoin(RefusedPair, (RefusedPair.venue_id == venue_id) & refused)
        .outerjoin(Drink, Drink.id == RefusedPair.drink_id)
        .outerjoin(LearnedWord, (LearnedWord.venue_id == venue_id) & learned)
        .where(TillReference.venue_id == venue_id, TillReference.id == reference_id)
        .order_by(RefusedPair.id.desc(), LearnedWord.id.desc())
    )


def _taught(pairs: Iterable[Any], learned: Iterable[Any]) -> Taught:
    return Taught(tuple(Refused(*row) for row in pairs), tuple(Learned(*row) for row in learned))


def _pairs(*mine: Any) -> Any:
    return (
        select(RefusedPair, TillReference, Drink)
        .join(TillReference, TillReference.id == RefusedPair.reference_id)
        .join(Drink, Drink.id == RefusedPair.drink_id)
        .where(*mine, RefusedPair.revoked_at.is_(None))
        .order_by(RefusedPair.id.desc())
    )


def _words(*mine: Any) -> Any:
    return (
        select(LearnedWord, TillReference)
        .join(TillReference, TillReference.id == LearnedWord.reference_id)
        .where(*mine, LearnedWord.revoked_at.is_(None))
        .order_by(LearnedWord.id.desc())
    )


def _refused_labels(venue_id: int) -> Any:
    return (
        select(literal("refused"), TillReference.label, RefusedPair.drink_id)
        .join(TillReference, TillReference.id == RefusedPair.reference_id)
        .where(RefusedPair.venue_id == venue_id, RefusedPair.revoked_at.is_(None))
    )


def _confirmed_labels(venue_id: int) -> Any:
    return (
        select(literal("confirmed"), TillReference.label, Link.drink_id)
        .join(TillReference, TillReference.id == Link.reference_id)
        .where(Link.venue_id == venue_id, till_links.is_live())
    )


def _refusal(reference: TillReference, drink: Drink) -> RefusedPair | None:
    mine = RefusedPair.venue_id == reference.venue_id, RefusedPair.reference_id == reference.id
    query = select(RefusedPair).where(*mine, RefusedPair.drink_id == drink.id, RefusedPair.revoked_at.is_(None))
    found: RefusedPair | None = db.session.scalar(query)
    return found


def _keep(row: RefusedPair | LearnedWord) -> None:
    """Write now; where another tablet was faster, what it wrote says the same."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return


def _as_spelled(meaning: str, name: str) -> str:
    """Return a run of folded words as the drink's name spells them."""
    folded = fold(name)
    found = re.search(r"\W+".join(map(re.escape, meaning.split())), folded)
    return name[found.start() : found.end()] if found and len(folded) == len(name) else meaning
