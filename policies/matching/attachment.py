"""The answers as text that goes with an inquiry."""

from django.utils.translation import gettext, pgettext

from policies.matching.answers import Answers
from policies.matching.form import FIELDS_OF

# The model's limit is 2,000; the address alone can take half of it.
MAX_LENGTH = 2000


def attachment_text(answers: Answers, url: str) -> str:
    """A line for each answered question, then the address of the result. "" without any answer.

    Args:
        url: the absolute address of the result.
    """
    colon = pgettext("after a heading", ": ")
    lines = [
        f"{answers.form.fields[names[0]].label}{colon}{text}"
        for fact, names in FIELDS_OF.items()
        if (text := answers.text_of(fact))
    ]
    if not lines:
        return ""
    label = gettext("Address of the result")
    address = f"{label}{colon}{url}"
    text = "\n".join(lines)[: max(0, MAX_LENGTH - len(address) - 1)]
    return f"{text}\n{address}"[:MAX_LENGTH]
