"""Reading a venue's till, once somebody holds the lease: no transaction is open while the till is asked."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from sommit import clock, crash
from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import (
    CutShort,
    Missing,
    NotAllowed,
    OtherVenue,
    TillError,
    TokenRefused,
    TooManyCalls,
    Unreachable,
)
from sommit.jalia.payload import Product, Report
from sommit.jalia.reading import Reading, Source, read_closing
from sommit.jalia.units import Unit
from sommit.jobs import again
from sommit.models import TillConnection, Venue
from sommit.refusals import N_, Refusal
from sommit.services import (
    catalogue,
    closing_states,
    key_questions,
    nights,
    raw_readings,
    sales_import,
    suggestions,
    till_connection,
)

#: After these nothing more can be asked tonight.
STOPS = (TokenRefused, OtherVenue, TooManyCalls, NotAllowed)
#: After one of these the next question may have an answer; after two in a row the till is taken for dead.
SILENCES = (Unreachable, CutShort)

UNKNOWN_MONEY = N_("L’unité des montants est inconnue pour une clôture : les quantités sont importées, pas le CA.")
DIFFERENCE = N_("Une clôture ne tombe pas juste : voir le journal des nuits.")
NO_TOTAL = N_("Le total d’une clôture manque dans Jalia : rien ne dit si elle tombe juste.")
HELD = N_("Des lignes illisibles sont mises de côté : voir le journal des nuits.")


@dataclass(slots=True)
class Summary:
    """What one reading did; `closings` and `lines` count what was written.

    `difference_cents` is over the closings read, None when the money of one is unknown.
    """

    read: int = 0  # closings read, changed or not
    unread: int = 0  # closings that were to be read and could not be
    closings: int = 0
    lines: int = 0
    new_references: int = 0
    difference_cents: int | None = 0
    problems: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)  # for the log: what the till said when something went wrong
    failed: bool = False

    @property
    def status(self) -> str:
        """Return ok: all read and adding up; partial: something is missing, held or off; failed: nothing was read."""
        return "failed" if self.failed else "partial" if self.problems else "ok"

    @property
    def error(self) -> str | None:
        """Return what is wrong, in French, each thing said once."""
        return " ".join(dict.fromkeys(self.problems)) or None

    def note(self, error: TillError | Refusal) -> None:
        """Keep what went wrong: a sentence for people, the till's own words for the log."""
        self.problems.append(str(error))
        self.raw.append(f"{type(error).__name__} {getattr(error, 'detail', '')}".strip())

    def add(self, reading: Reading, written: sales_import.Written) -> None:
        """Count one closing, once it is written, and say what is wrong with it."""
        self.read += 1
        self.closings += written.replaced
        self.lines += written.lines
        self.new_references += written.new_references
        if written.kept:
            self.problems.append(written.kept)
            return
        known = self.difference_cents is not None and reading.difference_cents is not None
        self.difference_cents = (self.difference_cents or 0) + (reading.difference_cents or 0) if known else None
        checks = {
            UNKNOWN_MONEY: reading.turnover_cents is None,
            NO_TOTAL: reading.report.total_sales_cents is None,
            DIFFERENCE: bool(reading.difference_cents),
            HELD: bool(reading.held),
        }
        self.problems += [sentence for sentence, found in checks.items() if found]


