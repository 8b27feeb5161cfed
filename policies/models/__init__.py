from policies.choices import Disclosure, Level, Validity
from policies.library import level_tabs
from policies.models.alerts import (
    AlertMail,
    AlertReader,
    AlertText,
    Edition,
    PolicyWatch,
    Subscription,
    Told,
)
from policies.models.clause import Clause, ClauseTranslation
from policies.models.clause_log import ClauseLog
from policies.models.condition import Condition
from policies.models.freshness import FreshnessSettings, Holiday, PolicyCheck
from policies.models.gate_word import GateWord
from policies.models.import_job import ImportJob, ImportRow, PolicyOrigin
from policies.models.interpretation import (
    InterpretationDocument,
    InterpretationIndexPage,
    InterpretationPage,
)
from policies.models.library import PolicyIndexPage
from policies.models.links import LinkCheck, LinkReading, LinkUse
from policies.models.policy import PolicyPage
from policies.models.relation import PolicyRelation
from policies.models.version import PolicyVersion

__all__ = [
    "AlertMail",
    "AlertReader",
    "AlertText",
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
    "Edition",
    "FreshnessSettings",
    "Holiday",
    "Level",
    "LinkCheck",
    "LinkReading",
    "LinkUse",
    "PolicyCheck",
    "PolicyIndexPage",
    "PolicyOrigin",
    "PolicyPage",
    "PolicyRelation",
    "PolicyVersion",
    "PolicyWatch",
    "Subscription",
    "Told",
    "Validity",
    "level_tabs",
]
