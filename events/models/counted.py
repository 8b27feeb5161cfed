"""Rows with counters that only conditional updates change."""

from django.db import models


class CountedModel(models.Model):
    """A row that may be saved from a form that was open for long: its counters are left alone.

    `counters` are written with a new row, and later only by name (`update_fields`) or by a query.
    """

    counters: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name not in self.counters
            ]
        super().save(*args, **kwargs)
