from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import LineField, TypedField
from events.afterwards.exporting import LONGEST_REASON
from events.afterwards.following_up import WHOM, Words


class ExportForm(forms.Form):
    reason = LineField(
        label=_("What for"),
        max_length=LONGEST_REASON,
        help_text=_("Kept with your name, the day and the number of rows."),
    )
    file_format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV (.csv)")]
    )


class FollowUpForm(forms.Form):
    whom = forms.ChoiceField(label=_("To whom"), choices=WHOM, widget=forms.RadioSelect)
    subject_zh = LineField(label=_("Subject (Chinese)"), max_length=120)
    text_zh = TypedField(
        label=_("Text (Chinese)"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    subject_en = LineField(label=_("Subject (English)"), max_length=120, required=False)
    text_en = TypedField(
        label=_("Text (English)"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Without it all get the Chinese text."),
    )
    is_seen = forms.BooleanField(
        required=False, label=_("I have read the mail as it will be sent, and it may leave.")
    )

    def clean(self) -> dict:
        data = super().clean()
        if bool(data.get("text_en")) != bool(data.get("subject_en")) and not self.errors:
            name = "text_en" if data.get("subject_en") else "subject_en"
            self.add_error(name, _("Subject and text belong together."))
        return data

    @property
    def chinese(self) -> Words:
        return Words(self.cleaned_data["subject_zh"], self.cleaned_data["text_zh"])

    @property
    def english(self) -> Words:
        return Words(self.cleaned_data["subject_en"], self.cleaned_data["text_en"])
