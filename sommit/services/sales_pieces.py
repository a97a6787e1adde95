"""What each key sold, cut where one of its links begins or ends: every figure of *Ventes* is added up from these."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, Row, Select, and_, case, func, literal, not_, or_, select, union, union_all

from sommit.extensions import Wide, db
from sommit.models import Closing, Drink, Link, ReferenceSum, SaleLine, TillReference
from sommit.statements import built_once

AT_ONCE = 1000  # rows held in memory while a period is read night by night

Rows = Select[*tuple[Any, ...]]
Cuts = dict[tuple[int, date | None], list["_Cut"]]
Links = dict[int, list["_Held"]]


class Pour(NamedTuple):
    """A drink that a key pours, and what one sale takes from it in millilitres."""

    drink: Drink
    serving_ml: int


class Piece(NamedTuple):
    """Sales of one key, all made while it poured the same drinks. Cents; thousandths of a serving.

    `unpriced` counts the sales among them whose money is not known: they add nothing to the turnover.
    """

    reference: TillReference
    night: date | None
    pours: tuple[Pour, ...]
    sold_milli: int
    sales: int
    turnover_cents: int
    unpriced: int


class _Held(NamedTuple):
    """A link that is kept: what its key pours, and when."""

    pour: Pour
    starts_at: datetime | None
    ends_at: datetime | None

    def at(self, instant: datetime | None) -> bool:
        """Whether it holds from an instant on; without one, before any link of its key began or ended."""
        if instant is None:
            return self.starts_at is None
        begun = self.starts_at is None or self.starts_at <= instant
        return begun and (self.ends_at is None or self.ends_at > instant)


class _Cut(NamedTuple):
    from_at: datetime
    sold_milli: int
    sales: int
    turnover_cents: int
    unpriced: int


def pieces(venue_id: int, since: date, until: date, *, by_night: bool = False) -> Iterator[Piece]:
    """Yield what the keys of a venue sold between two business dates, both included.

    A sale belongs to the drinks whose link held when it was sold. With `by_night` the pieces of each night are apart,
    in the order of the nights, and few rows are held at a time. Three statements, whatever the number of rows, and one
    more where a link began or ended at some instant.
    """
    asked = venue_id, since, until
    references = {one.id: one for one in db.session.scalars(*_references(*asked))}
    links = _links(venue_id)
    bounded = any(link.starts_at or link.ends_at for mine in links.values() for link in mine)
    cuts = _cuts(*asked, by_night) if bounded else {}
    whole = db.session.execute(*(_whole_by_night(*asked) if by_night else _whole(*asked)))
    return _put_together(whole, references, links, cuts)


def money_by_night(venue_id: int, since: date, until: date) -> Iterator[tuple[date, bool, bool, int]]:
    """Yield what `pieces` would add up to: the night, whether its keys poured, whether they are ignored, and cents.

    The keys whose links hold for ever, nearly all, are added up by the database.
    """
    asked = venue_id, since, until
    for night, poured, ignored, cents in db.session.execute(*_held_for_ever(*asked)):
        yield night, bool(poured), bool(ignored), int(cents)
    bounded = set(db.session.scalars(*_bounded_keys(venue_id)))
    for piece in pieces(*asked, by_night=True) if bounded else ():
        if piece.night and piece.reference.id in bounded:
            yield piece.night, bool(piece.pours), piece.reference.ignored_at is not None, piece.turnover_cents


@built_once()
def _bounded_keys(venue_id: Any) -> Any:
    return _with_bounds(venue_id)


def _with_bounds(venue_id: Any) -> Any:
    """The keys of which a link began or ended at some instant (SQL)."""
    bounds = or_(*(at.is_not(None) for at in _INSTANTS))
    return select(Link.reference_id).where(Link.venue_id == venue_id, _kept(), bounds)


@built_once()
def _held_for_ever(venue_id: Any, since: Any, until: Any) -> Rows:
    poured = ReferenceSum.reference_id.in_(select(Link.reference_id).where(Link.venue_id == venue_id, _kept()))
    group = ReferenceSum.business_date, poured, TillReference.ignored_at.is_not(None)
    return (
        select(*group, func.sum(ReferenceSum.turnover_cents))
        .join(TillReference, TillReference.id == ReferenceSum.reference_id)
        .where(ReferenceSum.closing_id.in_(_read(venue_id, since, until)), ReferenceSum.sales > 0)
        .where(ReferenceSum.reference_id.not_in(_with_bounds(venue_id)))
        .group_by(*group)
    )


def _read(venue_id: Any, since: Any, until: Any) -> Select[int]:
    return select(Closing.id).where(Closing.venue_id == venue_id, Closing.business_date.between(since, until))


def _put_together(
    whole: Iterable[Row[Any]], references: dict[int, TillReference], links: Links, cuts: Cuts
) -> Iterator[Piece]:
    at_first = {key: _pours(mine, None) for key, mine in links.items()}
    for reference_id, night, *figures in map(tuple, whole):
        reference, after = references[reference_id], cuts.get((reference_id, night))
        before = list(map(int, figures))
        for cut in after or ():
            before = [total - part for total, part in zip(before, cut[1:], strict=True)]
        if before[1]:
            yield Piece(reference, night, at_first.get(reference_id, ()), *before)
        for cut in after or ():
            if cut.sales:
                yield Piece(reference, night, _pours(links.get(reference_id, []), cut.from_at), *cut[1:])


def _pours(links: list[_Held], at: datetime | None) -> tuple[Pour, ...]:
    """What a key pours from an instant on; without one, before any of its links began or ended."""
    return tuple({link.pour.drink.id: link.pour for link in links if link.at(at)}.values())


@built_once()
def _references(venue_id: Any, since: Any, until: Any) -> Select[TillReference]:
    read = _read(venue_id, since, until)
    sold = select(ReferenceSum.reference_id).where(ReferenceSum.closing_id.in_(read), ReferenceSum.sales > 0)
    return select(TillReference).where(TillReference.venue_id == venue_id, TillReference.id.in_(sold))


def _links(venue_id: int) -> Links:
    """The links of every key, oldest first. A drink is one object however many keys pour it; a link is none at all."""
    found: Links = {}
    for key, drink, *link in db.session.execute(*_kept_links(venue_id)):
        serving_ml, starts_at, ends_at = link
        found.setdefault(key, []).append(_Held(Pour(drink, serving_ml), starts_at, ends_at))
    return found


@built_once()
def _kept_links(venue_id: Any) -> Any:
    columns = Link.reference_id, Drink, Link.serving_ml, Link.starts_at, Link.ends_at
    query = select(*columns).join(Drink, and_(Drink.venue_id == Link.venue_id, Drink.id == Link.drink_id))
    return query.where(Link.venue_id == venue_id, _kept()).order_by(Link.id)


def _kept() -> Any:
    return Link.broken_at.is_(None)


@built_once()
def _whole(venue_id: Any, since: Any, until: Any) -> Rows:
    return _sums(_read(venue_id, since, until))


@built_once()
def _whole_by_night(venue_id: Any, since: Any, until: Any) -> Rows:
    return _sums(_read(venue_id, since, until), ReferenceSum.business_date).execution_options(yield_per=AT_ONCE)


def _sums(read: Select[int], *night: Any) -> Rows:
    """What each key sold, from the closings' own sums, closing by closing as they lie."""
    figures = (func.sum(figure) for figure in _figures(read))
    return (
        select(ReferenceSum.reference_id, *(night or [literal(None)]), *figures)
        .where(ReferenceSum.closing_id.in_(read), ReferenceSum.sales > 0)
        .group_by(*night, ReferenceSum.reference_id)
        .order_by(*night, ReferenceSum.reference_id)
    )


