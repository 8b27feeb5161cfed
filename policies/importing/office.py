"""Has spreadsheets and Word files read in a process of its own that a bad file can't leave.

Whatever such a file is made of, it costs the site's own processes no memory, and no more time than
`LIMITS` say: all files of one import together.
"""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from policies.importing import office_reader
from policies.importing.archives import MEGABYTE, damaged
from policies.importing.errors import ImportFileError
from policies.importing.office_reader import Limits

logger = logging.getLogger(__name__)

# A spreadsheet's texts lie in memory, two bytes a character; the time is that of the processor.
LIMITS = Limits(seconds=600, memory=768 * MEGABYTE, sheets=("政策", "policies"))
KINDS = {one.__name__: one.fromisoformat for one in (datetime, date, time)}
KINDS["timedelta"] = lambda seconds: timedelta(seconds=seconds)


class ReaderEndedError(ImportFileError):
    """The other process is gone: it took more time than it may, or a file broke it."""


class TooLong:
    """Stands for a text that is longer than any law."""

    def __str__(self) -> str:
        return ""


TOO_LONG = TooLong()


class Reader:
    """The other process, for as many files as are read within its limits."""

    def __init__(self, process: subprocess.Popen, complaints):
        self._process, self._complaints = process, complaints

    def read(self, kind: str, path: Path) -> Iterator[list]:
        """What the program says of a file, line by line. Raises ImportFileError."""
        try:
            self._process.stdin.write(json.dumps([kind, str(path.resolve())]) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ReaderEndedError(self._why_it_ended()) from error
        for line in self._process.stdout:
            # Killed in the middle of a line, it leaves half of one.
            piece = json.loads(line) if line.endswith("\n") else ["error", "damaged"]
            if piece == ["end"]:
                return
            if piece[0] == "error":
                raise ImportFileError(_reason(piece[1]))
            yield piece
        raise ReaderEndedError(self._why_it_ended())

    def _why_it_ended(self) -> str:
        code = self._process.wait()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return too_slow()
        self._complaints.seek(0)
        said = self._complaints.read()[-500:].decode(errors="replace")
        logger.warning("The reader of office files ended with %s: %s", code, said)
        return damaged()


@contextmanager
def reader(limits: Limits | None = None) -> Iterator[Reader]:
    """A process to read with within the block."""
    # -I: neither the environment nor the working folder can put a module in front of another.
    command = [sys.executable, "-I", "-B", office_reader.__file__]
    command.append(json.dumps(asdict(limits or LIMITS)))
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
        )
        try:
            yield Reader(process, complaints)
        finally:
            process.kill()
            process.communicate()


def cell(value: object) -> object:
    """A cell of a spreadsheet as Python has it."""
    if not isinstance(value, dict):
        return value
    kind, text = next(iter(value.items()))
    return KINDS[kind](text) if kind in KINDS else TOO_LONG


def too_slow() -> str:
    return _("Reading the file takes too long. Divide it.")


def _reason(code: str) -> str:
    if code == "no sheet":
        return _("The file has no sheet with rows.")
    if code == "too much memory":
        return _("Reading the file takes too much memory. Divide it.")
    return damaged()
