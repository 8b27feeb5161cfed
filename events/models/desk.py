"""The desk of an event (报名台): what may be had, how many there are, who may have it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.bilingual import in_language
from events.choices import Attendance, FieldKind, PoolKind
from events.models.counted import CountedModel


class DeskQuerySet(models.QuerySet):
    def for_page(self, page) -> "RegistrationDesk | None":
        """The desk of an event, whichever language its page is in."""
        return self.filter(page__translation_key=page.translation_key).first()


class RegistrationDesk(models.Model):
    """Registration for one event, the same for all languages of its page.

    It is no part of the page: what is changed here holds at once and never comes back with an old
    revision. An event whose desk has registrations can't be deleted, only withdrawn.
    """

    page = models.OneToOneField(
        "events.EventPage",
        verbose_name=_("event"),
        on_delete=models.PROTECT,
        related_name="desk",
    )
    is_open = models.BooleanField(_("takes registrations"), default=False)
    opens_at = models.DateTimeField(_("from"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until the event begins")
    )
    changes_until = models.DateTimeField(
        _("changes until"), null=True, blank=True, help_text=_("Empty: as long as registration")
    )
    needs_approval = models.BooleanField(
        _("registrations are approved"),
        default=False,
        help_text=_("A registration holds its seat until it is approved or declined"),
    )
    needs_invitation = models.BooleanField(_("by invitation only"), default=False)
    companions_max = models.PositiveSmallIntegerField(
        _("companions a registration may bring"), default=0
    )
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    waiting_max = models.PositiveIntegerField(
        _("places on the waiting list"), null=True, blank=True
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("an offered seat is held for (hours)"), default=24, validators=[MinValueValidator(1)]
    )
    shows_seats = models.BooleanField(_("show how many seats are left"), default=True)
    # Not on the page: it would be in its revisions, the search and the cache. Only who has a
    # confirmed seat of online attendance reads it.
    online_link = models.URLField(_("address of the online meeting"), max_length=500, blank=True)
    online_note = models.CharField(_("how to get in"), max_length=300, blank=True)
    online_note_en = models.CharField(_("how to get in (English)"), max_length=300, blank=True)
    reminder_days = models.JSONField(
        _("reminders (days before)"), default=list, blank=True, help_text=_("Such as 3, 1")
    )
    contact = models.CharField(
        _("whom to ask"), max_length=200, blank=True, help_text=_("Stands in every mail")
    )
    keep_days = models.PositiveSmallIntegerField(
        _("personal data are kept for (days after the event)"),
        default=180,
        validators=[MinValueValidator(1)],
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration desk")
        verbose_name_plural = _("registration desks")
        permissions = [("report_event", "Can see the report of an event")]

    def __str__(self) -> str:
        return self.page.title

    @property
    def deadline(self):
        """Until when registrations are taken."""
        return self.closes_at or self.page.starts_at

    @property
    def change_deadline(self):
        return self.changes_until or self.deadline

    @property
    def state(self) -> str:
        """`closed` (switched off), `early`, `open` or `late`, by the clock."""
        now = timezone.now()
        if not self.is_open:
            return "closed"
        if self.opens_at and now < self.opens_at:
            return "early"
        return "open" if now < self.deadline else "late"


class SeatPool(CountedModel):
    """Seats that are counted: of the whole event, of a kind of attendance, of a session.

    A registration takes its seats from every pool it needs, all or none, by conditional updates in
    the order of the pools' ids: `taken` is never read before it is raised. `has_queue` says that
    somebody waits who wants a seat of this pool, perhaps only together with one of another pool;
    `is_short` that this pool itself is too full for them: nobody overtakes them.
    """

    Kind, Attendance = PoolKind, Attendance
    counters = ("taken", "has_queue", "is_short")

    desk = models.ForeignKey(RegistrationDesk, on_delete=models.CASCADE, related_name="pools")
    kind = models.CharField(_("what is counted"), max_length=10, choices=Kind.choices)
    # Of a kind of attendance; a session's title stands in the programme, this is what it was.
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    attendance = models.CharField(
        _("attendance"), max_length=8, choices=Attendance.choices, blank=True
    )
    # The id of the row in the programme, the same in all languages of the page.
    programme_key = models.UUIDField(_("session"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: as many as come")
    )
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    has_queue = models.BooleanField(default=False, editable=False)
    is_short = models.BooleanField(default=False, editable=False)
    needs_invitation = models.BooleanField(_("by invitation only"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        ordering = ["sort_order", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=models.Q(kind="event"), name="events_pool_of_the_event"
            ),
            models.UniqueConstraint(
                fields=["desk", "programme_key"], name="events_pool_of_a_session"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is called in the active language."""
        return in_language(self, "name") or str(self.get_kind_display())

    @property
    def free(self) -> int | None:
        """Seats that may be had now, None without limit. To be shown, never to be decided by."""
        if self.capacity is None:
            return None
        return 0 if self.is_short else max(0, self.capacity - self.taken)


class InvitationCode(CountedModel):
    """A code that opens what is by invitation only, so and so many times."""

    counters = ("used",)
    desk = models.ForeignKey(RegistrationDesk, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("code"), max_length=40)
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    uses_max = models.PositiveIntegerField(_("may be used (times)"), default=1)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    skips_approval = models.BooleanField(_("needs no approval"), default=True)
    is_active = models.BooleanField(_("valid"), default=True)

    class Meta:
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["desk", "code"], name="events_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class FormField(models.Model):
    """A question of an event's form. Name, organisation, telephone and e-mail are asked anyway."""

    Kind = FieldKind

    desk = models.ForeignKey(RegistrationDesk, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("key"), max_length=40, help_text=_("Column of exports"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    label = models.CharField(_("question"), max_length=200)
    label_en = models.CharField(_("question (English)"), max_length=200, blank=True)
    help_text = models.CharField(_("explanation"), max_length=300, blank=True)
    help_text_en = models.CharField(_("explanation (English)"), max_length=300, blank=True)
    choices = models.TextField(_("choices"), blank=True, help_text=_("One a line"))
    choices_en = models.TextField(
        _("choices (English)"), blank=True, help_text=_("One a line, in the same order")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_personal = models.BooleanField(_("personal data"), default=True)
    purpose = models.CharField(
        _("what for"), max_length=200, blank=True, help_text=_("Wanted for personal data")
    )
    purpose_en = models.CharField(_("what for (English)"), max_length=200, blank=True)
    keep_days = models.PositiveSmallIntegerField(
        _("kept for (days after the event)"),
        null=True,
        blank=True,
        help_text=_("Empty: as long as the registration. Longer is not possible"),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("asked"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["sort_order", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["desk", "key"], name="events_field_key")]

    def __str__(self) -> str:
        return in_language(self, "label")
