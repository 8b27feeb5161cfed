"""Reads the content files: one page a file, both languages side by side. Format: content/README.md."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

import yaml

DATA = Path(__file__).parent / "data"
NAMESPACE = UUID("4f5f7f0e-6b3c-5f5e-9d39-2d6a0b7f1404")
# The language codes of the files and of the site.
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Files that are no page.
LISTS = {"leads.yaml", "clauses.yaml", "desks.yaml", "series.yaml"}


class ContentFileError(Exception):
    """A content file that can't be used; the message names the file and the fault."""


@dataclass
class PageFile:
    """One page. `path` is its slugs below the home page ("" for the home page itself)."""

    file: Path
    model: str
    path: str
    order: int
    menu: bool
    fields: dict
    texts: dict[str, dict] = field(default_factory=dict)
    # Of a policy: what it owes to other policies, {kind, page, note, …} each.
    relations: list[dict] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.path.rsplit("/", 1)[-1] or "home"

    @property
    def parent(self) -> str | None:
        if not self.path:
            return None
        return self.path.rsplit("/", 1)[0] if "/" in self.path else ""

    @property
    def translation_key(self) -> UUID:
        return uuid5(NAMESPACE, f"page:{self.path}")


def read_page_file(file: Path) -> PageFile:
    """Parse one file. Raises `ContentFileError`."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        parent, slug = data["parent"], data["slug"]
        path = "" if parent is None else f"{parent}/{slug}".strip("/")
        return PageFile(
            file=file,
            model=data["type"],
            path=path,
            order=data.get("order", 100),
            menu=bool(data.get("menu")),
            fields=data.get("fields") or {},
            texts={code: data[key] for key, code in LANGUAGES.items() if key in data},
            relations=data.get("relations") or [],
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ContentFileError(f"{file.name}: {error}") from error


def read_collection(collection: str) -> list[PageFile]:
    """All pages of `seed` or `samples`, parents before children, siblings in their order."""
    files = [
        read_page_file(file)
        for file in sorted((DATA / collection).rglob("*.yaml"))
        if file.name not in LISTS
    ]
    return sorted(files, key=lambda f: (f.path.count("/") + bool(f.path), f.order, f.path))


def read_list(file: Path):
    """What stands in a file that is no page. Raises `ContentFileError`."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise ContentFileError(f"{file.name}: {error}") from error


def read_sample_leads() -> list[dict]:
    file = DATA / "samples" / "leads.yaml"
    return read_list(file) if file.exists() else []
