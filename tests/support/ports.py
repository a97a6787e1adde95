"""Ports of loopback that stay ours while nobody listens on them: before a server has started, after it has stopped."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[int]:
    """Lend a free port that nobody else is given until the block ends; connections to it are refused meanwhile.

    Whoever sets SO_REUSEADDR, as servers do, may listen on it. Only Linux lets a port be kept so; elsewhere it is
    merely free when it is lent.
    """
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        port: int = keeper.getsockname()[1]
        if sys.platform != "linux":
            keeper.close()
        yield port
