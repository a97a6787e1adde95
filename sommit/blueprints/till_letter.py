"""The ready-written e-mail to Jalia (row A1 of the FAQ): to open in a mail program, or to copy."""

from typing import NamedTuple
from urllib.parse import quote

from flask import current_app

from sommit.i18n import gettext as _
from sommit.models import Venue


class Letter(NamedTuple):
    """An e-mail that asks for a token; `to` is empty where nobody has told the address of Jalia."""

    to: str
    subject: str
    body: str

    @property
    def address(self) -> str:
        """Return the address that opens it, ready to be sent, in a mail program."""
        body = self.body.replace("\n", "\r\n")  # as RFC 6068 wants it
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject)}&body={quote(body)}"

    @property
    def text(self) -> str:
        """Return the whole of it as it is read, and pasted elsewhere: recipient, subject, text."""
        to = _("À : %(address)s", address=self.to) if self.to else ""
        return "\n".join(filter(None, (to, _("Objet : %(subject)s", subject=self.subject)))) + f"\n\n{self.body}"


def letter(venue: Venue) -> Letter:
    """Return the e-mail by which a venue asks Jalia for its token."""
    body = _(
        "Bonjour,\n\nPouvez-vous me donner un token pour l’API Somm’It, pour la caisse de « %(venue)s » ?\n"
        "Somm’It lit le catalogue, les clôtures et les notes, et n’écrit rien dans la caisse.\n\nMerci d’avance.",
        venue=venue.name,
    )
    subject = _("Token pour l’API Somm’It : %(venue)s", venue=venue.name)
    return Letter(current_app.config["JALIA_CONTACT_EMAIL"], subject, body)
