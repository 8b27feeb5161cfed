from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.freshness.board import documents
from policies.freshness.checking import NOTE_LENGTH

AT_ONCE = 100


class DocumentsField(forms.ModelMultipleChoiceField):
    """Chosen documents. Numbers that no database knows are no documents, and no accident either."""

    def clean(self, value):
        for key in value or ():
            if not (str(key).isascii() and str(key).isdigit() and len(str(key)) < 16):
                message = self.error_messages["invalid_choice"]
                raise forms.ValidationError(message, code="invalid_choice")
        return super().clean(value)


class ConfirmForm(forms.Form):
    """Which documents were compared with their sources, when, and what there is to say of it."""

    policy = DocumentsField(
        queryset=None,
        error_messages={
            "required": _("Choose one document at least."),
            "invalid_choice": _("A chosen document is not published any more; look again."),
        },
    )
    on = forms.DateField(
        label=_("Checked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        initial=timezone.localdate,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("What was compared with what; empty is fine."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["policy"].queryset = documents()

    def clean_policy(self):
        chosen = self.cleaned_data["policy"]
        if len(chosen) > AT_ONCE:
            raise forms.ValidationError(
                _("Choose %(number)s documents at most."), params={"number": AT_ONCE}
            )
        return chosen
