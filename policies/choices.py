"""The fixed words of a policy: its level, its validity, how it is disclosed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Levels of government. The district's plan names four, without the province."""

    NATION = "nation", _("National")
    PROVINCE = "province", _("Provincial")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    PARK = "park", _("Park")


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    PARTLY_VOID = "partly_void", _("Partly void")
    VOID = "void", _("Void")
    ABOLISHED = "abolished", _("Abolished")
    AMENDED = "amended", _("Amended")
    DRAFT = "draft", _("Draft for comment")


class Disclosure(models.TextChoices):
    PROACTIVE = "proactive", _("Published proactively")
    ON_REQUEST = "on_request", _("On request")


LEVEL_NOTES = {
    Level.NATION: _("Laws, administrative regulations and ministry rules"),
    Level.PROVINCE: _("Regulations of Shanxi Province"),
    Level.CITY: _("Measures of Changzhi City"),
    Level.DISTRICT: _("Plans and rules of Shangdang District"),
    Level.PARK: _("Admission rules of the development zone and the enclaves"),
}
TONES = {
    Validity.IN_FORCE: "force",
    Validity.DRAFT: "draft",
    Validity.AMENDED: "draft",
    Validity.PARTLY_VOID: "draft",
}
# Published, but its first day has not come: no validity of its own, but a state a reader must know.
NOT_YET, NOT_YET_LABEL = "not_yet", _("Not yet in force")
# Nobody can rely on these any more.
INVALID = (Validity.VOID, Validity.ABOLISHED)
# These hold today, at least in parts.
HOLDING = (Validity.IN_FORCE, Validity.PARTLY_VOID, Validity.AMENDED)
# What a level means to readers here, whatever they look for: the nation's documents and the district's
# own first, then the province's, then those of other cities.
RANKS = {Level.NATION: 3, Level.PROVINCE: 2, Level.CITY: 1, Level.DISTRICT: 3, Level.PARK: 3}
OWN_CITY = "长治"


class Support(models.TextChoices):
    """Kinds of support (扶持方式)."""

    GRANT = "grant", _("Grant or award (奖补)")
    INTEREST = "interest", _("Interest subsidy (贴息)")
    EQUITY = "equity", _("Equity investment (股权)")
    REDUCTION = "reduction", _("Reduction or exemption (减免)")
    FINANCE = "finance", _("Access to finance (融资)")
    PREMISES = "premises", _("Premises (场地)")
    SERVICE = "service", _("Service (服务)")
    RECOGNITION = "recognition", _("Recognition (认定)")


class CapUnit(models.TextChoices):
    YUAN = "yuan", _("yuan")
    WAN_YUAN = "wan_yuan", _("10,000 yuan (万元)")
    PERCENT = "percent", _("per cent")
    YUAN_YEAR = "yuan_year", _("yuan a year")
    YUAN_HEAD = "yuan_head", _("yuan a person")
    SQUARE_METRE = "m2", _("square metres")


class Review(models.TextChoices):
    """How a fairness review (公平竞争审查) can end: 公平竞争审查条例, articles 8-12."""

    PASSED = "passed", _("Passed: agrees with the standards")
    LAWFUL = "lawful", _("Rests on a law, an administrative regulation or the State Council")
    EXCEPTION = "exception", _("Exception of article 12, with an end and reasons")
    FAILED = "failed", _("Not passed")


class ClauseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("state of a clause", "Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Fact(models.TextChoices):
    """What a condition asks about a company."""

    INDUSTRY = "industry", _("Industry (GB/T 4754 division)")
    SIZE = "size", _("Size")
    PLACE = "place", _("Place")
    AGE = "age", _("Age in months")
    REVENUE = "revenue", _("Revenue of last year (10,000 yuan)")
    QUALIFICATION = "qualification", _("Qualification")
    RD_SHARE = "rd_share", _("Share of R&D in revenue (per cent)")
    STAFF = "staff", _("Number of staff")
    PROJECT = "project", _("Kind of project")


class Operator(models.TextChoices):
    ONE_OF = "one_of", _("one of")
    NONE_OF = "none_of", _("none of")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    BETWEEN = "between", _("between")


class RelationKind(models.TextChoices):
    """What a document does to an earlier one, or owes it (依据, 配套, 修改, 废止, 替代, 转发)."""

    BASIS = "basis", _("Based on")
    IMPLEMENTS = "implements", _("Implements")
    AMENDS = "amends", _("Amends")
    PARTLY_ABOLISHES = "abolishes_part", _("Abolishes parts of")
    ABOLISHES = "abolishes", _("Abolishes")
    REPLACES = "replaces", _("Replaces")
    FORWARDS = "forwards", _("Forwards")


# The same seen from the other document.
RELATION_BACK = {
    RelationKind.BASIS: _("Basis of"),
    RelationKind.IMPLEMENTS: _("Implemented by"),
    RelationKind.AMENDS: _("Amended by"),
    RelationKind.PARTLY_ABOLISHES: _("Partly abolished by"),
    RelationKind.ABOLISHES: _("Abolished by"),
    RelationKind.REPLACES: _("Replaced by"),
    RelationKind.FORWARDS: _("Forwarded by"),
}
# These change the document they point to: none may come back to itself along them.
CHANGING = (
    RelationKind.AMENDS,
    RelationKind.PARTLY_ABOLISHES,
    RelationKind.ABOLISHES,
    RelationKind.REPLACES,
)


class InterpretationKind(models.TextChoices):
    """Forms of an interpretation (解读)."""

    TEXT = "text", _("Explanation in words")
    PICTURES = "pictures", _("Explanation in pictures")
    QUESTIONS = "questions", _("Questions and answers")
    PRESS = "press", _("Press conference")
    EXPERT = "expert", _("An expert explains")
    VIDEO = "video", _("Film")
