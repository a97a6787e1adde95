"""The proxy that other tests put between Somm'It and what it talks to, before an echo."""

import contextlib
import socket
import socketserver
import threading

import pytest

from tests.support.proxy import Cut, Delay, Drip, Hold, Pass, Reset, nobody_home, proxy

PATIENCE_S = 60


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            while piece := self.request.recv(65_536):
                self.request.sendall(piece)


class ByPort(socketserver.ThreadingTCPServer):
    daemon_threads = True


class ByPath(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture(params=["port", "path"])
def between(request, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kind, place = (ByPort, ("127.0.0.1", 0)) if request.param == "port" else (ByPath, "echo.sock")
    with kind(place, Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = server.server_address if request.param == "port" else tmp_path / "echo.sock"
        with proxy(address) as made:
            yield made
        server.shutdown()


@pytest.fixture
def client(between):
    with called(between) as made:
        yield made


def called(between):
    return socket.create_connection(("127.0.0.1", between.port), PATIENCE_S)


def said(client, number):
    """The next `number` bytes, or what there is until the end."""
    found = b""
    while len(found) < number and (piece := client.recv(number - len(found))):
        found += piece
    return found


def silent(client):
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.recv(1)
    client.settimeout(PATIENCE_S)


def test_everything_passes_both_ways_however_much_it_is(client):
    much = bytes(range(256)) * 4_000
    threading.Thread(target=client.sendall, args=(much,), daemon=True).start()
    assert said(client, len(much)) == much
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""


def test_what_is_held_comes_once_it_is_let_through_and_nobody_hangs_up(between, client):
    between.down.mode = Hold()
    client.sendall(b"first")
    client.shutdown(socket.SHUT_WR)
    silent(client)
    between.down.mode = Pass()
    assert said(client, 6) == b"first"


def test_late_and_in_drips_it_is_the_same(between, client):
    between.up.mode, between.down.mode = Delay(0.01), Drip(2, 0.01)
    client.sendall(b"drop by drop")
    assert said(client, 12) == b"drop by drop"
    between.down.mode = Drip(1, 3_600)
    client.sendall(b"later")
    silent(client)
    between.down.mode = Pass()
    assert said(client, 5) == b"later"


def test_a_cut_is_an_end_like_any_other(between, client):
    between.down.mode = Cut(4)
    client.sendall(b"cut off")
    assert said(client, 7) == b"cut "
    assert client.recv(1) == b""


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_reset_is_an_error_and_whoever_comes_next_begins_anew(between, client, way):
    getattr(between, way).mode = Reset(3)
    client.sendall(b"res")
    assert said(client, 3) == b"res"
    client.sendall(b"et")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with called(between) as another:
        another.sendall(b"new")
        assert said(another, 3) == b"new"


def test_a_look_at_what_goes_by_may_choose_its_fate(between, client):
    def look(piece):
        between.down.mode = Reset() if b"bad" in piece else Pass()

    between.up.watch = look
    client.sendall(b"good")
    assert said(client, 4) == b"good"
    client.sendall(b"bad")
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_refused_whoever_comes_is_sent_away_and_whoever_is_there_stays(between, client):
    client.sendall(b"here")
    assert said(client, 4) == b"here"
    between.refuse()
    with pytest.raises(ConnectionRefusedError):
        called(between)
    client.sendall(b"still here")
    assert said(client, 10) == b"still here"
    between.accept()
    with called(between) as another:
        another.sendall(b"again")
        assert said(another, 5) == b"again"


def test_where_nobody_is_home_a_call_is_not_even_refused():
    with nobody_home() as port, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", port), 0.2)
