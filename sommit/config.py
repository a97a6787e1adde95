"""The one module that reads the environment, and refuses what is unsafe before anything starts."""

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

INSTANCE = Path(__file__).resolve().parent.parent / "instance"
JALIA = "https://api.pragma-project.dev"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO = frozenset({"", "0", "false", "no"})  # as Flask reads FLASK_DEBUG
MONTH = 30 * 24 * 3600  # seconds a tablet stays signed in


class UnsafeSetting(Exception):
    """A setting is missing or unsafe; the message names the variable and says what to put there."""


def load(environ: Mapping[str, str] = os.environ, instance: Path = INSTANCE) -> dict[str, Any]:
    """Read and check the environment; the keys are Flask's and its extensions' own where they have one.

    Raises UnsafeSetting, naming the variable.
    """
    production = _environment(environ) == "production"
    address = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'sommit.db'}"
    config: dict[str, Any] = {
        "PRODUCTION": production,
        "SQLALCHEMY_DATABASE_URI": _database(address, environ, production),
        "REDIS_URL": environ.get("REDIS_URL", ""),
        "JALIA_API_URL": _till(environ.get("JALIA_API_URL") or JALIA, production),
        "SECRET_KEY": _secret(environ, instance, production),
        "TOKEN_KEYS": _token_keys(environ, instance, production),
        "HEARTBEAT_URL": _heartbeat(environ.get("HEARTBEAT_URL", ""), production),
        "NOW": _now(environ.get("SOMMIT_NOW"), production),
        "CRASH_AT": "" if production else environ.get("SOMMIT_CRASH_AT", ""),
        "JALIA_CONTACT_EMAIL": environ.get("JALIA_CONTACT_EMAIL", ""),
        "SMTP_URL": _smtp(environ.get("SMTP_URL", "")),
        "MAIL_FROM": _sender(environ.get("MAIL_FROM") or environ.get("SUPPORT_EMAIL", "support@somm-it.com")),
        "SUPPORT_EMAIL": environ.get("SUPPORT_EMAIL", "support@somm-it.com"),
        "SUPPORT_PHONE": environ.get("SUPPORT_PHONE", "05 19 80 01 37"),
        "RATELIMIT_STORAGE_URI": _limiter_storage(environ.get("REDIS_URL", "")),
    }
    return config | _cookies(production) | LIMITS


LIMITS = {
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 256 * 1024,
    "MAX_FORM_PARTS": 500,
    "ARGON2": {"time_cost": 2, "memory_cost": 19456},  # Argon2id as OWASP advises, in KiB
    "WTF_CSRF_TIME_LIMIT": None,  # a list stays open behind the bar all evening; the session ends the token
    "BABEL_DEFAULT_LOCALE": "fr",
    "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
    "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    "RATELIMIT_HEADERS_ENABLED": False,
    "COMPRESS_ALGORITHM": ["br", "gzip"],  # hosts of our kind compress nothing by themselves
    "COMPRESS_BR_LEVEL": 5,
    "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,  # a static file's address holds its hash
}


def _cookies(production: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "__Host-sommit" if production else "sommit",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": MONTH,
    }


def _environment(environ: Mapping[str, str]) -> str:
    name = environ.get("SOMMIT_ENV", "development")
    if name not in ("development", "production"):
        raise UnsafeSetting("SOMMIT_ENV : « development » ou « production », rien d’autre.")
    if name == "production" and environ.get("FLASK_DEBUG", "0").lower() not in NO:
        raise UnsafeSetting("FLASK_DEBUG : réservé au développement et aux tests.")
    return name


def _database(address: str, environ: Mapping[str, str], production: bool) -> str:
    if address.startswith("sqlite"):
        if production and environ.get("SOMMIT_SQLITE_OK") != "1":
            raise UnsafeSetting(
                "DATABASE_URL : donnez une base Postgres, ou SOMMIT_SQLITE_OK=1 si le disque de la machine dure."
            )
        return address
    scheme, _, rest = address.partition("://")
    if scheme.partition("+")[0] not in ("postgres", "postgresql"):
        raise UnsafeSetting("DATABASE_URL : une adresse sqlite:// ou postgresql:// est attendue.")
    return f"postgresql+psycopg://{rest}"


def _till(address: str, production: bool) -> str:
    parts = urlsplit(address)
    loopback = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise UnsafeSetting("JALIA_API_URL : une adresse https:// est attendue.")
    if production and loopback:
        raise UnsafeSetting("JALIA_API_URL : une adresse de cette machine n’est permise qu’en développement.")
    return address.rstrip("/")


def _heartbeat(address: str, production: bool) -> str:
    parts = urlsplit(address)
    at_home = parts.scheme == "http" and parts.hostname in LOOPBACK and not production
    if address and not at_home and (parts.scheme != "https" or not parts.hostname or parts.username):
        raise UnsafeSetting("HEARTBEAT_URL : une adresse https:// est attendue.")
    return address


def _smtp(address: str) -> str:
    parts = urlsplit(address)
    if address and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise UnsafeSetting("SMTP_URL : smtps://nom:motdepasse@serveur:465 ou smtp://serveur:587.")
    return address


def _sender(address: str) -> str:
    if not address.isprintable():  # a line break would be a header of its own
        raise UnsafeSetting("MAIL_FROM : une seule adresse, sur une ligne.")
    return address


def _limiter_storage(redis_url: str) -> str:
    """The same Redis as the queue's, in the words of the limiter; the process's own memory without one."""
    return redis_url.replace("unix://", "redis+unix://", 1) or "memory://"


def _secret(environ: Mapping[str, str], instance: Path, production: bool) -> str:
    secret = environ.get("SECRET_KEY", "")
    if production and len(secret) < 32:
        raise UnsafeSetting("SECRET_KEY : au moins 32 caractères tirés au hasard.")
    return secret or _made_once(instance / "secret_key", lambda: secrets.token_urlsafe(48))


def _token_keys(environ: Mapping[str, str], instance: Path, production: bool) -> list[str]:
    given = environ.get("TOKEN_KEYS", "")
    if production and not given:
        raise UnsafeSetting("TOKEN_KEYS : au moins une clé Fernet, la plus récente d’abord.")
    text = given or _made_once(instance / "token_keys", lambda: Fernet.generate_key().decode())
    keys = [key.strip() for key in text.split(",") if key.strip()]
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise UnsafeSetting("TOKEN_KEYS : une des clés n’est pas une clé Fernet.") from None
    return keys


def _now(text: str | None, production: bool) -> datetime | None:
    if not text:
        return None
    if production:
        raise UnsafeSetting("SOMMIT_NOW : réservé au développement et aux tests.")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UnsafeSetting("SOMMIT_NOW : un instant ISO est attendu, 2026-06-14T05:12:00+02:00.") from None
    return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)


def _made_once(path: Path, make: Any) -> str:
    """Read a development secret, made on the first start; two processes starting at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text().strip()
