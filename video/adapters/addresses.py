"""Names to addresses, so that a stream's host can be judged before it is opened."""

import socket


def resolve(host: str) -> list[str]:
    """Every IP address the host stands for now; none when it cannot be resolved."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(entry[4][0]) for entry in found})
