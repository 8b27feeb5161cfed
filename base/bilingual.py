"""Short labels that stand in a row of a table and not on a page: Chinese first, English beside it."""

from django.utils import translation


def in_language(row, name: str, language: str | None = None) -> str:
    """The label `name` of `row` in a language (the active one), in Chinese where there is no other."""
    language = language or translation.get_language() or ""
    other = "" if language.startswith("zh") else getattr(row, f"{name}_en", "")
    return other or getattr(row, name)
