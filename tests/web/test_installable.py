"""The manifest, the page without network and the script that keeps it: the same for everybody, nothing of a venue."""

import hashlib
import json
import re
import struct

from flask.testing import FlaskClient

from sommit.models import User, Venue
from sommit.security import STATIC


def test_the_page_names_the_manifest_and_the_manifest_what_an_installation_needs(client: FlaskClient) -> None:
    found = re.search(r'<link rel="manifest" href="([^"]+)"', client.get("/connexion").text)
    assert found is not None
    answer = client.get(found.group(1))
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert (told["name"], told["short_name"], told["lang"]) == ("Somm’It", "Somm’It", "fr")
    assert (told["start_url"], told["scope"], told["display"]) == ("/boissons", "/", "standalone")
    assert all(re.fullmatch("#[0-9a-f]{6}", told[name]) for name in ("background_color", "theme_color"))
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }


def test_every_icon_of_the_manifest_is_there_in_the_size_it_says(client: FlaskClient) -> None:
    for icon in json.loads(client.get("/manifest.webmanifest").data)["icons"]:
        image = client.get(icon["src"])
        assert image.mimetype == icon["type"]
        width, height = struct.unpack(">II", image.data[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_the_page_without_network_says_where_everything_is_and_nothing_of_a_venue(
    signed_in: FlaskClient, user: User, venue: Venue
) -> None:
    page = signed_in.get("/hors-ligne").text
    for words in ("Hors ligne, rien n’est perdu.", "dans la caisse", "enregistrées", "Réessayer"):
        assert words in page
    assert venue.name not in page
    assert user.email not in page
    assert "csrf" not in page
    assert page == signed_in.application.test_client().get("/hors-ligne").text


def test_the_script_keeps_files_that_exist_under_the_address_that_pages_use(client: FlaskClient) -> None:
    page = client.get("/hors-ligne").text
    for address in _files(client):
        assert client.get(address).status_code == 200, address
    used = {address.partition("#")[0] for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page)}
    assert used <= set(_files(client))


def test_the_script_may_answer_for_the_whole_site_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["worker-src"] == policy["manifest-src"] == "'self'"


def test_an_answer_under_way_while_somebody_signs_in_does_not_undo_it(client: FlaskClient) -> None:
    assert "Set-Cookie" in client.get("/connexion").headers  # the form's token
    for address in ("/sw.js", "/hors-ligne", "/manifest.webmanifest", "/health/live", "/health/ready", "/connexion"):
        assert "Set-Cookie" not in client.get(address).headers, address


def test_a_changed_file_or_language_makes_another_version_of_what_is_kept(client: FlaskClient) -> None:
    before = _version(client)
    assert before == _version(client)
    client.set_cookie("language", "en")
    assert _version(client) != before
    client.set_cookie("language", "fr")
    assert _version(client) == before
    assert {f"v={_digest(name)}" for name in ("app.css", "icons.svg")} <= {
        address.partition("?")[2] for address in _files(client)
    }


def _files(client: FlaskClient) -> list[str]:
    found = re.search(r"const FILES = (\[.*?\]);", client.get("/sw.js").text)
    assert found is not None
    return list(json.loads(found.group(1)))


def _version(client: FlaskClient) -> str:
    found = re.search(r'const CACHE = "([^"]+)"', client.get("/sw.js").text)
    assert found is not None
    return found.group(1)


def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
