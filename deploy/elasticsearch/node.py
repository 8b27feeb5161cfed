"""An Elasticsearch node as a child of this process, on a free port of the loopback address.

    with Node(folder) as node:
        node.url

As a program (`run.sh` calls it): node.py COMMAND… runs the command with ELASTICSEARCH_URL set.
It runs on whatever Python the system has: standard library only.
"""

import contextlib
import http.client
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[0] = str(HERE.parents[1])

from deploy.processes import end_with_parent  # noqa: E402

SECONDS_TO_START = 120
SECONDS_TO_STOP = 20
# As the distribution starts it (its jvm.options), with less memory and the plainest collector.
# The agent that guards system calls and the native libraries are in the distribution alone.
JAVA_OPTIONS = """
    -Xms512m -Xmx512m -XX:+UseSerialGC -Dfile.encoding=UTF-8 -Djava.awt.headless=true
    --add-modules ALL-MODULE-PATH,jdk.incubator.vector
    --enable-native-access=org.elasticsearch.nativeaccess,org.elasticsearch.foreign,org.elasticsearch.simdvec,org.apache.lucene.core
    -Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false
    -Dio.netty.noUnsafe=true -Dlog4j.shutdownHookEnabled=false
"""


class NodeError(Exception):
    """The node could not be built or does not answer; the message says why."""


class Node:
    """One node with its data in a folder.

    Arguments:
        folder: for data and logs; what is in it already is served again.
        ports: a port, or a range such as "9200-9300" of which the first free one is taken;
            "0" is any free one. Once known, the port stays the same at every later start.
    """

    def __init__(self, folder: Path, ports: str = "0") -> None:
        self.folder = folder
        self.log = folder / "node.log"
        self.process: subprocess.Popen | None = None
        self._ports = ports

    def __enter__(self) -> "Node":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address for clients, known from the first `wait` on."""
        return f"http://127.0.0.1:{self._ports}"

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the node and wait until it answers; nothing if it runs. Raises NodeError."""
        if self.is_running():
            return
        try:
            self.launch()
            self.wait()
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Start the node without waiting for it. Raises NodeError when it can't be built."""
        home, jdk = said_by("build.sh"), said_by("find-jdk.sh")
        for name in ("logs", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._ports_file.unlink(missing_ok=True)
        settings = {
            "http.port": self._ports,
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
        }
        archive = Path(home) / "classes.jsa"  # see build.sh
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    f"{jdk}/bin/java",
                    *JAVA_OPTIONS.split(),
                    f"-Djava.io.tmpdir={self.folder / 'tmp'}",
                    *([f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []),
                    *shlex.split(os.environ.get("ES_JAVA_OPTS", "")),
                    *("--module-path", f"{home}/lib", "--class-path", f"{home}/launcher.jar"),
                    *("ElasticsearchNode", home, str(HERE / "config")),
                    *(f"{key}={value}" for key, value in settings.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for whoever started it
                preexec_fn=end_with_parent,
            )

    def wait(self) -> None:
        """Wait until every index can be read. Raises NodeError with the end of the log."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if not self.is_running():
                raise NodeError(f"Elasticsearch ended at its start:\n{self._end_of_log()}")
            if time.monotonic() > deadline:
                raise NodeError(
                    f"No answer from Elasticsearch in {SECONDS_TO_START} s:\n{self._end_of_log()}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """End the node in good order, by force when that takes too long."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_STOP)
        self.process.kill()
        self.process.wait()

    @property
    def _ports_file(self) -> Path:
        return self.folder / "logs" / "http.ports"  # written by the node: see node.portsfile

    def _answers(self) -> bool:
        if not self._ports_file.exists():
            return False
        self._ports = self._ports_file.read_text().split()[0].rpartition(":")[2]
        connection = http.client.HTTPConnection("127.0.0.1", int(self._ports), timeout=30)
        try:
            connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=20s")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _end_of_log(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if "\tat " not in line][-30:])


def said_by(script: str) -> str:
    done = subprocess.run([str(HERE / script)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise NodeError("Elasticsearch cannot be started; the reason stands above.")
    return done.stdout.strip()


class Stopped(BaseException):
    """A signal asked for the end."""


def main(command: list[str]) -> int:
    """Run the command beside a node of its own, and return its exit code."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, stop)
    child = None
    with tempfile.TemporaryDirectory(prefix="elasticsearch.", ignore_cleanup_errors=True) as folder:
        node = Node(Path(folder))
        try:
            node.start()
            environment = os.environ | {"ELASTICSEARCH_URL": node.url}
            child = subprocess.Popen(command, env=environment, preexec_fn=end_with_parent)
            code = child.wait()
            return 128 - code if code < 0 else code
        except NodeError as error:
            print(error, file=sys.stderr)
            return 1
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            return 127
        except Stopped as stopped:
            return 128 + stopped.args[0]
        finally:
            for number in signals:
                signal.signal(number, signal.SIG_IGN)
            if child is not None:
                child.terminate()
                child.wait()
            node.stop()


def stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
