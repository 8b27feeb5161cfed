import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.masking import mask_email, mask_name, mask_phone


class SentFormQuerySet(models.QuerySet):
    def samples(self) -> "SentFormQuerySet":
        return self.filter(is_sample=True)

    def expired(self) -> "SentFormQuerySet":
        """What has personal data that have outlived their time."""
        return self.filter(keep_until__lt=timezone.localdate(), anonymised_at=None)


class SentForm(models.Model):
    """What somebody has sent us by a form of the site: who it is, and how long we keep that.

    `reference` is what people say on the telephone; it names the row and opens nothing. `public_id`
    is in the signed link that the sender gets.
    """

    reference = models.CharField(_("reference"), max_length=24, unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Digest of form nonce and content: the same form sent twice is one row.
    submission_key = models.CharField(max_length=64, unique=True, null=True, editable=False)

    name = models.CharField(_("name"), max_length=80, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=120, blank=True)
    phone_typed = models.CharField(_("telephone as typed"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="zh-hans")

    is_sample = models.BooleanField(_("sample"), default=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    keep_until = models.DateField(_("personal data kept until"), db_index=True)
    anonymised_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or self.phone_typed)

    @property
    def masked_email(self) -> str:
        return mask_email(self.email)

    @property
    def is_anonymised(self) -> bool:
        return self.anonymised_at is not None
