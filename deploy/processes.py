"""What the programs of this folder share about processes that they start."""

import ctypes
import signal

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux' prctl(2)


def end_with_parent() -> None:
    """Have Linux send SIGTERM to this process when its parent dies, however that happens."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
