"""What production refuses to start with."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from sommit.config import UnsafeSetting, load

SAFE = {
    "SOMMIT_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "TOKEN_KEYS": Fernet.generate_key().decode(),
    "DATABASE_URL": "postgres://u:p@db.example/sommit",
}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("TOKEN_KEYS", ""),
        ("TOKEN_KEYS", "not-a-fernet-key"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:////var/sommit.db"),
        ("DATABASE_URL", "mysql://db.example/x"),
        ("JALIA_API_URL", "http://api.pragma-project.dev"),
        ("JALIA_API_URL", "https://127.0.0.1:8000"),
        ("JALIA_API_URL", "http://127.0.0.1:8000"),
        ("HEARTBEAT_URL", "http://127.0.0.1:8000/beat"),
        ("HEARTBEAT_URL", "http://beats.example/beat"),
        ("HEARTBEAT_URL", "https://user:word@beats.example/beat"),
        ("SMTP_URL", "https://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("MAIL_FROM", "bar@example.com\r\nBcc: all@example.com"),
        ("SOMMIT_NOW", "2026-06-14T05:12:00+02:00"),
        ("SOMMIT_ENV", "prod"),
        ("FLASK_DEBUG", "1"),
        ("FLASK_DEBUG", "True"),
    ],
)
def test_production_does_not_start_and_says_which_setting_is_at_fault(
    variable: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(UnsafeSetting, match=variable):
        load(SAFE | {variable: value}, tmp_path)


def test_production_starts_with_safe_settings_and_writes_no_secret_to_the_disk(tmp_path: Path) -> None:
    config = load(SAFE, tmp_path)
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@db.example/sommit"
    assert list(tmp_path.iterdir()) == []


def test_a_debugger_that_is_off_is_no_obstacle(tmp_path: Path) -> None:
    assert load(SAFE | {"FLASK_DEBUG": "0"}, tmp_path)["PRODUCTION"] is True


def test_sqlite_in_production_is_a_choice(tmp_path: Path) -> None:
    config = load(SAFE | {"DATABASE_URL": "sqlite:////d/s.db", "SOMMIT_SQLITE_OK": "1"}, tmp_path)
    assert config["SQLALCHEMY_DATABASE_URI"] == "sqlite:////d/s.db"
