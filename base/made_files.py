"""Files made when they are asked for: kept for a while, and never more than a few made at a time."""

import re
import threading
from collections.abc import Callable

from django.core.cache import cache
from django.utils.crypto import salted_hmac

# Files are kept in so many places of the cache, the smaller ones only: a bound in bytes.
PLACES, BYTES, SECONDS = 24, 1_000_000, 15 * 60
# Files that one address may have made in ten minutes; those that are kept already cost nothing.
PER_ADDRESS, PERIOD = 40, 10 * 60
# Files that a process makes at a time, and how long (seconds) others wait for their turn.
_turns = threading.BoundedSemaphore(2)
PATIENCE = 8
# What no system takes in the name of a file.
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


class BusyError(Exception):
    """Too many files are being made, or were made for this reader; later there will be one."""


def kept_or_made(key: str, make: Callable[[], bytes], *, address: str) -> bytes:
    """The file that `make` makes, kept under `key` or made now.

    `key` is a hexadecimal digest of all that the file is made of, `address` where the reader comes
    from. Raises `BusyError`, and whatever `make` raises.
    """
    place = f"made-file-{int(key[:8], 16) % PLACES}"
    kept = cache.get(place)
    if kept is not None and kept[0] == key:
        return kept[1]
    _count(address)
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        content = make()
    finally:
        _turns.release()
    if len(content) <= BYTES:
        cache.set(place, (key, content), SECONDS)
    return content


def file_name(title: str, ending: str, *, default: str = "file") -> str:
    """A name that a reader knows a file by, without the signs that no system takes; `ending` as ".pdf"."""
    return (UNFIT.sub(" ", title).strip(" .")[:80] or default) + ending


def _count(address: str) -> None:
    """Count one file for this address. Raises `BusyError`. The address itself is not kept."""
    key = f"made-files-{salted_hmac('base.made_files', address).hexdigest()[:24]}"
    cache.add(key, 0, PERIOD)
    try:
        count = cache.incr(key)
    except ValueError:  # its time was over between the two
        return
    if count > PER_ADDRESS:
        raise BusyError
