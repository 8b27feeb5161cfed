"""Invitation codes: made many at once, or one with a word of one's own."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from events.desk_errors import CodesExistError
from events.models import InvitationCode, RegistrationDesk
from events.models.registration import CODE_SIGNS
from events.services.desks import require
from events.services.seats import lock

LENGTH = 10  # 50 bits: a form that is limited by address can't be used to guess one
MOST_AT_ONCE = 500


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(LENGTH))


def make_codes(
    *,
    desk: RegistrationDesk,
    number: int = 1,
    code: str = "",
    note: str = "",
    uses_max: int = 1,
    expires_at: datetime | None = None,
    skips_approval: bool = True,
    actor=None,
) -> list[InvitationCode]:
    """Make `number` codes, or the one word `code`. Raises NotAllowedError, CodesExistError."""
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        fresh = lock(desk)
        if code and fresh.codes.filter(code__iexact=code).exists():
            raise CodesExistError
        rows = [
            InvitationCode(
                desk=fresh,
                code=code or new_code(),
                note=note,
                uses_max=uses_max,
                expires_at=expires_at,
                skips_approval=skips_approval,
            )
            for _ in range(1 if code else min(number, MOST_AT_ONCE))
        ]
        try:
            made = InvitationCode.objects.bulk_create(rows)
        except IntegrityError as error:
            raise CodesExistError from error
        log(fresh, "wagtail.edit", user=actor)
    return made


def set_code_valid(*, code: InvitationCode, is_active: bool, actor=None) -> None:
    """Take a code back, or let it be good again. Raises NotAllowedError."""
    require(actor, "change_registrationdesk")
    InvitationCode.objects.filter(pk=code.pk).update(is_active=is_active)
