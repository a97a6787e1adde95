"""The tills' tokens at rest: encrypted, bound to their venue, never shown again."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from sommit.refusals import N_, Refusal


class UnreadableToken(Refusal):
    """None of the keys opens what is stored, or it was stored for another venue."""

    sentence = N_("Le token gardé ne se lit plus : collez-le de nouveau. (Les clés TOKEN_KEYS ont changé.)")


def seal(venue_id: int, token: str) -> bytes:
    """Encrypt a token for one venue, with the newest of the keys."""
    return _keys().encrypt(f"{venue_id}:{token}".encode())


def open_for(venue_id: int, sealed: bytes) -> str:
    """Decrypt a venue's token. Raises UnreadableToken, also for a token that was moved from another venue's row."""
    try:
        owner, _, token = _keys().decrypt(sealed).decode().partition(":")
    except InvalidToken:
        raise UnreadableToken() from None
    if owner != str(venue_id):
        raise UnreadableToken()
    return token


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in current_app.config["TOKEN_KEYS"]])
