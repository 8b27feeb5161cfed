from policies.choices import Disclosure, Level, Validity
from policies.library import level_tabs
from policies.models.clause import Clause, ClauseTranslation
from policies.models.condition import Condition
from policies.models.import_job import ImportJob, ImportRow, PolicyOrigin
from policies.models.library import PolicyIndexPage
from policies.models.policy import PolicyPage

__all__ = [
    "Clause",
    "ClauseTranslation",
    "Condition",
    "Disclosure",
    "ImportJob",
    "ImportRow",
    "Level",
    "PolicyIndexPage",
    "PolicyOrigin",
    "PolicyPage",
    "Validity",
    "level_tabs",
]
