"""The till over TLS: a certificate nobody vouches for is refused, and a deadline cuts what is encrypted too."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import Unreachable
from sommit.jalia.transport import Limits
from tests.jalia.build import product
from tests.jalia.scripted import Reply, ScriptedTill, scripted_till


def certificate(path: Path, *, days: int) -> Path:
    """A self-signed certificate of 127.0.0.1 and its key, good until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "till")])
    until = datetime.now(UTC) + timedelta(days=days)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


Open = Callable[[int], tuple[ScriptedTill, Path]]


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Open]:
    """A till over TLS, with a certificate good for so many days."""
    with scripted_till() as till:

        def start(days: int) -> tuple[ScriptedTill, Path]:
            path = certificate(tmp_path / "till.pem", days=days)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            till.socket = context.wrap_socket(till.socket, server_side=True, do_handshake_on_connect=False)
            return till, path

        yield start


def client(till: ScriptedTill, trusted: Path | None, limits: Limits) -> JaliaClient:
    made = JaliaClient(till.url.replace("http:", "https:"), "secret", limits=limits)
    if trusted:
        made._transport._session.verify = str(trusted)
    return made


@pytest.mark.parametrize(("days", "trusted"), [(10, False), (-1, True)], ids=["nobody vouches for it", "expired"])
def test_a_bad_certificate_is_unreachable_and_sees_no_key(encrypted: Open, days: int, trusted: bool) -> None:
    till, path = encrypted(days)

    with pytest.raises(Unreachable) as caught:
        client(till, path if trusted else None, Limits(waits=())).catalogue()

    assert "certificate" in caught.value.detail
    assert till.requests == []


def test_a_trusted_till_is_read(encrypted: Open) -> None:
    till, path = encrypted(10)
    till.replies(Reply.json([product()]))

    assert len(client(till, path, Limits(waits=())).catalogue().products) == 1


def test_an_encrypted_body_that_drips_is_cut_at_the_deadline(encrypted: Open) -> None:
    till, path = encrypted(10)
    till.replies(Reply(b"[" * 10_000, drip=0.05))

    with pytest.raises(Unreachable) as caught:
        client(till, path, Limits(deadline=0.5, waits=())).catalogue()

    assert "0.5 s" in caught.value.detail
