"""The bookkeeping of links: which drink a till reference pours. A link is never edited: it is broken, or ended."""

from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import Instant, db
from sommit.jalia.payload import LABEL_PREFIX, label_key
from sommit.models import Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import key_since
from sommit.statements import built_once

MAX_SERVING_ML = 100_000  # two kegs; nobody pours more in one sale


class NoSuchReference(Refusal):
    """The venue's till has no such key."""

    sentence = N_("Cette référence de la caisse n’existe pas : « %(reference)s ».")


class Changed(Refusal):
    """Somebody else answered for this reference since it was shown."""

    sentence = N_("Quelqu’un vient de répondre pour « %(label)s ». Voici la ligne à jour.")


class BadServing(Refusal):
    """A serving has to be a volume that can be poured."""

    sentence = N_("Indiquez ce qu’une vente retire du stock, entre 1 ml et 100 l.")
    field = "serving"


class LinkedReference(Refusal):
    """A linked reference cannot be ignored: its sales would leave without a word."""

    sentence = N_("« %(label)s » est liée à une boisson. Cassez d’abord la liaison, puis ignorez-la.")


class ArchivedDrink(Refusal):
    """A drink that was put away takes no new link."""

    sentence = N_("« %(drink)s » est archivée. Réactivez sa fiche, ou choisissez une autre boisson.")


class NotLinked(Refusal):
    """There is no link to break."""

    sentence = N_("« %(label)s » n’est pas liée à cette boisson : il n’y a rien à casser.")


def get(venue_id: int, reference_id: int) -> TillReference:
    """Return one reference of a venue. Raises NoSuchReference, also for another venue's."""
    return _one(_by_id(venue_id, reference_id), shown=reference_id)


def by_till_id(venue_id: int, till_id: str) -> TillReference:
    """Return one reference of a venue by the till's own id, or "label:" and a label. Raises NoSuchReference.

    A label may be typed as the till shows it, accents and capitals included.
    """
    typed = till_id.strip().lower()
    found = label_key(typed.removeprefix(LABEL_PREFIX)) if typed.startswith(LABEL_PREFIX) else typed
    return _one(_by_till_id(venue_id, found), shown=till_id)


@built_once()
def _by_id(venue_id: Any, reference_id: Any) -> Any:
    return select(TillReference).where(TillReference.venue_id == venue_id, TillReference.id == reference_id)


@built_once()
def _by_till_id(venue_id: Any, till_id: Any) -> Any:
    return select(TillReference).where(TillReference.venue_id == venue_id, TillReference.till_id == till_id)


def _one(asked: tuple[Any, dict[str, Any]], *, shown: object) -> TillReference:
    reference: TillReference | None = db.session.scalar(*asked)
    if reference is None:
        raise NoSuchReference(reference=shown)
    return reference


def is_live() -> Any:
    """Return the condition of a link that pours now: neither broken nor ended. Now is when the statement is sent."""
    now = bindparam("now", type_=Instant(), callable_=clock.now, unique=True)
    return (Link.broken_at.is_(None)) & or_(Link.ends_at.is_(None), Link.ends_at > now)


def live_links(reference: TillReference) -> list[Link]:
    """Return the links of a reference that pour now, oldest first."""
    return list(db.session.scalars(select(Link).where(_of(reference), is_live()).order_by(Link.id)))


def _of(reference: TillReference) -> Any:
    return (Link.venue_id == reference.venue_id) & (Link.reference_id == reference.id)


