"""Reading a venue's till, once somebody holds the lease: no transaction is open while the till is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sommit import clock
from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import NotAllowed, OtherVenue, TillError, TokenRefused, TooManyCalls, Unreachable
from sommit.jalia.payload import Report
from sommit.jalia.reading import Reading, read_closing
from sommit.models import TillConnection, Venue
from sommit.refusals import N_, Refusal
from sommit.services import catalogue, nights, sales_import, suggestions

#: After these nothing more can be asked tonight; any other fault is one closing's own.
STOPS = (TokenRefused, OtherVenue, Unreachable, TooManyCalls, NotAllowed)

UNKNOWN_MONEY = N_("L’unité des montants est inconnue pour une clôture : les quantités sont importées, pas le CA.")
DIFFERENCE = N_("Une clôture ne tombe pas juste : voir le journal des nuits.")
HELD = N_("Des lignes illisibles sont mises de côté : voir le journal des nuits.")


@dataclass(slots=True)
class Summary:
    """What one reading did; `closings` and `lines` count what was written.

    `difference_cents` is over the closings read, None when the money of one is unknown.
    """

    read: int = 0  # closings read, changed or not
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
        """Count one closing, and say what is wrong with it."""
        self.closings += written.replaced
        self.lines += written.lines
        self.new_references += written.new_references
        if written.kept:
            self.problems.append(sales_import.EMPTIED)
            return
        known = self.difference_cents is not None and reading.difference_cents is not None
        self.difference_cents = (self.difference_cents or 0) + (reading.difference_cents or 0) if known else None
        checks = {
            UNKNOWN_MONEY: reading.turnover_cents is None,
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

    def read(self) -> None:
        """Read all that is due and settle the night. Raises what stops a night: STOPS, and nights.LostLease."""
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
        self._settle()

    def _catalogue(self) -> None:
        """Without the permission, or with an empty answer, the night goes on without it (CONTRACT §3.5, §5.3)."""
        try:
            products = self.client.catalogue().products
            self.summary.new_references += catalogue.take_over(self.venue.id, products)
        except (NotAllowed, catalogue.EmptyCatalogue) as problem:
            self.summary.note(problem)
        db.session.commit()

    def _unfinished(self, seen: set[str]) -> list[Report]:
        """Closings that the list no longer shows and that are not done; what the till forgot is kept (§8.3, §8.7)."""
        ids = sales_import.unfinished(self.venue.id, seen)
        db.session.commit()
        reports = []
        for till_id in ids:
            try:
                reports.append(self.client.report(till_id))
            except STOPS:
                raise
            except TillError as problem:
                self.summary.note(problem)
        return reports

    def _closings(self, reports: Iterable[Report], prices: dict[tuple[str, str], int]) -> None:
        due = sales_import.due(self.venue, self.connection, reports)
        units = {report.id: sales_import.known_unit(self.venue.id, report) for report in due}
        total = self.summary.read + len(due)
        self._commit(total)
        for report in due:
            try:
                reading = read_closing(
                    self.client,
                    report,
                    catalogue_prices=prices,
                    known_unit=units[report.id],
                    location_id=self.connection.location_id,
                )
            except STOPS:
                raise
            except TillError as problem:
                sales_import.set_aside(self.venue, report, str(problem))
                self.summary.note(problem)
            else:
                self._replace(reading)
            self.summary.read += 1
            self._commit(total)

    def _commit(self, total: int) -> None:
        """Commit with the lease: a reader that was overtaken cannot write (FAULTS 14); the page sees how far."""
        nights.renew(self.lease, done=self.summary.read, total=total)
        db.session.commit()

    def _replace(self, reading: Reading) -> None:
        written = sales_import.replace(self.venue, reading)
        self.connection.location_id = self.connection.location_id or reading.report.location_id
        self.summary.add(reading, written)

    def _settle(self) -> None:
        self.connection.state, self.connection.read_at = "connected", clock.now()
        self.connection.problem = self.summary.error
        suggestions.refresh(self.venue.id)
        nights.settle(self.lease, self.connection, self.venue.timezone, self.summary.error)
        db.session.commit()
