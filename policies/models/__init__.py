from policies.choices import Disclosure, Level, Validity
from policies.library import level_tabs
from policies.models.clause import Clause, ClauseTranslation
from policies.models.clause_log import ClauseLog
from policies.models.condition import Condition
from policies.models.gate_word import GateWord
from policies.models.library import PolicyIndexPage
from policies.models.policy import PolicyPage

__all__ = [
    "Clause",
    "ClauseLog",
    "ClauseTranslation",
    "Condition",
    "Disclosure",
    "GateWord",
    "Level",
    "PolicyIndexPage",
    "PolicyPage",
    "Validity",
    "level_tabs",
]