def _figures(read: Select[int]) -> tuple[Any, ...]:
    unpriced = _unpriced(read, ReferenceSum.sales)
    return ReferenceSum.sold_milli, ReferenceSum.sales, ReferenceSum.turnover_cents, unpriced


def _unpriced(read: Select[int], sales: Any) -> Any:
    unknown = read.where(Closing.turnover_cents.is_(None))
    return case((ReferenceSum.closing_id.in_(unknown), sales), else_=0)


def _cuts(venue_id: int, since: date, until: date, by_night: bool) -> Cuts:
    """The part of those sales that was sold after a link began or ended, up to the next such instant."""
    found: Cuts = {}
    for reference_id, night, from_at, *figures in db.session.execute(*_parts(venue_id, since, until)):
        mine = found.setdefault((reference_id, night if by_night else None), [])
        cut = _Cut(from_at, *map(int, figures))
        if mine and mine[-1].from_at == from_at:
            mine[-1] = _Cut(from_at, *(sum(both) for both in zip(mine[-1][1:], cut[1:], strict=True)))
        else:
            mine.append(cut)
    return found


@built_once()
def _parts(venue_id: Any, since: Any, until: Any) -> Rows:
    read, spans = _read(venue_id, since, until), _spans(venue_id)
    parts = union_all(_inside(read, spans), _at_the_edge(read, spans)).subquery()
    keys = parts.c.reference_id, parts.c.business_date, parts.c.from_at
    figures = (func.sum(parts.c[name]) for name in ("sold_milli", "sales", "turnover_cents", "unpriced"))
    return select(*keys, *figures).group_by(*keys).order_by(parts.c.reference_id, parts.c.from_at, keys[1])


