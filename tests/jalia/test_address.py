"""Where the till may be: only Jalia over https, or this machine."""

import pytest

from sommit.jalia.address import checked, may_connect
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import BadAddress
from sommit.jalia.guard import Guard
from tests.jalia.scripted import ScriptedTill


@pytest.mark.parametrize(
    "url",
    [
        "https://api.pragma-project.dev",
        " https://api-staging.pragma-project.dev/ ",
        "http://127.0.0.1:8099",
        "http://localhost:8099/",
        "http://[::1]:8099",
    ],
)
def test_jalia_and_this_machine_are_accepted(url: str) -> None:
    assert checked(url).url == url.strip().rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.pragma-project.dev",
        "http://api.pragma-project.dev",
        "https://api.pragma-project.dev.evil.example",
        "https://evilpragma-project.dev",
        "https://api.pragma-project.dev:22",
        "https://api.pragma-project.dev@evil.example",
        "https://user:pass@api.pragma-project.dev",
        "https://api.pragma-project.dev/?next=",
        "https://api.pragma-project.dev/#x",
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://169.254.169.254",
        "https://100.64.0.1",
        "http://[::ffff:10.0.0.1]",
        "http://[64:ff9b::7f00:1]",
        "http://2130706433",
        "http://0177.0.0.1",
        "http://0x7f.0.0.1",
        "http://user@127.0.0.1",
        "file:///etc/passwd",
        "gopher://127.0.0.1",
        "ftp://127.0.0.1",
        "https://[::1",
        "http://127.0.0.1:99999",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        JaliaClient(url, "canary")
    assert "canary" not in repr([frame.frame.f_locals for frame in caught.traceback[1:]])


@pytest.mark.parametrize("peer", ["51.15.0.1", "2606:4700::1111"])
def test_the_name_may_lead_to_a_public_address(peer: str) -> None:
    assert may_connect(peer, loopback=False)
    assert not may_connect(peer, loopback=True)


@pytest.mark.parametrize(
    "peer",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "224.0.0.1",
        "fe80::1%eth0",
        "0.0.0.0",
        "fd00::1",
        "",
        "nonsense",
    ],
)
def test_the_name_may_not_lead_inside(peer: str) -> None:
    assert not may_connect(peer, loopback=False)


def test_a_name_that_leads_inside_is_refused_before_the_key_is_sent(
    till: ScriptedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = JaliaClient(till.url, "canary")
    monkeypatch.setattr(Guard, "opened", _as_if_public(Guard.opened))

    with pytest.raises(BadAddress):
        client.catalogue()
    assert till.requests == []


def _as_if_public(opened):  # type: ignore[no-untyped-def]
    def public(guard, connection):  # type: ignore[no-untyped-def]
        guard._loopback = False
        opened(guard, connection)

    return public
