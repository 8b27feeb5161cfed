"""Says in one sentence what is wrong with HOST and PORT, before anything else is done.

Usage: address.py HOST PORT. Run by whatever Python the system has: standard library only.
"""

import socket
import sys


def complaint(host: str, port: str) -> str:
    """Why the address cannot be served, or an empty string."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT must be a number from 1 to 65535, not '{port}'."
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        return f"HOST '{host}' is not an address of this machine."
    with socket.socket(family, kind) as probe:
        # As servers do: a connection that has just been closed is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            # Only listening tells: two sockets with SO_REUSEADDR may share a bound address.
            probe.listen(1)
        except PermissionError:
            return f"Port {port} is reserved for the system: choose one above 1023, e.g. PORT=8000."
        except OSError as error:
            if error.errno == 98:  # EADDRINUSE
                other = int(port) + 1
                return f"Port {port} is already in use: stop what runs there, or use PORT={other}."
            return f"Cannot listen on {host}, port {port}: {error.strerror}."
    return ""


if __name__ == "__main__":
    message = complaint(*sys.argv[1:3])
    if message:
        sys.exit(message)
