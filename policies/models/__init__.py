from policies.choices import Disclosure, Level, Validity
from policies.library import level_tabs
from policies.models.clause import Clause, ClauseTranslation
from policies.models.clause_log import ClauseLog
from policies.models.condition import Condition
from policies.models.gate_word import GateWord
from policies.models.import_job import ImportJob, ImportRow, PolicyOrigin
from policies.models.interpretation import (
    InterpretationDocument,
    InterpretationIndexPage,
    InterpretationPage,
)
from policies.models.library import PolicyIndexPage
from policies.models.policy import PolicyPage
from policies.models.relation import PolicyRelation
from policies.models.version import PolicyVersion

__all__ = [
    "Clause",
    "ClauseLog",
    "ClauseTranslation",
    "Condition",
    "Disclosure",
    "InterpretationDocument",
    "InterpretationIndexPage",
    "InterpretationPage",
    "GateWord",
    "ImportJob",
    "ImportRow",
    "Level",
    "PolicyIndexPage",
    "PolicyOrigin",
    "PolicyPage",
    "PolicyRelation",
    "PolicyVersion",
    "Validity",
    "level_tabs",
]
