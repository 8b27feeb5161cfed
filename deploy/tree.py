"""What belongs to the project's tree, and whether it has changed."""

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOREIGN = {".git", ".venv", "node_modules", "var", "__pycache__", "htmlcov"}


def files(root: Path = ROOT) -> list[Path]:
    """The project's own files: what git tracks or would add, or all but known folders without git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
        paths = {root / name for name in listed.decode().split("\0") if name}
    except (OSError, subprocess.CalledProcessError):
        paths = {p for p in root.rglob("*") if not FOREIGN & set(p.relative_to(root).parts)}
    return sorted(path for path in paths if path.is_file())


def fingerprint(root: Path = ROOT, paths: Iterable[Path] | None = None, *more: str) -> str:
    """A checksum over names and contents of the files, and over whatever else decides."""
    digest = hashlib.sha256(repr(more).encode())
    for path in files(root) if paths is None else sorted(set(paths)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
