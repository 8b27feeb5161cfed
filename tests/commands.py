"""Management commands from one process that has Django ready: each runs in a copy of its own.

    with Commands(environment, log, beside=["db_worker"]) as commands:
        done = commands.run("shell", "-v0", "-c", "print(1)")
        done.code, done.out, done.err

`beside` is a command that runs all the while.

A new process reads all rooms first, for some seconds; a copy has read them and is otherwise as
new: it has no connection to the database yet and remembers nothing of the copies before.
"""

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Commands:
    def __init__(self, environment: dict[str, str], log: Path, beside: Sequence[str] = ()) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.commands", *beside],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._turn = threading.Lock()

    def __enter__(self) -> "Commands":
        return self

    def __exit__(self, *of_the_block) -> None:
        self._process.stdin.close()  # it ends by itself when nobody can ask any more
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()

    def run(self, *arguments: str) -> Done:
        with self._turn, contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(arguments) + "\n")
            self._process.stdin.flush()
            if answer := self._process.stdout.readline():
                return Done(**json.loads(answer))
        raise RuntimeError("the process of the commands has ended")


def serve(beside: list[str]) -> None:
    """One list of arguments a line comes in, one `Done` a line goes out."""
    # Whatever else is printed must not be read as an answer.
    with os.fdopen(os.dup(1), "w") as answers, contextlib.ExitStack() as ending:
        os.dup2(2, 1)
        _be_ready()
        if beside:
            child = _copy(beside, 1, 2)
            ending.callback(_end, child)
        for line in sys.stdin:
            if beside and os.waitpid(child, os.WNOHANG)[0]:
                raise RuntimeError(f"{beside} has ended")
            print(json.dumps(asdict(run_in_a_copy(json.loads(line)))), file=answers, flush=True)


def _be_ready() -> None:
    import django
    from django.conf import settings

    gc.disable()
    django.setup()
    import_module(settings.ROOT_URLCONF)  # whoever writes a link reads all views first
    gc.freeze()  # else every copy would copy, too, what it only looks through for garbage
    gc.enable()
    if threading.active_count() > 1:
        raise RuntimeError("a copy of a process with threads may stand still")


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGTERM)
        for _ in range(100):
            if os.waitpid(child, os.WNOHANG)[0]:
                return
            time.sleep(0.05)
        os.kill(child, signal.SIGKILL)


def run_in_a_copy(arguments: list[str]) -> Done:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = _copy(arguments, out.fileno(), err.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return Done(code, out.read(), err.read())


def _copy(arguments: list[str], out: int, err: int) -> int:
    """The number of the process that runs the command. The copy itself does not come back: what
    stands above it in the stack belongs to the process it is a copy of."""
    if child := os.fork():
        return child
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.closerange(3, 256)  # among them the way to who asks: it would wait for this copy, too
        code = _run(arguments)
    except BaseException:  # noqa: BLE001 (nothing above may handle it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(arguments: list[str]) -> int:
    from django.core.management import CommandError, call_command

    try:
        call_command(*arguments)  # without the checks, which read every address of the site first
    except CommandError as error:
        sys.stderr.write(f"CommandError: {error}\n")
        return error.returncode
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    serve(sys.argv[1:])