def link(
    reference: TillReference, drink: Drink, *, serving_ml: int, version: int | None = None, by: int | None = None
) -> Link:
    """Link a till reference to a drink, for its past and future sales; `serving_ml` is what one sale takes.

    What the key sold as another product, or for a link that has ended, stays there: this link starts where that ended.
    Linking the same pair again changes nothing and returns the link that is there. An ignored reference is reactivated.
    Raises Changed when somebody else answered for this reference since `version` was shown; BadServing; ArchivedDrink.
    """
    if not 0 < serving_ml <= MAX_SERVING_ML:
        raise BadServing()
    if drink.archived_at is not None:
        raise ArchivedDrink(drink=drink.name)
    if same := _live_link(reference, drink):
        return same
    if same := _claimed_by_its_twin(reference, drink, version):
        return same
    reference.ignored_at = reference.ignored_by_rule = None
    made = Link(
        venue_id=reference.venue_id,
        reference_id=reference.id,
        drink_id=drink.id,
        serving_ml=serving_ml,
        starts_at=key_since.starts(reference.venue_id, reference.id, [drink.id])[drink.id],
        created_at=clock.now(),
        created_by=by,
    )
    key_since.is_another(reference, by)
    db.session.add(made)
    _flush(reference)
    return made


def _claimed_by_its_twin(reference: TillReference, drink: Drink, version: int | None) -> Link | None:
    """Claim the reference; return the link of another tablet that linked the same pair while we waited for the row."""
    try:
        claim(reference, version)
    except Changed:
        if same := _live_link(reference, drink):
            return same
        raise
    return _live_link(reference, drink)


def _live_link(reference: TillReference, drink: Drink) -> Link | None:
    query = select(Link).where(_of(reference), Link.drink_id == drink.id, is_live())
    found: Link | None = db.session.scalar(query.execution_options(populate_existing=True))
    return found


def unlink(reference: TillReference, drink: Drink | None = None, *, version: int | None = None) -> list[Link]:
    """Break the links of a reference, or only the one to `drink`: its sales leave the drink's stock and figures.

    Other references of the same drink keep theirs. Raises NotLinked, Changed.
    """
    claim(reference, version)
    query = select(Link).where(_of(reference), Link.broken_at.is_(None))
    links = list(db.session.scalars(query if drink is None else query.where(Link.drink_id == drink.id)))
    if not links:
        raise NotLinked(label=reference.label)
    for one in links:
        one.broken_at = clock.now()
    return links


def is_broken(reference: TillReference, drink: Drink) -> bool:
    """Return whether a reference was linked to a drink and no longer is, by a link that was broken."""
    links = list(db.session.scalars(select(Link.broken_at).where(_of(reference), Link.drink_id == drink.id)))
    return bool(links) and None not in links


def ignore(reference: TillReference, *, version: int | None = None) -> None:
    """Take a reference out of the list. It never changes the till's turnover. Raises LinkedReference, Changed."""
    if reference.ignored_at is not None:
        return
    claim(reference, version)
    if live_links(reference):
        raise LinkedReference(label=reference.label)
    key_since.is_another(reference, None)
    reference.ignored_at = clock.now()


def reactivate(reference: TillReference, *, version: int | None = None) -> None:
    """Bring an ignored reference back into the list. Raises Changed."""
    if reference.ignored_at is None:
        return
    claim(reference, version)
    reference.ignored_at = reference.ignored_by_rule = None


def claim(reference: TillReference, version: int | None) -> None:
    """Take the row of a reference, so that of two answers at once one wins. Raises Changed.

    `version` is the one that was shown; None means the one in the database (a command, not a screen).
    """
    mine = TillReference.id == reference.id
    if version is not None:
        mine &= TillReference.version == version
    take = update(TillReference).where(mine).values(version=TillReference.version + 1).returning(TillReference)
    if db.session.scalar(take, execution_options={"populate_existing": True}) is None:
        db.session.refresh(reference)
        raise Changed(label=reference.label)


def _flush(reference: TillReference) -> None:
    """Write now; the database's own constraint has the last word on two links at once."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Changed(label=reference.label) from error


def has_live_link(reference_id: Any) -> Any:
    """Return the condition that a reference is linked now (SQL)."""
    return exists().where(Link.reference_id == reference_id, is_live())
