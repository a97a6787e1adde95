"""Watches the connection itself: which address was reached, and a deadline for the whole answer.

The time-outs of `requests` are per read: a till that drips a byte now and then would hold a worker for ever.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sommit.jalia.address import may_connect
from sommit.jalia.errors import BadAddress


class Guard:
    """The connection in use, and the clock that may cut it."""

    def __init__(self, *, loopback: bool) -> None:
        self._loopback = loopback
        self._connection: HTTPConnection | None = None
        self.expired = False

    def opened(self, connection: HTTPConnection) -> None:
        """Take note of a new connection before anything is sent. Raises BadAddress."""
        peer = str(connection.sock.getpeername()[0]) if connection.sock else ""
        if not may_connect(peer, loopback=self._loopback):
            connection.close()
            raise BadAddress(f"the name leads to {peer}")
        self._connection = connection
        if self.expired:
            self._cut()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut the connection when the block is not over after that many seconds; `expired` then says so."""
        self.expired = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        self._cut()

    def _cut(self) -> None:
        sock = self._connection.sock if self._connection else None
        if sock is not None:
            # The plain socket's own shutdown: the TLS one would pull the session from under the reading thread.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def guarded_pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools, by scheme, whose connections report to `guard`."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            guard.opened(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            guard.opened(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
