"""Words: the synonyms that editors keep, and the vocabulary that suggestions come from."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SEPARATORS = "\n,，、;；"


class TermGroup(models.Model):
    """Words that find each other, or words that find others but not the other way round."""

    class Kind(models.TextChoices):
        SYNONYMS = "synonyms", _("Synonyms and abbreviations")
        BILINGUAL = "bilingual", _("English and Chinese")
        ONE_WAY = "one_way", _("One way: the first finds the others")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SYNONYMS)
    terms = models.TextField(
        _("words"),
        help_text=_("Two or more, each on a line of its own or separated by commas"),
    )
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # The entry of the delivered list that this came from; empty for an editor's own.
    seed = models.CharField(max_length=200, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("groups of synonyms")
        ordering = ["kind", "terms"]

    def __str__(self):
        return " = ".join(self.words)[:120]

    @property
    def words(self) -> list[str]:
        """The words as typed, without blanks around them and without repetitions."""
        text = self.terms
        for separator in SEPARATORS:
            text = text.replace(separator, "\n")
        return list(
            dict.fromkeys(" ".join(word.split()) for word in text.split("\n") if word.strip())
        )

    def clean(self):
        super().clean()
        if len(self.words) < 2:
            raise ValidationError({"terms": _("A group needs two words at least.")})
        if any(len(word) > 100 for word in self.words):
            raise ValidationError({"terms": _("A word is longer than 100 characters.")})


class Term(models.Model):
    """A word or a phrase that public pages use, with its sound, for suggestions and corrections."""

    text = models.CharField(max_length=60, unique=True)
    # The same backwards: finds words that end alike.
    backwards = models.CharField(max_length=60, db_index=True)
    # Syllables without tones and without spaces, and their first letters; empty for English.
    pinyin = models.CharField(max_length=240, blank=True, db_index=True)
    initials = models.CharField(max_length=60, blank=True, db_index=True)
    # Documents with it at all, and with it in their titles, when the vocabulary was made.
    documents = models.PositiveIntegerField(default=0)
    titles = models.PositiveIntegerField(default=0, db_index=True)

    class Meta:
        verbose_name = _("word of the vocabulary")
        verbose_name_plural = _("words of the vocabulary")

    def __str__(self):
        return self.text
