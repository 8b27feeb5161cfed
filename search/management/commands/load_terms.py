"""Bring the delivered synonyms into the database without touching what editors made of them."""

import zlib
from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from search.models import IndexState, TermGroup
from search.terms_admin import terms_changed

DATA = Path(__file__).resolve().parents[2] / "data"
MAX_WORD = 100
# With its mark a key must fit into TermGroup.seed.
MAX_KEY = 190
# The file, the list in it, and the kind that its groups become.
LISTS = [
    ("synonyms.yaml", "groups", TermGroup.Kind.SYNONYMS),
    ("synonyms.yaml", "one_way", TermGroup.Kind.ONE_WAY),
    ("bilingual.yaml", "terms", TermGroup.Kind.BILINGUAL),
    ("bilingual.yaml", "places", TermGroup.Kind.BILINGUAL),
]
# The format of TermGroup.seed; another one here loads everything again.
FORMAT = b"2"


def mark(kind: str, words: list[str]) -> str:
    """A short sum of a group's words: a row with another sum was changed by an editor."""
    return f"{zlib.crc32(chr(10).join([kind, *words]).encode()):08x}"


def key_of(kind: str, words: list[str]) -> str:
    """What a group is known by from one delivery to the next, short enough for the column."""
    key = f"{kind}:{words[0]}={words[1]}".casefold()
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 9]}~{zlib.crc32(key.encode()):08x}"


def read_groups(folder: Path) -> dict[str, TermGroup]:
    """The delivered groups by their keys: the kind and the first two words.

    Entries with the same key become one group. Raises CommandError for what is no group of words.
    """
    # The parser in C reads two thousand groups in a tenth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = {}
    for name in {name for name, _list, _kind in LISTS}:
        try:
            files[name] = yaml.load((folder / name).read_bytes(), Loader=loader) or {}  # noqa: S506
        except yaml.YAMLError as error:
            raise CommandError(f"{name}: {error}") from error
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, list_name, kind in LISTS:
        for entry in files[name].get(list_name) or []:
            if not isinstance(entry, list) or not all(isinstance(word, str) for word in entry):
                raise CommandError(
                    f"{name}, {list_name}: {entry!r} is no list of texts (quote them)"
                )
            words = TermGroup(terms="\n".join(entry)).words
            if len(words) < 2 or any(len(word) > MAX_WORD for word in words):
                raise CommandError(
                    f"{name}, {list_name}: {entry!r} needs two words or more, of {MAX_WORD} "
                    "characters at most"
                )
            key = key_of(kind, words)
            known = groups.setdefault(key, (kind, []))[1]
            known += [word for word in words if word not in known]
    return {
        key: TermGroup(kind=kind, terms="\n".join(words), seed=f"{key}#{mark(kind, words)}")
        for key, (kind, words) in groups.items()
    }


def load(folder: Path = DATA) -> dict[str, int] | None:
    """Load the delivered groups. Returns what was done, None when the files were loaded before.

    New groups are added. A group that no editor changed follows the files, and goes when they no
    longer have it. What an editor changed or switched off stays as it is. Raises CommandError for a
    missing or wrong file.
    """
    try:
        contents = [(folder / name).read_bytes() for name in ("synonyms.yaml", "bilingual.yaml")]
    except OSError as error:
        raise CommandError(str(error)) from error
    # Positive and within what an integer column of every database holds.
    edition = zlib.crc32(b"\0".join([FORMAT, *contents])) & 0x7FFFFFFF
    if IndexState.load().seed_edition == edition:
        return None
    delivered = read_groups(folder)
    with transaction.atomic():
        IndexState.objects.select_for_update().get(pk=1)  # two loads at once would add twice
        done = _merge(delivered)
        terms_changed()
        IndexState.objects.filter(pk=1).update(seed_edition=edition)
    return done


def _merge(delivered: dict[str, TermGroup]) -> dict[str, int]:
    renewed, gone, kept = [], [], 0
    for row in TermGroup.objects.exclude(seed=""):
        key, _, old_mark = row.seed.rpartition("#")
        new = delivered.pop(key, None)
        untouched = mark(row.kind, row.words) == old_mark
        if new is not None and new.seed == row.seed:
            kept += not untouched
        elif not untouched or (new is None and (not row.active or row.note)):
            kept += 1
        elif new is None:
            gone.append(row.pk)
        else:
            row.terms, row.seed = new.terms, new.seed
            renewed.append(row)
    TermGroup.objects.bulk_create(delivered.values(), batch_size=500)
    TermGroup.objects.bulk_update(renewed, ["terms", "seed"], batch_size=200)
    TermGroup.objects.filter(pk__in=gone).delete()
    return {"new": len(delivered), "renewed": len(renewed), "gone": len(gone), "kept": kept}


class Command(BaseCommand):
    help = "Load the delivered synonyms; what editors changed or switched off stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=DATA, help="where the files are")

    def handle(self, *args, **options):
        done = load(options["folder"])
        if not options["verbosity"]:
            return
        if done is None:
            self.stdout.write("The delivered synonyms are loaded already.")
            return
        self.stdout.write(
            "Synonyms: {new} new, {renewed} renewed, {gone} taken back, {kept} left as editors "
            "made them.".format(**done)
        )
