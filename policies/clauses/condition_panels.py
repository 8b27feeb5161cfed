"""What an officer needs beside the fields of a condition: the lists of codes, to look them up."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel

from policies.choices import Fact
from policies.matching.industries import sections
from policies.matching.places import places
from policies.matching.sentences import code_name
from policies.matching.vocabulary import CHOICES, in_chinese, name_of


class CodeListsPanel(HelpPanel):
    """The codes of every fact, folded. Put it once beside an InlinePanel("conditions")."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("Codes for conditions"))
        kwargs.setdefault("template", "policies/admin/code_lists.html")
        super().__init__(**kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            return {**context, "lists": code_lists()}


def code_lists() -> list[tuple[str, list[tuple[str, str]]]]:
    """(the fact's name, [(code, name)]) of every fact that has codes; a section before its divisions."""
    lists = [
        (str(Fact(fact).label), [(code, name_of(fact, code)) for code in choices.values])
        for fact, choices in CHOICES.items()
    ]
    industry = [
        (entry.code, entry.zh if in_chinese() else entry.en)
        for section, divisions in sections()
        for entry in (section, *divisions)
    ]
    place = [(code, code_name(Fact.PLACE, code)) for code in places()]
    return [
        (str(Fact.INDUSTRY.label), industry),
        *lists,
        (str(Fact.PLACE.label), place),
    ]
