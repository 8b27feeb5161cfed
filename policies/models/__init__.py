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
from policies.models.condition import Condition
from policies.models.freshness import FreshnessSettings, Holiday, PolicyCheck
from policies.models.library import PolicyIndexPage
from policies.models.links import LinkCheck, LinkReading, LinkUse
from policies.models.policy import PolicyPage

__all__ = [
    "AlertMail",
    "AlertReader",
    "AlertText",
    "Clause",
    "ClauseTranslation",
    "Condition",
    "Disclosure",
    "Edition",
    "FreshnessSettings",
    "Holiday",
    "Level",
    "LinkCheck",
    "LinkReading",
    "LinkUse",
    "PolicyCheck",
    "PolicyIndexPage",
    "PolicyPage",
    "PolicyWatch",
    "Subscription",
    "Told",
    "Validity",
    "level_tabs",
]
