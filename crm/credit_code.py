"""The unified social credit code (统一社会信用代码) of GB 32100-2015."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Letters that are easily taken for digits (I, O, S, V, Z) are not used.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def check_character(first_seventeen: str) -> str:
    """The eighteenth character: weights are 3^i mod 31. Raises ValueError for other characters."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_seventeen))
    return ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return False
    return check_character(code[:-1]) == code[-1]


def validate_credit_code(code: str) -> None:
    """A model and form validator. Raises ValidationError."""
    if not is_credit_code(code):
        raise ValidationError(
            _(
                "This is not a valid credit code: 18 digits and capital letters, the last one a check."
            ),
            code="credit_code",
        )
