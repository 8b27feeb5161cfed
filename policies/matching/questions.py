"""The questions on the page of the result: those that still decide something, and those answered."""

from dataclasses import dataclass

from django.forms import BoundField

from policies.choices import Fact
from policies.matching.answers import Answers
from policies.matching.form import FIELDS_OF
from policies.matching.outcome import Outcome


@dataclass(frozen=True)
class Row:
    """A fact with its answer in words, the fields that change it and everything else that was answered.

    `decides`: how many possible clauses wait for it.
    """

    label: str
    text: str
    fields: list[BoundField]
    hidden: list[tuple[str, str]]
    decides: int = 0

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


def question_rows(answers: Answers, outcome: Outcome) -> list[Row]:
    """What is asked, the question that decides most clauses first."""
    return [_row(answers, fact, decides) for fact, decides in outcome.questions.items()]


def answered_rows(answers: Answers, outcome: Outcome) -> list[Row]:
    """All other questions, in the order of the steps: each field stands on the page once."""
    return [_row(answers, fact, 0) for fact in FIELDS_OF if fact not in outcome.questions]


def _row(answers: Answers, fact: str, decides: int) -> Row:
    names = FIELDS_OF[Fact(fact)]
    return Row(
        label=str(answers.form.fields[names[0]].label),
        text=answers.text_of(fact),
        fields=[answers.form[name] for name in names],
        hidden=answers.pairs(without=names, sound=True),
        decides=decides,
    )
