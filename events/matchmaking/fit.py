"""How well two participants fit, and why: industries they share, and words of what one seeks and the other offers.

Pure: nothing here asks the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from base.chains import Chain
from events.choices import Side
from search import analysis, words

CHAIN_WEIGHT, PHRASE_WEIGHT, SIDES_WEIGHT = 3, 2, 1
# One text that repeats much of another says no more than a few good words.
PHRASES_MAX = 5
# Everybody at a matchmaking meeting writes these: they tell nothing about who fits whom.
EVERYBODY = frozenset(
    [
        "合作",
        "企业",
        "公司",
        "项目",
        "提供",
        "寻找",
        "寻求",
        "希望",
        "需要",
        "需求",
        "对接",
        "服务",
        "支持",
        "方面",
        "相关",
        "领域",
        "行业",
        "产业",
        "产品",
        "技术",
        "公司的",
        "企业的",
        "伙伴",
        "合作伙伴",
        "方案",
        "资源",
        "发展",
        "机会",
        "上党",
        "上党区",
        "长治",
        "长治市",
    ]
)
EVERYBODY_ENGLISH = (
    "cooperation",
    "cooperate",
    "company",
    "companies",
    "project",
    "projects",
    "partner",
    "partners",
    "offer",
    "offers",
    "seek",
    "seeks",
    "seeking",
    "look",
    "looking",
    "need",
    "needs",
    "service",
    "services",
    "support",
    "product",
    "products",
    "technology",
    "industry",
    "shangdang",
    "changzhi",
)


@dataclass(frozen=True)
class Profile:
    """What fitting looks at."""

    side: str
    offers: str = ""
    seeks: str = ""
    chains: tuple[str, ...] = ()

    @classmethod
    def of(cls, participant) -> "Profile":
        return cls(
            participant.side, participant.offers, participant.seeks, tuple(participant.chains)
        )


@dataclass(frozen=True)
class Fit:
    """`gets`: words of what I seek that they offer; `gives`: of what they seek that I offer."""

    score: int = 0
    chains: list[str] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)
    gives: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.chains or self.gets or self.gives)

    @property
    def chain_labels(self) -> list[str]:
        return [str(Chain(code).label) for code in self.chains]


def fit(mine: Profile, theirs: Profile) -> Fit:
    """The fit of another participant for me. Without a reason it is empty, whoever the two are."""
    chains = [
        chain
        for chain in mine.chains
        if chain in theirs.chains and chain in Chain.values and chain != Chain.OTHER
    ]
    gets = common_phrases(mine.seeks, theirs.offers)[:PHRASES_MAX]
    gives = common_phrases(theirs.seeks, mine.offers)[:PHRASES_MAX]
    if not (chains or gets or gives):
        return Fit()
    # An investor and somebody to invest in, rather than two of a kind.
    crosses = mine.side != theirs.side and Side.INVESTOR in (mine.side, theirs.side)
    score = (
        CHAIN_WEIGHT * len(chains)
        + PHRASE_WEIGHT * (len(gets) + len(gives))
        + SIDES_WEIGHT * crosses
    )
    return Fit(score, chains, gets, gives)


def common_phrases(text: str, other: str) -> list[str]:
    """What two texts both say, as the first of them writes it: 光伏组件, recycling. Each once, in order."""
    text, other = analysis.normalise(text), analysis.normalise(other)
    lowered = analysis.lower(other)
    their_pairs = set(analysis.pairs(lowered))
    their_stems = {
        stem
        for match in analysis.RUN.finditer(lowered)
        if match["word"]
        for stem in analysis.word_tokens(match["word"])
    }
    found: dict[str, str] = {}
    for match in analysis.RUN.finditer(text):
        if match["han"]:
            for phrase in _telling(_shared_runs(match["han"], lowered, their_pairs)):
                found.setdefault(phrase, phrase)
        elif stem := _shared_stem(analysis.lower(match["word"]), their_stems):
            found.setdefault(stem, match["word"])
    return list(found.values())


def _shared_runs(run: str, other: str, pairs: set[str]) -> Iterable[str]:
    """The longest pieces of a run of characters that the other text has, from left to right."""
    start = 0
    while start < len(run) - 1:
        end = start + 2
        if run[start:end] not in pairs:
            start += 1
            continue
        while end < len(run) and run[start : end + 1] in other:
            end += 1
        yield run[start:end]
        start = end


def _telling(runs: Iterable[str]) -> Iterable[str]:
    """The pieces without the words that tell nothing, cut at them."""
    for run in runs:
        kept = ""
        for word in [*words.cut(run), ""]:
            if len(word) > 1 and not _is_empty(word):
                kept += word
                continue
            if len(kept) > 1:
                yield kept
            kept = ""


def _is_empty(word: str) -> bool:
    return word in EVERYBODY or word in words.delivered().stop


@cache
def _stems_of_everybody() -> frozenset[str]:
    return frozenset(map(analysis.stem, EVERYBODY_ENGLISH))


def _shared_stem(word: str, stems: set[str]) -> str:
    """The stem of a word that the other text has, too; "" for a word that tells nothing."""
    if len(word) < 3 or word in words.delivered().english_stop:
        return ""
    stem = analysis.word_tokens(word)[-1]
    return (
        stem if stem in stems and stem not in _stems_of_everybody() and not stem.isdigit() else ""
    )


def says(participant_texts: Iterable[str], query: str) -> bool:
    """Whether the texts say every word of a query, anywhere inside of them."""
    wanted = analysis.asked_tokens(analysis.lower(analysis.normalise(query)))
    has = {
        token for text in participant_texts for token in analysis.tokens(analysis.normalise(text))
    }
    return all(
        any(token.startswith(word[:-1]) for token in has) if word.endswith("*") else word in has
        for word in wanted
    )
