"""Turns what stands in a content file into the values of model fields."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid5

from django.db import models
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page

from content.files import NAMESPACE, ContentFileError

PAGE_HREF = re.compile(r'href="page:([^"]*)"')
# Blocks whose value is a list of items.
LISTS = {"figures", "facts", "steps", "links", "documents"}


class ValueMaker:
    """Makes values for one page. `find_page` returns the page at a slug path, or None.

    Every block gets an id that depends on the page and its place alone: the same in both
    languages, so that the translator's editor finds the pairs, and the same in every run.
    """

    def __init__(self, path: str, find_page: Callable[[str], Page | None]):
        self.path, self.find_page = path, find_page

    def make(self, field: models.Field, value):
        """The Python value of `field` for the file's `value`. Raises `ContentFileError`."""
        if isinstance(field, StreamField):
            return field.to_python(self._stream(field.name, value or []))
        if isinstance(field, models.ForeignKey):
            return self._row(field.related_model, value) if value else None
        if value is None:
            return field.get_default()
        if isinstance(field, models.DateTimeField):
            moment = value if isinstance(value, datetime) else field.to_python(str(value))
            return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return field.to_python(value)

    def _id(self, *parts) -> str:
        return str(uuid5(NAMESPACE, "/".join(str(p) for p in (self.path, *parts))))

    def _row(self, model: type[models.Model], value: str) -> models.Model:
        """The page at a slug path, or the row of another kind that has the slug."""
        if issubclass(model, Page):
            return self._page(value).specific
        row = model.objects.filter(slug=value).first()
        if row is None:
            raise ContentFileError(f"{self.path}: no {model._meta.model_name} {value!r}")
        return row

    def _page(self, path: str) -> Page:
        page = self.find_page(path)
        if page is None:
            raise ContentFileError(f"{self.path}: no page at {path!r}")
        return page

    def _stream(self, name: str, blocks: list) -> list[dict]:
        if name == "programme":
            blocks = [block if len(block) == 1 else {"row": block} for block in blocks]
        if name == "key_figures" and blocks and "figures" not in blocks[0]:
            blocks = [{"figures": blocks}]
        return [self._block(name, i, *next(iter(block.items()))) for i, block in enumerate(blocks)]

    def _block(self, name: str, index: int, kind: str, value) -> dict:
        if kind in LISTS:
            value = [
                {
                    "type": "item",
                    "id": self._id(name, index, i),
                    "value": self._struct(kind, item),
                }
                for i, item in enumerate(value)
            ]
        else:
            value = self._struct(kind, value)
        if kind == "session":
            value["speakers"] = [
                {"type": "item", "id": self._id(name, index, i), "value": speaker}
                for i, speaker in enumerate(value.get("speakers") or [])
            ]
        return {"type": kind, "value": value, "id": self._id(name, index)}

    def _struct(self, kind: str, value):
        if isinstance(value, str):
            return self._rich(value)
        result = {key: self._rich(v) if isinstance(v, str) else v for key, v in value.items()}
        if kind == "links":
            result["page"] = self._page(value["page"]).pk if value.get("page") else None
        return result

    def _rich(self, html: str) -> str:
        """Links to `page:slug/path` become links to the page's id."""
        return PAGE_HREF.sub(lambda m: f'linktype="page" id="{self._page(m[1]).pk}"', html)
