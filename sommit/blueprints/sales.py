"""*Ventes*: a night, a week, a month or any range as the till tells it, and the proof that nothing of it is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from sommit import clock
from sommit.blueprints import closing_words, sales_chart, sales_files, sales_words
from sommit.i18n import sentence
from sommit.refusals import Refusal
from sommit.services import cellar, exports, nights, sales_periods, sales_pieces, sales_tables, turnover
from sommit.services.sales_periods import Period
from sommit.session import current_venue

bp = Blueprint("sales", __name__, url_prefix="/ventes")
bp.record_once(lambda state: sales_words.init_app(state.app))

TABLES = {
    "boisson": sales_tables.by_drink,
    "categorie": sales_tables.by_category,
    "reference": sales_tables.by_reference,
}
DOUBTS = 20  # closings that a period names; the journal has them all
ROWS = 20  # of a table, before somebody asks for the others


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a period, None for the last night; or why it cannot be shown."""

    period: Period | None = None
    problem: str = ""


@bp.get("")
def evening() -> str | tuple[str, int]:
    """Show the night `jour`, or those from `du` to `au`; without either the last night that has a closing."""
    asked = read_period()
    status = 422 if asked.problem else 200
    if asked.period is not None:
        around = turnover.around(current_venue.id, asked.period.since, asked.period.until)
        return _page(asked.period, around, asked.problem), status
    around = turnover.around_last(current_venue.id)
    if around.last is None:
        return render_template("sales/nothing.html", problem=asked.problem), status
    return _page(sales_periods.night(around.last), around, asked.problem), status


def read_period() -> Asked:
    """Read the period out of the address."""
    try:
        if "du" in request.args or "au" in request.args:
            return Asked(sales_periods.read_range(request.args.get("du", ""), request.args.get("au", "")))
        if day := request.args.get("jour"):
            return Asked(sales_periods.night(sales_periods.read_day(day)))
    except Refusal as refusal:
        return Asked(problem=sentence(refusal))
    return Asked()


@bp.get("/ventes.csv")
def sales_file() -> Response | str | tuple[str, int]:
    """Give the sales of the period as a file, by night and key; without a period that can be read, the page."""
    period, venue_id = read_period().period, current_venue.id
    if period is None:
        return evening()
    since, until = period.since, period.until
    return _file(
        f"ventes-{since}-{until}.csv",
        lambda: sales_files.sales(sales_pieces.pieces(venue_id, since, until, by_night=True)),
    )


@bp.get("/stock.csv")
def stock_file() -> Response:
    """Give today's stock as a file."""
    today, venue_id = _today(), current_venue.id
    return _file(f"stock-{today}.csv", lambda: sales_files.stock(cellar.listed(venue_id), today))


@bp.get("/liaisons.csv")
def links_file() -> Response:
    """Give the links as a file."""
    venue_id, timezone = current_venue.id, current_venue.timezone
    return _file(f"liaisons-{_today()}.csv", lambda: sales_files.links(exports.links(venue_id), timezone))


def _today() -> date:
    return clock.local_date(clock.now(), current_venue.timezone)


def _file(name: str, content: Callable[[], Iterator[bytes]]) -> Response:
    """Stream a file. `content` is called once the view's own database session is closed, and has a fresh one."""

    def written() -> Iterator[bytes]:
        yield from content()

    answer = Response(stream_with_context(written()), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(period: Period, around: turnover.Evenings, problem: str) -> str:
    venue_id = current_venue.id
    sold = list(sales_pieces.pieces(venue_id, period.since, period.until))
    takings = turnover.takings(venue_id, period.since, period.until, sold)
    grouped = _grouped(takings)
    doubts = closing_words.doubts(takings.closings)
    sales = TABLES[grouped](sold)
    at_first = len(sales) if "tout" in request.args or len(sales) <= ROWS + 1 else ROWS
    return render_template(
        "sales/evening.html",
        period=period,
        takings=takings,
        doubts=doubts[:DOUBTS],
        more_doubts=len(doubts[DOUBTS:]),
        names=closing_words.names_of(takings.closings),
        night=nights.find(venue_id, period.since) if period.kind == "night" else None,
        unsettled=turnover.unsettled(venue_id, period.since, period.until) if period.kind != "night" else [],
        around=around,
        places=_places(period, around),
        tables={name: address(period, name) for name in TABLES},
        aside=turnover.aside(venue_id, period.since, period.until),
        grouped=grouped,
        sales=sales[:at_first],
        others=sales[at_first:],
        share=sales_words.share,
        problem=problem,
        **_comparison(period),
    )


def _grouped(takings: turnover.Takings) -> str:
    """The table that is asked for; at first that of the drinks, or of the keys while none of them is linked."""
    asked = request.args.get("par", "")
    if asked in TABLES:
        return asked
    return "boisson" if takings.linked_cents else "reference"


def _comparison(period: Period) -> dict[str, Any]:
    """The chart, and the turnover of the period before: the same weekday for a night."""
    around = sales_periods.up_to(period.since) if period.kind == "night" else period
    before = sales_periods.week_earlier(period.since) if period.kind == "night" else period.before()
    sums = turnover.by_night(current_venue.id, min(around.since, (before or period).since), around.until)
    then = [sums[day] for day in before.days() if day in sums] if before else []
    night = period.kind == "night"
    return {
        "chart": sales_chart.of_night(period.since, sums) if night else sales_chart.of_period(period, before, sums),
        "former": sales_words.former(period),
        "former_cents": sum(then) if then else None,
    }


def _places(period: Period, around: turnover.Evenings) -> dict[str, str]:
    """Where the buttons of the head lead: the other kinds of period, and the neighbours that have a closing."""
    day = max(period.since, min(period.until, around.last or period.until))
    places = {
        "night": sales_periods.night(day),
        "week": sales_periods.week(day),
        "month": sales_periods.month(day),
        "before": _neighbour(period, period.before(), around.before),
        "after": _neighbour(period, period.after(), around.after),
    }
    return {name: address(place) for name, place in places.items() if place}


def _neighbour(period: Period, next_to: Period | None, closed: date | None) -> Period | None:
    """The next night that has a closing; a longer period stands beside its neighbour, empty or not."""
    if closed is None:
        return None
    return sales_periods.night(closed) if period.kind == "night" else next_to


def address(period: Period, grouped: str | None = None) -> str:
    """Return the address of a period, with the table that is asked for: the one shown now unless `grouped` says so."""
    table = grouped or request.args.get("par")
    table = table if table in TABLES else None
    if period.kind == "night":
        return url_for(".evening", jour=period.since, par=table)
    return url_for(".evening", du=period.since, au=period.until, par=table)
