"""Sending the letters that wait, by SMTP where a server is configured. Without one they stay, and nothing is lost."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from flask import current_app

from sommit.extensions import db
from sommit.models import Letter
from sommit.services import letters

PATIENCE_S = 10.0
AT_ONCE = 20  # letters a tick: a server that is slow must not hold the clock

log = structlog.get_logger(__name__)


def send_due() -> int:
    """Send what waits; return how many letters went out. A server that fails is asked again after a growing wait."""
    server = current_app.config["SMTP_URL"]
    if not server:
        return 0
    waiting = letters.due()[:AT_ONCE]
    db.session.rollback()
    return sum(_send(urlsplit(server), letter_id) for letter_id in waiting)


def _send(server: SplitResult, letter_id: int) -> bool:
    letter = letters.take(letter_id)
    db.session.commit()
    if letter is None:
        return False
    try:
        _hand_over(server, _message(letter))
    except (OSError, smtplib.SMTPException) as failure:
        # The type alone is logged: a server's words may repeat an address or a password.
        log.warning("letter_not_sent", letter=letter_id, reason=type(failure).__name__)
        return False
    letters.sent(letter_id)
    db.session.commit()
    return True


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = current_app.config["MAIL_FROM"], letter.recipient
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<letter-{letter.id}@sommit>"  # twice after a crash, and recognised as the same
    message.set_content(letter.body)
    return message


def _hand_over(server: SplitResult, message: EmailMessage) -> None:
    host, port = server.hostname or "", server.port or (465 if server.scheme == "smtps" else 587)
    tls = ssl.create_default_context()
    secure = server.scheme == "smtps"
    session = (
        smtplib.SMTP_SSL(host, port, timeout=PATIENCE_S, context=tls)
        if secure
        else smtplib.SMTP(host, port, timeout=PATIENCE_S)
    )
    with session:
        if not secure and server.username:  # a password never goes out in the clear
            session.starttls(context=tls)
        if server.username:
            session.login(unquote(server.username), unquote(server.password or ""))
        session.send_message(message)
