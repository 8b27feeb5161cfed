from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from policies.importing import services, tables
from policies.importing.errors import ImportFileError
from policies.importing.word import pack


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class SeveralFilesField(forms.FileField):
    """One file, or several: a list of uploaded files."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) and data else [data or None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """A file of policies to be checked. `publish` is offered to those who may."""

    files = SeveralFilesField(
        label=_("File"),
        help_text=_(
            "XLSX, CSV (UTF-8 or GB 18030), JSON, JSON Lines (also .gz), or Word: one file a policy, "
            "several at once or in a .zip. Up to 60 MB and 20,000 rows."
        ),
    )
    source = forms.CharField(
        label=_("Source of policies that name none"),
        max_length=200,
        required=False,
        help_text=_("Empty: the issuing body of each policy"),
    )
    publish = forms.BooleanField(
        label=_("Publish what is complete"),
        required=False,
        help_text=_("The others, and everything without this mark, stay drafts."),
    )

    def __init__(self, *args, may_publish: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["publish"]

    def clean_files(self):
        """One file to be kept: several Word files become one packed file."""
        files = self.cleaned_data["files"]
        if sum(file.size for file in files) > tables.MAX_FILE:
            raise forms.ValidationError(tables.too_large())
        try:
            kinds = {tables.kind_of(file.name) for file in files}
            if len(files) > 1 and kinds != {"docx"}:
                raise forms.ValidationError(
                    gettext(
                        "Several files at once can only be Word files. Upload others one by one."
                    )
                )
        except ImportFileError as error:
            raise forms.ValidationError(str(error)) from error
        return files

    def keep(self, user):
        """Store the file; returns the import."""
        files = self.cleaned_data["files"]
        file, name = (files[0], files[0].name) if len(files) == 1 else (pack(files), "word.zip")
        return services.receive_file(
            file=file,
            name=name,
            user=user,
            publish=self.cleaned_data.get("publish", False),
            source=self.cleaned_data["source"],
        )
