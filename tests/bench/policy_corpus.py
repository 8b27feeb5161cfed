"""A policy library of any size: documents made of the seed's own sentences, spread as a real library is.

Nothing of it is a real document. The same number gives the same library.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import yaml

from policies import subjects
from policies.choices import OWN_CITY
from policies.statute import DIGITS

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"nation": 12, "province": 22, "city": 38, "district": 20, "park": 8}
VALIDITY = {"in_force": 70, "amended": 8, "partly_void": 4, "void": 8, "abolished": 8, "draft": 2}
KINDS = ("通知", "意见", "办法", "实施细则", "若干措施", "条例", "规定", "方案", "公告")
DOING = ("加快", "促进", "支持", "规范", "加强", "推进", "完善", "鼓励", "深化", "做好")
OFFICES = (
    "人民政府",
    "人民政府办公室",
    "发展和改革委员会",
    "财政局",
    "工业和信息化局",
    "科学技术局",
    "商务局",
)
MINISTRIES = (
    "国务院",
    "国务院办公厅",
    "财政部",
    "国家发展改革委",
    "工业和信息化部",
    "科学技术部",
    "商务部",
)
FIRST_YEAR, LAST_YEAR = 1988, 2026
# Of a hundred documents so many are whole statutes, of so many characters; one has the longest.
STATUTES, STATUTE, LONGEST = 1, 20_000, 105_000
SIGNS = {number: sign for sign, number in reversed(DIGITS.items())}


def records(number: int, body: int) -> Iterator[dict]:
    """`number` documents with texts of `body` characters, as `tests.bench.corpus.load` takes them."""
    dice = random.Random(1)
    sentences, topics, places = _sentences(), _topics(), _places()
    for i in range(number):
        length = LONGEST if i == 0 else STATUTE if dice.random() * 100 < STATUTES else body
        yield _record(dice, i, length, sentences, topics, places)


def _record(dice, i: int, length: int, sentences, topics, places) -> dict:
    level = _one(dice, LEVELS)
    place = _place(dice, level, places)
    issuer = dice.choice(MINISTRIES) if level == "nation" else place + dice.choice(OFFICES)
    topic = dice.choice(topics)
    # More of them are young.
    year = LAST_YEAR - int((LAST_YEAR - FIRST_YEAR) * dice.random() ** 2)
    formed = date(year, 1, 1) + timedelta(days=dice.randrange(365))
    statute = length > STATUTE - 1
    head = "" if level == "nation" else place
    title = f"{head}关于{dice.choice(DOING)}{topic}{dice.choice(('', '工作', '发展', '建设'))}的"
    return {
        "id": f"d{i}",
        "title": f"{title}{dice.choice(KINDS)}（{year}年第{i}号）",
        "body": _statute(dice, length, sentences) if statute else _text(dice, length, sentences),
        "summary": dice.choice(sentences)[:120],
        "level": level,
        "place": place,
        "category": topic if dice.random() < 0.9 else "",
        "issuer": issuer if dice.random() < 0.9 else f"{issuer}、{place}{dice.choice(OFFICES)}",
        "document_number": f"政发〔{year}〕{i % 300 + 1}号",
        "promulgated_on": formed.isoformat(),
        "published_on": (formed + timedelta(days=dice.randrange(40))).isoformat(),
        "validity": _one(dice, VALIDITY),
    }


def _one(dice, shares: dict[str, int]) -> str:
    return dice.choices(list(shares), cum_weights=list(accumulate(shares.values())))[0]


def _place(dice, level: str, places: dict[str, list[str]]) -> str:
    if level == "nation":
        return "全国"
    if level == "province":
        return dice.choice(list(places))
    own = level in ("district", "park")
    return (
        f"{OWN_CITY}市上党区"
        if own
        else dice.choice([*places["山西省"], *sum(places.values(), [])])
    )


def _text(dice, length: int, sentences: list[str]) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < length:
        lines.append("".join(dice.choices(sentences, k=3)))
    return "\n".join(lines)[:length]


def _statute(dice, length: int, sentences: list[str]) -> str:
    lines: list[str] = []
    size = article = 0
    while size < length:
        if article % 12 == 0:
            lines.append(f"第{numeral(article // 12 + 1)}章 {dice.choice(DOING)}与管理")
        article += 1
        lines.append(f"第{numeral(article)}条 {''.join(dice.choices(sentences, k=3))}")
        size += len(lines[-1])
    return "\n".join(lines)


def numeral(number: int) -> str:
    """321 as 三百二十一."""
    text = ""
    for step, sign in ((1000, "千"), (100, "百"), (10, "十")):
        digit, number = divmod(number, step)
        if digit:
            text += SIGNS[digit] + sign
        elif text and number and not text.endswith("零"):
            text += "零"
    text += SIGNS[number] if number else ""
    return text.removeprefix("一") if text.startswith("一十") else text


def _sentences() -> list[str]:
    found: list[str] = []
    for file in sorted((ROOT / "content/data/seed/policies").glob("*.yaml")):
        _gather(yaml.safe_load(file.read_text(encoding="utf-8"))["zh"], found)
    return sorted({text for text in found if 15 < len(text) < 160})


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _gather(one, found)
    elif isinstance(value, str) and not {"<", "/"} & set(value):
        found.append(value.strip())


def _topics() -> list[str]:
    every = [one for top in subjects.categories() for one in (top, *top.below)]
    words = {word for one in every for word in (one.zh, *one.words) if not word.isascii()}
    # Some stand in no list.
    return sorted(words - {"其他"}) + ["低空经济", "老区振兴", "专业镇"]


def _places() -> dict[str, list[str]]:
    data = yaml.safe_load((ROOT / "search/data/places.yaml").read_text(encoding="utf-8"))
    names = {
        name.partition("|")[0]: [c.partition("|")[0] for c in cities]
        for name, cities in data.items()
    }
    return {name: cities for name, cities in names.items() if cities and not name.endswith("市")}
