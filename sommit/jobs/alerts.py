"""What people are written to about their books: an evening that is missing, and what an audit found."""

from sqlalchemy import select

from sommit import clock, formats
from sommit.extensions import db
from sommit.i18n import gettext as _
from sommit.models import Audit, Membership, TillConnection, User, Venue
from sommit.services import letters, missing_nights


def tell_missing_nights() -> None:
    """Write to the people of each venue of which an evening is missing past its deadline: once a spell, not daily."""
    rows = db.session.execute(select(Venue, TillConnection).join(TillConnection).order_by(Venue.id)).all()
    for venue, connection in rows:
        spells = missing_nights.spells(missing_nights.look(venue, connection, clock.now()).missing)
        if not spells:
            continue
        day = formats.day(spells[-1][0])
        subject = _("Somm’It : la nuit du %(day)s manque à « %(venue)s »", day=day, venue=venue.name)
        body = _(
            "La clôture de la nuit du %(day)s n’est toujours pas arrivée : ses ventes manquent au stock.\n\n"
            "Faites-la dans Jalia si elle manque encore, puis ouvrez « Connexion caisse » dans Somm’It : la page dit "
            "ce qui retient la lecture. La prochaine bonne lecture rattrape tout, une fois.",
            day=day,
        )
        letters.to_all(f"night {venue.id} {spells[-1][0]}", _people(venue.id), subject, body, venue.id)
    db.session.commit()


def tell_findings(venue: Venue, seen: Audit, known: list[dict[str, object]]) -> None:
    """Write to the people of a venue what its audit found and the one before did not; a missing evening is told above.

    In the caller's transaction.
    """
    new = [finding for finding in seen.findings if finding["kind"] != "night" and finding not in known]
    if not new:
        return
    subject = _("Somm’It : le contrôle de ce matin a trouvé un écart à « %(venue)s »", venue=venue.name)
    body = _(
        "Chaque matin, Somm’It recompte votre stock et vos ventes ligne par ligne. Ce matin, quelque chose ne tombe "
        "pas juste.\n\nOuvrez « Connexion caisse » : chaque point y est, avec ce qu’il faut faire."
    )
    letters.to_all(f"audit {venue.id} {seen.day}", _people(venue.id), subject, body, venue.id)


def _people(venue_id: int) -> list[str]:
    query = select(User.email).join(Membership, Membership.user_id == User.id).where(Membership.venue_id == venue_id)
    return list(db.session.scalars(query.order_by(User.email)))