@dataclass(slots=True)
class Reader:
    """One reading of one till: the catalogue, then closing after closing, each in a transaction of its own."""

    venue: Venue
    connection: TillConnection
    lease: nights.Lease
    client: JaliaClient
    summary: Summary
    trouble: TillError | None = None  # with the last closing, if it could not be read

    def read(self) -> None:
        """Read all that is due and settle the night. Raises what stops it: a TillError, or nights.LostLease."""
        self._stored()
        self._catalogue()
        prices = catalogue.prices(self.venue.id)
        windows = list(sales_import.windows(self.connection, self.venue))
        db.session.commit()
        seen: set[str] = set()
        for since, until in windows:
            reports = self.client.reports(since, until)
            seen.update(report.id for report in reports)
            self._closings(reports, prices)
        self._closings(self._unfinished(seen), prices)
        if self.trouble and self.summary.unread and not self.summary.read:
            raise self.trouble
        gone = self._denied(windows[0][0] + sales_import.MARGIN, seen)
        again.until_through(lambda: self._settle(gone))  # if it had been through already, the lease is lost: no more

    def _catalogue(self) -> None:
        """Whatever becomes of the catalogue, the lines bring labels of their own (CONTRACT §3.5, §5.3; FAULTS 65)."""
        try:
            products = self.client.catalogue().products
            self.summary.new_references += again.until_through(lambda: self._take_over(products))
        except (TokenRefused, TooManyCalls):
            raise
        except (TillError, catalogue.EmptyCatalogue) as problem:
            self.summary.note(problem)
            db.session.commit()

    def _take_over(self, products: Sequence[Product]) -> int:
        new = catalogue.take_over(self.venue.id, products)
        db.session.commit()
        return new

    def _stored(self) -> None:
        """Apply what a former reader kept and did not live to apply, whether the till answers or not (FAULTS 4)."""
        pending = raw_readings.pending(self.venue.id)
        prices = catalogue.prices(self.venue.id) if pending else {}
        for number, reading_id in enumerate(pending, 1):
            source = raw_readings.recorded(self.venue.id, reading_id)
            unit = sales_import.known_unit(self.venue.id, source.report)
            with suppress(TillError):  # what can be read no more is asked for again like any other closing
                reading = self._read_from(source, source.report, prices, unit)
                self._apply(reading, reading_id, number, len(pending))
        db.session.commit()

    def _unfinished(self, seen: set[str]) -> list[Report]:
        """Closings that the list no longer shows and that are not done; what the till forgot is kept (§8.3, §8.7)."""
        ids = sales_import.unfinished(self.venue.id, seen)
        db.session.commit()
        reports = []
        for till_id in ids:
            try:
                reports.append(self.client.report(till_id))
            except Missing as problem:
                if sales_import.deny(self.venue.id, till_id):
                    self._bear(problem)
            except TillError as problem:
                self._bear(problem)
        return reports

    def _denied(self, since: date, seen: set[str]) -> list[str]:
        """Ask for each closing that the list shows no more: only what the till itself denies is gone (FAULTS 59)."""
        unlisted = closing_states.unlisted(self.venue, since, seen)
        db.session.commit()
        denied = []
        for till_id in unlisted:
            try:
                self.client.report(till_id)
            except Missing:
                denied.append(till_id)
            except TillError:  # all that was to be read is read: the next night asks again
                break
        return denied

    def _closings(self, reports: Iterable[Report], prices: dict[tuple[str, str], int]) -> None:
        due = sales_import.due(self.venue, self.connection, reports)
        units = {report.id: sales_import.known_unit(self.venue.id, report) for report in due}
        before = self.summary.read + self.summary.unread
        total = before + len(due)
        self._commit(before, total)
        for done, report in enumerate(due, before + 1):
            reading = self._reading(report, prices, units[report.id])
            if reading:
                kept = self._keep(reading, done - 1, total)
                self._apply(reading, kept, done, total)
            else:
                self._commit(done, total)

    def _keep(self, reading: Reading, done: int, total: int) -> int | None:
        """Keep the till's answers, in a transaction of their own where they are yet to be applied (FAULTS rule b)."""
        kept = raw_readings.keep(self.venue.id, reading)
        if kept is None or not kept.to_apply:
            return None
        self._commit(done, total)
        crash.point("after_raw")
        return kept.id

    def _apply(self, reading: Reading, reading_id: int | None, done: int, total: int) -> None:
        """Write one closing in one transaction, again if the database breaks it off: it happens once (FAULTS 26)."""

        def write() -> sales_import.Written:
            written = self._replace(reading)
            if reading_id is not None:
                raw_readings.applied(self.venue.id, reading_id)
            self._commit(done, total)
            return written

        written = again.until_through(write)
        crash.point("after_commit")
        self.summary.add(reading, written)

    def _reading(self, report: Report, prices: dict[tuple[str, str], int], unit: Unit | None) -> Reading | None:
        """Read one closing; None when it had to be set aside."""
        try:
            reading = self._read_from(self.client, report, prices, unit)
        except TillError as problem:
            self._bear(problem)
            self.summary.unread += 1
            sales_import.set_aside(self.venue, report, str(problem))
            return None
        self.trouble = None
        return reading

    def _read_from(
        self, source: Source, report: Report, prices: dict[tuple[str, str], int], unit: Unit | None
    ) -> Reading:
        location_id = self.connection.location_id
        return read_closing(source, report, catalogue_prices=prices, known_unit=unit, location_id=location_id)

    def _bear(self, problem: TillError) -> None:
        """Go on after a fault that may be one closing's own. Raises it when there is nothing to go on to."""
        if isinstance(problem, STOPS) or (isinstance(problem, SILENCES) and isinstance(self.trouble, SILENCES)):
            raise problem
        self.trouble = problem
        self.summary.note(problem)

    def _commit(self, done: int, total: int) -> None:
        """Commit with the lease: a reader that was overtaken cannot write (FAULTS 14); the page sees how far.

        Nor can one whose till was taken away (FAULTS 85).
        """
        till_connection.check(self.venue.id)
        nights.renew(self.lease, done=done, total=total)
        db.session.commit()

    def _replace(self, reading: Reading) -> sales_import.Written:
        self.connection.location_id = self.connection.location_id or reading.report.location_id
        return sales_import.replace(self.venue, reading)

    def _settle(self, gone: list[str]) -> None:
        closing_states.vanish(self.venue.id, gone)
        self.connection.state, self.connection.read_at = "connected", clock.now()
        self.connection.problem = self.summary.error
        key_questions.settle(self.venue.id)
        suggestions.refresh(self.venue.id)
        raw_readings.prune(self.venue.id)
        crash.point("before_release")
        nights.settle(self.lease, self.connection, self.venue.timezone, self.summary.error)
        db.session.commit()
