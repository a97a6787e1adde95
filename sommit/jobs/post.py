"""Sending the letters that wait, by SMTP where a server is configured. Without one they stay, and nothing is lost."""

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from email.message import EmailMessage
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import structlog
from flask import current_app

from sommit.extensions import db
from sommit.models import Letter
from sommit.services import letters

PATIENCE_S = 10.0  # for one answer of the server
LONGEST_S = 30.0  # for all of them: one that drips gives each of its bytes in time
AT_ONCE = 20  # letters a tick, and none is begun after LONGEST_S: a server that is slow must not hold the clock

log = structlog.get_logger(__name__)


def send_due() -> int:
    """Send what waits; return how many letters went out. A server that fails is asked again after a growing wait."""
    server = current_app.config["SMTP_URL"]
    if not server:
        return 0
    waiting = letters.due()[:AT_ONCE]
    db.session.rollback()
    sent, latest = 0, time.monotonic() + LONGEST_S
    for letter_id in waiting:
        if time.monotonic() < latest:
            sent += _send(urlsplit(server), letter_id)
    return sent


class _Bounded(smtplib.SMTP):
    """A conversation that is cut after LONGEST_S, from its first byte on."""

    def __init__(self, *server: Any, **how: Any) -> None:
        self._cutter = threading.Timer(LONGEST_S, self._cut)
        self._cutter.daemon = True
        self._cutter.start()
        super().__init__(*server, **how)

    def close(self) -> None:
        self._cutter.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # the plain socket's own, as in jalia/guard.py


class _Secure(_Bounded, smtplib.SMTP_SSL):
    """The same, in TLS from its first byte on."""


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
        _Secure(host, port, timeout=PATIENCE_S, context=tls) if secure else _Bounded(host, port, timeout=PATIENCE_S)
    )
    with session:
        if not secure and server.username:  # a password never goes out in the clear
            session.starttls(context=tls)
        if server.username:
            session.login(unquote(server.username), unquote(server.password or ""))
        session.send_message(message)
