"""The field of a policy's subject in the admin: free words, with the list of categories offered."""

import re

from django import forms
from django.utils.html import format_html, format_html_join

from policies.subjects import OTHER, categories, codes_of


def unknown(words: list[str]) -> list[str]:
    """The words that are in no category: readers find them under 其他 only."""
    return [word for word in words if codes_of(word) == [OTHER]]


def joined(separators: re.Pattern, text: str) -> str:
    """The parts of a text with 、 between them, each once."""
    parts = (" ".join(part.split()) for part in separators.split(text))
    return "、".join(dict.fromkeys(part for part in parts if part))


class SubjectInput(forms.TextInput):
    """A field of text that offers the categories."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = {**(attrs or {}), "list": f"{name}-words"}
        offered = {
            one.zh: top.zh
            for top in categories()
            for one in (top, *top.below)
            if not one.code.endswith(f".{OTHER}")
        }
        options = format_html_join("", '<option value="{}">{}</option>', offered.items())
        field = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}-words">{}</datalist>', field, name, options)
