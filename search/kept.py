"""What a process knows of the words of the index, between two searches."""

import threading

import numpy as np

# Places of words in all, four bytes each; a word itself counts as much as so many.
MOST, ENTRY = 2_000_000, 250


class Kept:
    """Where words are, as long as the index stays as it is: most queries have a word of the one before.

    As large as MOST in all; what came first goes first.
    """

    def __init__(self):
        self._places: dict[str, np.ndarray] = {}
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._places)

    def get(self, key: str) -> np.ndarray | None:
        return self._places.get(key)

    def __setitem__(self, key: str, places: np.ndarray) -> None:
        size = len(places) + ENTRY
        with self._lock:
            for each in (key, *self._places):
                if each in self._places and (each == key or self._size + size > MOST):
                    self._size -= len(self._places.pop(each)) + ENTRY
            if size <= MOST:
                self._places[key] = places
                self._size += size
