"""A list of codes that an officer writes as names or codes, parted by 、."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.matching.vocabulary import any_name

MAX_CHARACTERS = 2000


class CodesFormField(forms.CharField):
    """One line of text that becomes a list of what is written between the separators.

    What the words mean depends on another field, so the model reads them in its `clean`.
    """

    def __init__(self, *args, **kwargs):
        for name in ("encoder", "decoder"):
            kwargs.pop(name, None)
        kwargs["max_length"] = MAX_CHARACTERS
        super().__init__(*args, **kwargs)

    def prepare_value(self, value):
        """Codes are shown by their names, which are read back as the same codes."""
        if not isinstance(value, list | tuple):
            return value
        return "、".join(any_name(str(entry)) for entry in value)

    def to_python(self, value) -> list[str]:
        # One entry: names have separators in them, too; the vocabulary takes it apart.
        text = super().to_python(value)
        return [text] if text else []

    def run_validators(self, value):
        super().run_validators(value[0] if value else "")

    def has_changed(self, initial, data) -> bool:
        return self.prepare_value(initial or []) != (data or "").strip()


class CodesField(models.JSONField):
    """Stored as JSON, edited as text."""

    description = _("List of codes")

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CodesFormField, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs  # only the form is another