def _spans(venue_id: Any) -> CTE:
    """From each instant at which a link of a key begins or ends up to the next; most keys have none."""
    ends = (select(Link.venue_id, Link.reference_id, at.label("at")).where(*_bounded(venue_id, at)) for at in _INSTANTS)
    cut = union(*ends).subquery()
    after = func.lead(cut.c.at).over(partition_by=cut.c.reference_id, order_by=cut.c.at)
    return select(cut.c.venue_id, cut.c.reference_id, cut.c.at.label("from_at"), after.label("to_at")).cte("span")


_INSTANTS = (Link.starts_at, Link.ends_at)


def _bounded(venue_id: Any, at: Any) -> tuple[Any, ...]:
    return Link.venue_id == venue_id, _kept(), at.is_not(None)


def _inside(read: Select[int], spans: CTE) -> Rows:
    figures = _figures(read)
    return _of(spans, *figures).where(*_overlapping(read, spans), _whole_inside(spans))


def _at_the_edge(read: Select[int], spans: CTE) -> Rows:
    """A closing during which a link began or ended: its lines say which side each sale is on."""
    one, cents = literal(1).cast(Wide), func.coalesce(SaleLine.total_cents, 0)
    return (
        _of(spans, SaleLine.quantity_milli, one, cents, _unpriced(read, one))
        .join(SaleLine, and_(SaleLine.closing_id == ReferenceSum.closing_id, _of_the_key(SaleLine, spans)))
        .where(
            *_overlapping(read, spans),
            not_(_whole_inside(spans)),
            SaleLine.money == "turnover",
            SaleLine.sold_at >= spans.c.from_at,
            or_(spans.c.to_at.is_(None), SaleLine.sold_at < spans.c.to_at),
        )
    )


def _of(spans: CTE, *figures: Any) -> Rows:
    names = ("sold_milli", "sales", "turnover_cents", "unpriced")
    named = (figure.label(name) for name, figure in zip(names, figures, strict=True))
    return (
        select(ReferenceSum.reference_id, ReferenceSum.business_date, spans.c.from_at, *named)
        .select_from(spans)
        .join(ReferenceSum, _of_the_key(ReferenceSum, spans))
    )


def _of_the_key(table: type[ReferenceSum] | type[SaleLine], spans: CTE) -> Any:
    """Rows of the span's own key: the venue comes from the span too, so that the few spans lead and indexes follow."""
    return and_(table.venue_id == spans.c.venue_id, table.reference_id == spans.c.reference_id)


def _overlapping(read: Select[int], spans: CTE) -> tuple[Any, ...]:
    # A look at each sum's closing; a list of closings would lead, and each of their sums look for its spans.
    within = read.where(Closing.id == ReferenceSum.closing_id).correlate(ReferenceSum).exists()
    return (
        within,
        ReferenceSum.sales > 0,
        ReferenceSum.last_sold_at >= spans.c.from_at,
        or_(spans.c.to_at.is_(None), ReferenceSum.first_sold_at < spans.c.to_at),
    )


def _whole_inside(spans: CTE) -> Any:
    return and_(
        ReferenceSum.first_sold_at >= spans.c.from_at,
        or_(spans.c.to_at.is_(None), ReferenceSum.last_sold_at < spans.c.to_at),
    )
