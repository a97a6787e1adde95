"""A proxy on loopback that treats bytes as bad networks do, each direction as it is told, from one moment to the next.

    with proxy(Path("valkey.sock")) as between:
        client = Redis(port=between.port)
        between.down.mode = Hold()

A mode counts anew from when it is set, for each connection that is open or comes; `watch` sees what goes a way first.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support import ports

Upstream = tuple[str, int] | Path  # host and port, or a unix socket

_CHUNK = 65_536
_LISTEN_S = 0.05  # between two looks whether somebody may still come
_NO_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST


@dataclass(frozen=True, eq=False)
class Pass:
    """Everything, at once."""


@dataclass(frozen=True, eq=False)
class Delay:
    """Everything, each piece so many seconds late."""

    seconds: float


@dataclass(frozen=True, eq=False)
class Drip:
    """`size` bytes every so many seconds."""

    size: int
    every: float


@dataclass(frozen=True, eq=False)
class Hold:
    """Silence: bytes are kept until another mode is set, and nobody hangs up."""


@dataclass(frozen=True, eq=False)
class Cut:
    """`after` bytes, and both sides are told that it is over (FIN) in place of the next one."""

    after: int = 0


@dataclass(frozen=True, eq=False)
class Reset:
    """`after` bytes, and both sides lose the connection (RST) in place of the next one."""

    after: int = 0


Mode = Pass | Delay | Drip | Hold | Cut | Reset


class Way:
    """One direction, of all connections. A mode and what `watch` does to it hold for the piece that `watch` sees."""

    def __init__(self) -> None:
        """Begin by letting everything pass."""
        self.watch: Callable[[bytes], object] = lambda _piece: None
        self._changed = threading.Condition()
        self._mode: Mode = Pass()

    @property
    def mode(self) -> Mode:
        """How bytes go; may be set at any moment."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        with self._changed:
            self._mode = mode
            self._changed.notify_all()

    def wait(self, mode: Mode, over: threading.Event, seconds: float | None = None) -> None:
        """Wait until another mode is set, a connection is over, or so many seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._mode is not mode or over.is_set(), seconds)

    def wake(self) -> None:
        """Have everybody who waits look at his connection again."""
        with self._changed:
            self._changed.notify_all()


class Proxy:
    """Listens on `port`; `up` is the way to the upstream, `down` the way back."""

    def __init__(self, upstream: Upstream) -> None:
        """Begin to listen, and to let everything pass."""
        self.up, self.down = Way(), Way()
        self._upstream = upstream
        self._pairs: list[_Pair] = []
        self._kept = ExitStack()
        self.port: int = self._kept.enter_context(ports.kept())
        self.accept()

    def refuse(self) -> None:
        """Refuse whoever comes from now on; the connections that are open stay."""
        self._refusing.set()
        self._thread.join()

    def accept(self) -> None:
        """Let people come again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listener.settimeout(_LISTEN_S)
        self._refusing = threading.Event()
        self._thread = threading.Thread(target=self._let_in, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Refuse, and hang up on everybody."""
        self.refuse()
        for pair in self._pairs:
            pair.end(reset=False)
        for pair in self._pairs:
            pair.join()
        self._kept.close()

    def _let_in(self) -> None:
        with self._listener:
            while not self._refusing.is_set():
                with suppress(TimeoutError):
                    client, _ = self._listener.accept()
                    self._pair(client)

    def _pair(self, client: socket.socket) -> None:
        client.settimeout(None)
        try:
            upstream = _connect(self._upstream)
        except OSError:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            client.close()
            return
        self._pairs = [pair for pair in self._pairs if pair.is_alive()]
        self._pairs.append(_Pair(client, upstream, self.up, self.down))
        self._pairs[-1].start()


class _Pair(threading.Thread):
    """A client and its upstream. A thread carries each way; once both are done the sockets are closed."""

    def __init__(self, client: socket.socket, upstream: socket.socket, up: Way, down: Way) -> None:
        super().__init__(daemon=True)
        self._client, self._server, self._up, self._down = client, upstream, up, down
        self._over = threading.Event()

    def run(self) -> None:
        upwards = threading.Thread(target=self._carry, args=(self._client, self._server, self._up), daemon=True)
        upwards.start()
        self._carry(self._server, self._client, self._down)
        upwards.join()
        self._client.close()
        self._server.close()

    def end(self, *, reset: bool) -> None:
        """End both ways. With `reset`, nothing is sent until the sockets are closed, which then sends RST."""
        self._over.set()
        for end in (self._client, self._server):
            with suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                end.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)  # wakes whoever reads
        self._up.wake()
        self._down.wake()

    def _carry(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        try:
            self._carry_all(source, target, way)
        except OSError:  # one of both hung up on us: so do we on the other one
            self._be_silent(way)
            self.end(reset=True)
            return
        self._be_silent(way)
        if not self._over.is_set():
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)

    def _carry_all(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        mode, passed = way.mode, 0
        while piece := source.recv(_CHUNK):
            way.watch(piece)
            while piece and not self._over.is_set():
                now = way.mode
                if now is not mode:
                    mode, passed = now, 0
                number = self._may_pass(way, mode, passed, len(piece))
                target.sendall(piece[:number])
                piece, passed = piece[number:], passed + number

    def _may_pass(self, way: Way, mode: Mode, passed: int, number: int) -> int:
        """Wait as the mode says, and return how many bytes may go now; 0 to look again."""
        match mode:
            case Cut(after) | Reset(after):
                if passed >= after:
                    self.end(reset=isinstance(mode, Reset))
                return min(number, after - passed)
            case Delay(seconds) | Drip(_, seconds):
                way.wait(mode, self._over, seconds)
            case Hold():
                way.wait(mode, self._over)
        if way.mode is not mode:
            return 0
        return min(number, mode.size) if isinstance(mode, Drip) else number

    def _be_silent(self, way: Way) -> None:
        while isinstance(mode := way.mode, Hold) and not self._over.is_set():
            way.wait(mode, self._over)


@contextmanager
def proxy(upstream: Upstream) -> Iterator[Proxy]:
    """Lend a proxy before `upstream`, until the block ends."""
    made = Proxy(upstream)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def nobody_home() -> Iterator[int]:
    """Lend a port on which nothing answers, not even to who wants to connect: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting: list[socket.socket] = []
        try:
            while not waiting or waiting[-1].connect_ex(address) == 0:
                waiting.append(socket.socket())
                waiting[-1].settimeout(0.2)
            yield address[1]
        finally:
            for client in waiting:
                client.close()


def _connect(upstream: Upstream) -> socket.socket:
    if not isinstance(upstream, Path):
        return socket.create_connection(upstream)
    made = socket.socket(socket.AF_UNIX)
    made.connect(str(upstream))
    return made
