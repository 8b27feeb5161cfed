"""What can go wrong when clauses are published, in plain words. Views show the message."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from policies.clauses.gate import Problem


class ClauseError(Exception):
    """Base of all; `str(error)` is fit to be shown."""

    message = ""

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(ClauseError):
    message = _("Your role does not allow this.")


class ClauseGoneError(ClauseError):
    message = _("The clause has been deleted meanwhile.")


class AlreadyPublishedError(ClauseError):
    message = _("The clause has just been published by somebody else.")


class NotPublishedError(ClauseError):
    message = _("The clause is not published.")


class ChangedMeanwhileError(ClauseError):
    message = _("Somebody has changed the clause since you opened it: look at it again.")


class ReasonMissingError(ClauseError):
    message = _("Say why, in ten characters or more.")


class GateError(ClauseError):
    """The gate refuses; no reason can change that. `problems` says what stands against it."""

    message = _("The gate refuses this clause; see what is missing.")

    def __init__(self, problems: Sequence[Problem]):
        super().__init__()
        self.problems = list(problems)


class OverrideMissingError(ReasonMissingError):
    """The gate warns, and the publisher gave no reason to publish in spite of it."""

    message = _("The gate warns of these words. Say in ten characters or more why they may stand.")

    def __init__(self, problems: Sequence[Problem]):
        super().__init__()
        self.problems = list(problems)
