"""Catalogues of the interface: finds what the code says, and what a catalogue lacks of it.

`python -m deploy.messages` brings site/locale in line with the code: new texts are added (English
with itself as translation), texts that the code no longer has are dropped. `--check` changes
nothing and fails when something is missing, unsure (fuzzy) or has other placeholders.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "site" / "locale"
SOURCE_LANGUAGE = "en"
SOURCES = {".py", ".html", ".txt"}
SKIPPED = {"migrations", "static", "locale", "admin_locale", "data", "__pycache__"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)\}")


def extract(root: Path = ROOT) -> polib.POFile:
    """Every text that the code and the templates under `root` hand to gettext.

    Works on a copy that holds nothing but sources: makemessages writes into the tree it reads,
    and without settings it takes the `locale` folder beside them.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for room in [path.parent for path in root.glob("*/__init__.py")] + [root / "site"]:
            if room.name != "tests":
                shutil.copytree(room, copy / room.name, ignore=_not_sources)
        (copy / "locale").mkdir()
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        command = ["django", "makemessages", "--locale", "en", "--keep-pot"]
        made = subprocess.run(
            [sys.executable, "-m", *command, "--add-location", "file", "--no-wrap"],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(made.stderr.strip())
        return polib.pofile(str(copy / "locale" / "django.pot"))


def _not_sources(folder: str, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name in SKIPPED or ((Path(folder) / name).is_file() and Path(name).suffix not in SOURCES)
    ]


def catalogues(root: Path = ROOT) -> dict[str, Path]:
    found = (root / "site" / "locale").glob("*/LC_MESSAGES/django.po")
    return {path.parts[-3]: path for path in sorted(found)}


def problems(template: polib.POFile, catalogue: polib.POFile) -> list[str]:
    """What keeps the catalogue from being complete and right, one line each."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    found = []
    if "Plural-Forms" not in catalogue.metadata:
        found.append("the header has no Plural-Forms")
    for wanted in template:
        entry = known.get((wanted.msgctxt, wanted.msgid))
        where = ", ".join(sorted({path for path, _ in wanted.occurrences})[:2])
        if entry is None:
            found.append(f"missing: {wanted.msgid!r} ({where})")
        elif "fuzzy" in entry.flags:
            found.append(f"fuzzy: {wanted.msgid!r} ({where})")
        elif wanted.msgid_plural and entry.msgid_plural != wanted.msgid_plural:
            found.append(f"another plural in the code: {wanted.msgid!r} ({where})")
        elif not _texts(entry) or not all(_texts(entry)):
            found.append(f"not translated: {wanted.msgid!r} ({where})")
        elif not _same_placeholders(entry):
            found.append(f"other placeholders: {wanted.msgid!r} -> {_texts(entry)[-1]!r}")
    return found


def _texts(entry: polib.POEntry) -> list[str]:
    if entry.msgid_plural:
        return [text for _, text in sorted(entry.msgstr_plural.items())]
    return [entry.msgstr]


def _same_placeholders(entry: polib.POEntry) -> bool:
    """The last form is that of many; "one document" of the others may leave the number out."""
    *others, last = [_placeholders(text) for text in _texts(entry)]
    allowed = _placeholders(entry.msgid_plural or entry.msgid)
    return last == allowed and all(set(other) <= set(allowed) for other in others)


def _placeholders(text: str) -> list[str]:
    return sorted(match.group(0) for match in PLACEHOLDER.finditer(text))


def update(template: polib.POFile, path: Path, language: str) -> polib.POFile:
    """Rewrite the catalogue in the order of the code, with every text that it has and no other."""
    old = polib.pofile(str(path))
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata, new.header = old.metadata, old.header
    plurals = int(re.search(r"nplurals\s*=\s*(\d)", old.metadata["Plural-Forms"]).group(1))
    for entry in template:
        # The file alone: line numbers would change with every edit.
        entry = polib.POEntry(
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            msgctxt=entry.msgctxt,
            occurrences=sorted({(place, "") for place, _ in entry.occurrences}),
            flags=[flag for flag in entry.flags if flag != "fuzzy"],
        )
        before = known.get((entry.msgctxt, entry.msgid))
        if before and before.msgid_plural == entry.msgid_plural:
            entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
            entry.flags += [flag for flag in before.flags if flag == "fuzzy"]
        elif entry.msgid_plural:
            forms = [entry.msgid] * (plurals - 1) + [entry.msgid_plural]
            entry.msgstr_plural = {
                number: text if language == SOURCE_LANGUAGE else ""
                for number, text in enumerate(forms)
            }
        elif language == SOURCE_LANGUAGE:
            entry.msgstr = entry.msgid
        new.append(entry)
    new.save(str(path))
    return new


def main(arguments: list[str]) -> int:
    if not shutil.which("xgettext"):
        print("xgettext is missing: please install it with 'apt-get install gettext'.")
        return 1
    template, bad = extract(), 0
    found = catalogues()
    for language, path in found.items():
        checking = "--check" in arguments
        catalogue = polib.pofile(str(path)) if checking else update(template, path, language)
        lines = problems(template, catalogue)
        bad += len(lines)
        print(f"{path.relative_to(ROOT)}: {len(template)} texts, {len(lines)} to do")
        print("".join(f"  {line}\n" for line in lines), end="")
    if not found:
        print(f"No catalogue under {CATALOGUES.relative_to(ROOT)}.")
    return 1 if bad or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
