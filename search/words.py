"""Cutting Chinese into words, with the words that editors and the delivered list keep whole."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import rjieba
import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class WordList:
    whole: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    english_stop: frozenset[str] = frozenset()


def read(name: str) -> dict:
    path = DATA / name
    return yaml.load(path.read_text(), yaml.CSafeLoader) if path.exists() else {}


@cache
def delivered() -> WordList:
    """The lists that come with the site (search/data/words.yaml and bilingual.yaml)."""
    lists = read("words.yaml")
    return WordList(
        whole=frozenset(lists.get("words", [])),
        stop=frozenset(lists.get("stop", [])),
        weak=frozenset(lists.get("weak", [])),
        english_stop=frozenset(read("bilingual.yaml").get("stop", [])),
    )


@dataclass
class Segmenter:
    """`more`: words to keep whole beside the delivered ones."""

    more: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self):
        self._jieba = rjieba.Jieba()
        for word in delivered().whole | self.more:
            self._jieba.add_word(word, 100_000 if len(word) > 2 else 20_000, "n")
        self._jieba.tag("某词")  # a word that it has to guess: what it guesses by is read now

    def cut(self, text: str) -> list[str]:
        return self._jieba.cut(text)

    def names_place(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a place, here or abroad."""
        return all(kind.startswith("ns") for _part, kind in self._jieba.tag(word))

    def cut_finely(self, text: str) -> list[str]:
        """The words of a text and the words inside them."""
        return self._jieba.cut_for_search(text)

    def knows(self, word: str) -> bool:
        """Whether a dictionary has the word; others were guessed from their characters."""
        return self._jieba.has_word(word)


def cut(text: str) -> list[str]:
    """The words of a text by the dictionary alone."""
    return rjieba.cut(text)


@dataclass(frozen=True)
class Place:
    """`short` is the name without its kind (山西); `province` is in full, itself for provinces."""

    name: str
    short: str
    province: str
    is_province: bool


KINDS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "地区",
    "林区",
    "省",
    "市",
    "盟",
    "区",
    "县",
)


@cache
def places() -> dict[str, Place]:
    """Provinces and cities by every name they are called (山西省, 山西, 长治市, 长治)."""
    nested = {
        str(above).split("|")[0]: (str(above), below or [])
        for above, below in read("places.yaml").items()
    }
    province_of = {
        str(entry).split("|")[0]: above
        for above, (_names, below) in nested.items()
        for entry in below
    }
    found: dict[str, Place] = {}
    cities: dict[str, Place] = {}
    for above, (names, below) in nested.items():
        province = province_of.get(above, above)
        if above == province:
            _enter(found, names, province, True)
        for entry in below:
            _enter(cities, str(entry), province, False)
    # A name that a province and a city share (吉林) is the province's.
    return cities | found


def _enter(found: dict[str, Place], names: str, province: str, is_province: bool) -> None:
    name, *called = names.split("|")
    called = called or [_short(name)]
    place = Place(name, called[0], province, is_province)
    for word in (name, *called):
        found.setdefault(word, place)


def _short(name: str) -> str:
    for kind in KINDS:
        if name.endswith(kind) and len(name) - len(kind) >= 2:
            return name.removesuffix(kind)
    return name


def place_in(text: str) -> Place | None:
    """The place that a title or a body's name begins with: 长治市 in 长治市人民政府."""
    known = places()
    for length in range(min(len(text), 11), 1, -1):
        if text[:length] in known:
            return known[text[:length]]
    return None
