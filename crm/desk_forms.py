"""The small forms of the lead's page; what they ask for is decided by the services."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from crm import stages
from crm.forms import TypedField
from crm.models import Lead

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def workers():
    """Active users whose role lets them work on leads."""
    return (
        get_user_model()
        .objects.with_perm("crm.work_lead", backend=MODEL_BACKEND)
        .order_by("last_name", "first_name", "username")
    )


class StageForm(forms.Form):
    to = forms.ChoiceField(label=_("New stage"))
    reason = TypedField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, lead: Lead, **kwargs):
        super().__init__(*args, prefix="stage", **kwargs)
        self.fields["to"].choices = stages.next_stages(lead.stage)


class NoteForm(forms.Form):
    text = TypedField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, lead: Lead, **kwargs):
        super().__init__(*args, prefix="note", **kwargs)


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=None, required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args, lead: Lead, **kwargs):
        super().__init__(*args, prefix="assign", initial={"owner": lead.owner_id}, **kwargs)
        self.fields["owner"].queryset = workers()


class EmptyForm(forms.Form):
    """For actions that need nothing but the button."""

    def __init__(self, *args, lead: Lead, **kwargs):
        super().__init__(*args, **kwargs)
