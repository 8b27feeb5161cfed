"""The words that conditions and companies share: which codes there are for a fact, and their names."""

import re
from functools import cache

from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from policies.choices import Fact, Operator
from policies.matching.industries import industries
from policies.matching.places import place_code, places


class Size(models.TextChoices):
    """As 统计上大中小微型企业划分办法（2017） divides them; which one a company is depends on its industry."""

    LARGE = "large", _("Large enterprise")
    MEDIUM = "medium", _("Medium-sized enterprise")
    SMALL = "small", _("Small enterprise")
    MICRO = "micro", _("Micro enterprise")


class Qualification(models.TextChoices):
    """Recognitions that policies ask for. None of them is taken to imply another: rules change."""

    HIGH_TECH = "high_tech", _("High-tech enterprise (高新技术企业)")
    TECH_SME = "tech_sme", _("Technology-based SME (科技型中小企业)")
    INNOVATIVE_SME = "innovative_sme", _("Innovative SME (创新型中小企业)")
    SPECIALISED_SME = (
        "specialised_sme",
        _("Specialised, refined, distinctive SME (专精特新中小企业)"),
    )
    LITTLE_GIANT = "little_giant", _("“Little giant” (专精特新“小巨人”企业)")
    CHAMPION = "champion", _("Single-product champion of manufacturing (制造业单项冠军企业)")
    ABOVE_SCALE = "above_scale", _("Enterprise above designated size (规模以上企业)")
    AGRI_LEADER = (
        "agri_leader",
        _("Leading enterprise of agricultural industry (农业产业化龙头企业)"),
    )
    GREEN_FACTORY = "green_factory", _("Green factory (绿色工厂)")
    TIME_HONOURED = "time_honoured", _("Time-honoured brand (老字号)")


class ProjectKind(models.TextChoices):
    NEW_BUILD = "new_build", _("New project (新建)")
    EXPANSION = "expansion", _("Expansion (扩建、增资扩产)")
    UPGRADE = "upgrade", _("Technical upgrade (技术改造)")
    DIGITAL = "digital", _("Digital transformation (数字化改造)")
    GREEN = "green", _("Energy saving and less carbon (节能降碳)")
    RESEARCH = "research", _("Research and development (研发)")
    PILOT = "pilot", _("Pilot run, putting results to use (中试、成果转化)")
    ENCLAVE = "enclave", _("Moving into an innovation enclave (入驻科创飞地)")
    TALENT = "talent", _("Hiring and training (引才、培训)")
    MARKET = "market", _("Exhibitions and exports (展会、外贸)")


CHOICES = {
    Fact.SIZE: Size,
    Fact.QUALIFICATION: Qualification,
    Fact.PROJECT: ProjectKind,
}
CODED = (Fact.INDUSTRY, Fact.SIZE, Fact.PLACE, Fact.QUALIFICATION, Fact.PROJECT)
CODE_OPERATORS = (Operator.ONE_OF, Operator.NONE_OF)
# What separates several names in one line; names have "、" and commas in them, too (`read_codes`).
SEPARATORS = re.compile(r"[、，,；;|\n\r\t]+")


@cache
def codes_of(fact: str) -> frozenset[str]:
    """All codes of a fact; none for a number."""
    if fact == Fact.INDUSTRY:
        return frozenset(industries())
    if fact == Fact.PLACE:
        return frozenset(places())
    return frozenset(CHOICES[fact].values) if fact in CHOICES else frozenset()


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def name_of(fact: str, code: str) -> str:
    """The name of a code in the active language; the code itself when nobody knows it."""
    if fact in CHOICES:
        return str(CHOICES[fact](code).label) if code in CHOICES[fact].values else code
    entry = {Fact.INDUSTRY: industries, Fact.PLACE: places}[Fact(fact)]().get(code)
    if entry is None:
        return code
    return entry.zh if in_chinese() else entry.en


def any_name(code: str) -> str:
    """The name of a code of whatever list; what is no code comes back as it is."""
    facts = (fact for fact in CODED if code in codes_of(fact))
    return next((name_of(fact, code) for fact in facts), code)


@cache
def _codes_by_name(fact: str) -> dict[str, str]:
    """Every way to write a code of a list: itself, its names in Chinese and English, a division's number."""
    names: dict[str, str] = {}
    if fact == Fact.INDUSTRY:
        # Divisions first: 教育 is a section and its only division.
        for code, industry in sorted(industries().items(), key=lambda item: -len(item[0])):
            for name in filter(None, (code, code[1:], industry.zh, industry.en)):
                names.setdefault(_plain(name), code)
    for member in CHOICES.get(fact, ()):
        for language in ("zh-hans", "en"):
            with override(language):
                label = str(member.label)
            # "High-tech enterprise (高新技术企业)" is also known by each half.
            for name in (member.value, label, *re.split(r"\s\(|\)$", label)):
                if name:
                    names.setdefault(_plain(name), member.value)
    return names


def _plain(name: str) -> str:
    """A name as it is compared: one kind of separator and of blank, no quotation marks, no capitals."""
    name = re.sub(r"\s*[、，,；;|]\s*", "、", re.sub("[“”\"'‘’]", "", name))
    return " ".join(name.split()).casefold()


def read_code(fact: str, text: str) -> str:
    """The code that `text` names, by code or name in Chinese or English; "" when there is none."""
    if fact == Fact.PLACE:
        return place_code(text) or place_code(text.replace("、", ", "))
    return _codes_by_name(fact).get(_plain(text), "")


def read_codes(fact: str, texts: list[str]) -> tuple[list[str], list[str]]:
    """(codes, what could not be read) of names and codes, each entry perhaps several of them.

    An entry is tried whole first: 酒、饮料和精制茶制造业 is one industry. Then it is taken apart, the
    longest name first.
    """
    codes: list[str] = []
    unread: list[str] = []
    for text in texts:
        parts = [part for part in SEPARATORS.split(text) if part.strip()]
        while parts:
            for length in range(len(parts), 0, -1):
                code = read_code(fact, "、".join(part.strip() for part in parts[:length]))
                if code:
                    codes.append(code)
                    parts = parts[length:]
                    break
            else:
                unread.append(parts.pop(0).strip())
    return list(dict.fromkeys(codes)), unread
