"""What a reader gets: every page that has the word, in order, with true numbers, and no error ever."""

import html
import re
from datetime import date, timedelta
from functools import cache

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale, Page

from base.models import CustomDocument
from base.visibility import visible
from home.models import StandardPage
from policies.models import PolicyPage
from search import matching, vocabulary
from search.analysis import lower, normalise
from search.api import search
from search.backends import elasticsearch
from search.completions import suggest
from search.documents import NOT_SHOWN, documents_for
from search.models import TermGroup
from search.reading import make
from search.results import Question, Results
from search.state import current
from search.terms_admin import terms_changed
from search.upkeep import index_expired
from tests.search.odd import ODD

MARKED = re.compile(r"(?:[^<>]|<mark>[^<>]+</mark>)*")


@pytest.fixture
def add(page_at, indexed, django_capture_on_commit_callbacks):
    """Publish a policy in the library, or another page elsewhere."""

    def publish(title: str, text: str = "", model=PolicyPage, below="policies", **fields) -> Page:
        if model is PolicyPage:
            fields = {"level": "district", "issuing_body": "上党区人民政府"} | fields
        made = model(title=title, slug=f"made-{Page.objects.count()}", **fields)
        blocks = [
            {"type": "text", "value": "".join(f"<p>{p}</p>" for p in text.split("\n"))},
            *fields.get("blocks", ()),
        ]
        made.body = model._meta.get_field("body").to_python(blocks)
        with django_capture_on_commit_callbacks(execute=True):
            page_at(below).add_child(instance=made)
        indexed()
        return model.objects.get(pk=made.pk)

    return publish


def everything(query: str, **fields) -> Results:
    return search(Question(query, per_page=500, **fields))


def ids(answer: Results) -> list[int]:
    return [hit.page.pk for hit in answer.hits]


def titles(answer: Results) -> list[str]:
    return [hit.page.title for hit in answer.hits]


@cache
def seeded_texts() -> dict[int, str]:
    """What every public Chinese page says, in small simplified letters, read page by page.

    Of the seeded site: for tests that add no page.
    """
    pages = visible(Page.objects.filter(locale__language_code="zh-hans", depth__gt=2)).specific()
    return {
        page.pk: lower(f"{document.title}\n{document.body}")
        for page in pages
        for document in documents_for([page])
    }


def called(word: str) -> set[str]:
    """The word and its synonyms."""
    plan = make(word, current(), 100)
    return {text for one in plan.words for text in one.alternatives}


# --- Words inside sentences -----------------------------------------------------------------


WORDS = [
    *(
        "招商",
        "补贴",
        "担保",
        "企业",
        "飞地",
        "融资",
        "税收",
        "用地",
        "政策",
        "人才",
        "厂房",
        "煤炭",
    ),
    *(
        "光伏",
        "中药",
        "陶瓷",
        "庙会",
        "专利",
        "劳动",
        "个人",
        "环境",
        "公司",
        "招标",
        "审查",
        "申报",
    ),
    *("登记", "广告", "垄断", "备案", "许可", "科技"),
]


@pytest.mark.parametrize("word", WORDS)
def test_every_page_with_the_word_and_no_other(db, word):
    names = called(word)
    # The words of the delivered list and of the editors are all looked for.
    assert word in names
    wanted = {pk for pk, text in seeded_texts().items() if any(name in text for name in names)}
    answer = everything(word, literal=True)
    assert set(ids(answer)) == wanted
    assert answer.total == len(wanted) == len(answer.hits)


@pytest.mark.parametrize("pair", ["煤炭 补贴", "公布 煤炭", "专利 税收", "光伏 厂房"])
def test_two_words_are_both_there(db, pair):
    first, second = map(called, pair.split())
    wanted = {
        pk
        for pk, text in seeded_texts().items()
        if any(name in text for name in first) and any(name in text for name in second)
    }
    assert set(ids(everything(pair, literal=True))) == wanted


def test_a_single_character(db):
    wanted = {pk for pk, text in seeded_texts().items() if "窑" in text}
    assert set(ids(everything("窑", literal=True))) == wanted != set()


def test_word_inside_a_longer_run(add):
    page = add("关于进一步做好氢能源车辆推广的通知", "依法依规推动氢能源产业高质量发展。")
    assert page.pk in ids(search(Question("氢能")))
    assert page.pk in ids(search(Question("能源车")))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("公司法", "中华人民共和国公司法"),
        ("个保法", "中华人民共和国个人信息保护法"),
        ("反垄断法", "中华人民共和国反垄断法"),
        ("中小企业促进法", "中华人民共和国中小企业促进法"),
        ("外商投资法实施条例", "中华人民共和国外商投资法实施条例"),
        ("科技成果轉化", "中华人民共和国促进科技成果转化法"),
        ("優化營商環境", "优化营商环境条例"),
        ("优化营商环境条例", "优化营商环境条例"),
        ("Company Law", "中华人民共和国公司法"),
        ("foreign investment law", "中华人民共和国外商投资法"),
        ("企业所得税", "中华人民共和国企业所得税法"),
        ("信息公开", "中华人民共和国政府信息公开条例"),
        ("kechuangfeidi", "科创飞地"),
        ("科创飞地", "科创飞地"),
    ],
)
def test_what_stands_first(db, query, title):
    assert titles(search(Question(query)))[:1] == [title]


@pytest.mark.parametrize(
    ("query", "first"), [("company law", "Company Law"), ("patents", "Patent")]
)
def test_english_over_english_pages(db, query, first):
    answer = search(Question(query, locale="en"))
    assert answer.hits
    assert {hit.page.locale.language_code for hit in answer.hits} == {"en"}
    assert first.lower() in titles(answer)[0].lower()


def test_english_titles_find_chinese_pages(add, indexed):
    page = add("窑火夜话")
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.live = "Fireside zymurgy", True
    english.save_revision().publish()
    page.save()
    indexed()
    assert ids(search(Question("zymurgy"))) == [page.pk]
    assert ids(search(Question("zymurgy", locale="en"))) == [english.pk]


def test_synonyms_find_each_other(add, indexed):
    page = add("甲烷安全通知", "请检查甲烷。")
    assert search(Question("丁烷", literal=True, kinds=("policy",))).total == 0
    TermGroup.objects.create(terms="甲烷\n丁烷")
    terms_changed()
    answer = search(Question("丁烷"))
    assert ids(answer) == [page.pk]
    assert "<mark>甲烷</mark>" in answer.hits[0].title


def test_abbreviations_both_ways(add):
    full, short = add("工程招标投标监督办法"), add("工程招投标监督办法")
    assert {full.pk, short.pk} <= set(ids(everything("招投标")))
    assert {full.pk, short.pk} <= set(ids(everything("招标投标")))


NUMBERS = [
    "晋政发〔2023〕12号",
    "晋政发[2023]12号",
    "晋政发【2023】12号",
    "晋政发（２０２３）１２号",
    "晋政发﹝2023﹞第12号",
    "晋政发 (2023) 12",
    "（2023）12",
    "[2023]12号",
    "晉政發〔2023〕12號",
    "关于晋政发〔2023〕12号的解读",
]


def test_document_numbers_in_every_form(add, subtests):
    page = add("甲办法", document_number="晋政发〔2023〕12号")
    add("乙办法", document_number="晋政发〔2023〕13号")
    add("丙办法", document_number="晋政发〔2022〕12号")
    for query in NUMBERS:
        with subtests.test(query):
            assert ids(search(Question(query))) == [page.pk]


def test_number_of_another_agency_comes_later(add):
    other = add("甲办法", document_number="长政办发〔2023〕12号")
    page = add("乙办法", document_number="晋政发〔2023〕12号")
    assert ids(search(Question("晋政发〔2023〕12号"))) == [page.pk, other.pk]
    assert ids(search(Question("长政办发[2023]12号"))) == [other.pk, page.pk]


# --- Corrections ----------------------------------------------------------------------------


def test_wrong_character(db):
    answer = search(Question("中小启业"))
    assert (answer.asked, answer.shown, answer.corrected) == ("中小启业", "中小企业", True)
    assert set(ids(answer)) <= set(ids(everything("中小企业")))
    assert answer.total == everything("中小企业").total
    plain = search(Question("中小启业", literal=True))
    assert not plain.corrected
    assert plain.total == 0


def test_pinyin_of_a_place(db):
    answer = search(Question("changzhi"))
    assert answer.total
    assert any("长治" in hit.title + hit.snippet for hit in answer.hits)


@pytest.mark.parametrize("query", ["公司", "企业所得税法", "company law", "招商引资", "专利"])
def test_no_correction_of_what_is_there(db, query):
    assert not search(Question(query)).corrected


def test_did_you_mean_finds_something(db):
    for query in ("中小启业", "中小启业 补帖", "shangdnag", "patant law", "科创非地", "gongsifa"):
        for code in ("zh-hans", "en"):
            for other in search(Question(query, locale=code)).did_you_mean:
                assert search(Question(other, locale=code, literal=True)).total, (query, other)


def test_a_phrase_that_nothing_has_is_taken_apart(db):
    texts = seeded_texts().values()
    assert not any("融资担保" in text for text in texts)
    answer = search(Question("融资担保"))
    assert answer.total or {"融资", "担保"} <= set(answer.did_you_mean)


def test_nothing_found(db):
    answer = search(Question("qzxjvw"))
    assert (answer.total, answer.hits, answer.pages, answer.page) == (0, [], 1, 1)


def test_partial_answers_say_so(add):
    page = add("甲烷丁烷补助", "办理窑炉")
    query = "甲烷 丁烷 饕餮炉 鸑鷟炉 罍簋炉 窑炉"
    answer = search(Question(query))
    if page.pk in ids(answer):
        full = search(Question("甲烷 丁烷"))
        assert not full.partial
    assert not search(Question("甲烷 丁烷")).partial


def test_elsewhere(add):
    answer = search(Question("Yincheng township blacksmiths", locale="zh-hans"))
    assert answer.total < 5
    assert set(answer.elsewhere) <= {"en"}
    page = add("甲烷安全通知", "请检查甲烷。")
    assert ids(search(Question("甲烷"))) == [page.pk]
    assert search(Question("甲烷", locale="en")).elsewhere == {"zh-hans": 1}


# --- Passages -------------------------------------------------------------------------------


def check_marks(text: str, words: set[str]) -> list[str]:
    """The marked pieces of safe HTML; only marks are markup, and each has one of the words."""
    assert MARKED.fullmatch(text), text
    pieces = [html.unescape(piece) for piece in re.findall("<mark>(.*?)</mark>", text)]
    for piece in pieces:
        assert any(word in lower(normalise(piece)) for word in words), piece
    return pieces


@pytest.mark.engine_free
@pytest.mark.parametrize("query", ["招商", "补贴", "担保", "企业 补贴", "科技成果轉化"])
def test_marks_stand_on_the_words(db, query):
    answer = search(Question(query))
    assert answer.hits
    texts = seeded_texts()
    names = called(query)
    for hit in answer.hits:
        check_marks(hit.title, names)
        check_marks(hit.snippet, names)
        assert html.unescape(re.sub("</?mark>", "", hit.title)) == hit.page.title
        plain = lower(normalise(html.unescape(re.sub("</?mark>", "", hit.snippet)))).strip("…")
        assert plain in texts[hit.page.pk]
        assert len(plain) <= 300
        # What is found in the text is seen in it; lines that are no sentences are not shown.
        if "<mark>" not in hit.title + hit.snippet:
            shown = [li for li in texts[hit.page.pk].split("\n") if not li.startswith(NOT_SHOWN)]
            assert not any(name in line for name in names for line in shown[1:])


def test_passage_is_the_one_that_matches(add):
    filling = "本办法自发布之日起施行，有关部门按照职责分工做好落实。" * 12
    page = add("乙办法", f"{filling}\n对甲烷给予沼气补贴，每户五百元。\n{filling}")
    [hit] = [one for one in search(Question("甲烷 沼气补贴")).hits if one.page.pk == page.pk]
    assert "<mark>甲烷</mark>" in hit.snippet
    assert "每户五百元" in hit.snippet
    long = add("丙办法", filling + "对丁烷给予补贴" + filling)
    [hit] = search(Question("丁烷")).hits
    assert hit.page.pk == long.pk
    assert "<mark>丁烷</mark>" in hit.snippet
    assert len(hit.snippet) < 250


def test_markup_in_texts_is_shown_as_text(add):
    page = add(
        '甲烷<script>alert("1")</script>&amp;补贴',
        "甲烷 &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &lt;/mark&gt; 补贴 \"'",
        summary="<b>甲烷</b> & co",
    )
    for query in ("甲烷", "script", "alert", "amp", "mark"):
        for hit in search(Question(query)).hits:
            assert MARKED.fullmatch(hit.title)
            assert MARKED.fullmatch(hit.snippet)
    [hit] = search(Question("甲烷")).hits
    assert hit.page.pk == page.pk
    assert html.unescape(re.sub("</?mark>", "", hit.title)) == page.title
    assert "&lt;script&gt;" in hit.snippet or "&lt;b&gt;" in hit.snippet


def test_markup_on_the_page(add, client):
    add('甲烷<script>alert("1")</script>')
    text = client.get("/search/", {"q": "甲烷"}).content.decode()
    assert "<script>alert" not in text
    assert "<mark>甲烷</mark>" in text
    text = client.get("/search/", {"q": '甲烷"><script>x</script>'}).content.decode()
    assert "<script>x" not in text


def test_marks_of_english_words(add):
    add("甲办法", "The policy and its policies; policyholder, 建设5G基站, R&amp;D of article art.")
    for query, marks in {
        "policy": ["policy", "policies"],
        "5G": ["5G"],
        "art": ["art"],
        "R&D": ["R&D"],
    }.items():
        [hit] = [one for one in everything(query).hits if one.page.title == "甲办法"]
        found = [html.unescape(m) for m in re.findall("<mark>(.*?)</mark>", hit.snippet)]
        assert found == marks


# --- Filters --------------------------------------------------------------------------------


def chosen(name: str, code: str, filters: dict) -> dict:
    return {**{n: codes for n, codes in filters.items() if n != name}, name: (code,)}


@pytest.mark.parametrize(
    ("query", "code", "kinds", "filters"),
    [
        # Counted by the same code whatever finds the pages: the other engines are asked two of them.
        ("企业", "zh-hans", ("policy",), {"status": ("in_force",)}),
        ("中小企业 融资 担保 煤炭 专利 窑炉", "zh-hans", (), {"year": ("2021",)}),
        *(
            pytest.param(*asked, marks=pytest.mark.engine_free)
            for asked in [
                ("企业", "zh-hans", (), {}),
                ("", "zh-hans", (), {}),
                ("科技", "zh-hans", (), {"kind": ("policy", "culture")}),
                ("law", "en", (), {"year": ("2019", "2021")}),
                ("中小启业", "zh-hans", (), {}),
                ("企业申请融资担保补贴需要哪些条件", "zh-hans", (), {"level": ("district",)}),
            ]
        ),
    ],
)
def test_every_number_is_true(db, query, code, kinds, filters):
    question = {"locale": code, "kinds": kinds, "per_page": 1}
    answer = search(Question(query, filters=filters, **question))
    checked = 0
    for facet in answer.facets:
        for choice in facet.choices:
            assert choice.chosen == (choice.code in filters.get(facet.name, ()))
            narrowed = search(
                Question(query, filters=chosen(facet.name, choice.code, filters), **question)
            )
            assert narrowed.total == choice.count, (facet.name, choice.code)
            assert narrowed.shown == answer.shown
            checked += 1
    assert checked or not filters


def test_any_value_of_a_filter_and_all_filters(db):
    years = {"2019", "2021"}
    answer = everything("企业", filters={"year": ("2019", "2021"), "level": ("nation",)})
    assert answer.hits
    assert {str(hit.dated_on.year) for hit in answer.hits} == years
    assert {hit.page.level for hit in answer.hits} == {"nation"}


def test_more_than_ten_values(db):
    answer = search(Question("企业"))
    [topics] = [facet for facet in answer.facets if facet.name == "topic"]
    assert len(topics.choices) > 10


def test_filter_that_nothing_has(db):
    answer = search(Question("企业", filters={"year": ("1066",)}))
    assert (answer.total, answer.hits, answer.shown) == (0, [], "企业")
    [year] = [facet for facet in answer.facets if facet.name == "year"]
    assert [(c.code, c.count) for c in year.chosen] == [("1066", 0)]


def test_a_filter_does_not_change_what_was_asked(db):
    """Where a filter leaves nothing, nothing is said, and not something else."""
    answer = search(Question("企业所得税法", filters={"year": ("1066",)}))
    assert not answer.corrected
    assert not answer.partial
    assert answer.total == 0


# --- Order and pages ------------------------------------------------------------------------


def test_by_date(db):
    answer = everything("企业", sort="date")
    days = [hit.dated_on or date.min for hit in answer.hits]
    assert days == sorted(days, reverse=True)
    assert set(ids(answer)) == set(ids(everything("企业")))


@pytest.mark.parametrize("second_look", [4, 7, 240])
@pytest.mark.parametrize(
    ("query", "sort"), [("企业", "relevance"), ("企业", "date"), ("", "date"), ("", "relevance")]
)
def test_pages_have_everything_once(db, monkeypatch, query, sort, second_look):
    monkeypatch.setattr(matching, "SECOND_LOOK", second_look)
    monkeypatch.setattr(elasticsearch, "SECOND_LOOK", second_look)
    first = search(Question(query, sort=sort, per_page=12))
    assert first.pages == -(-first.total // 12) > 3
    seen: list[int] = []
    for number in range(1, first.pages + 1):
        answer = search(Question(query, sort=sort, per_page=12, page=number))
        assert (answer.page, answer.pages, answer.total) == (number, first.pages, first.total)
        assert (answer.has_previous, answer.has_next) == (number > 1, number < first.pages)
        seen += ids(answer)
    assert len(seen) == len(set(seen)) == first.total
    assert set(seen) == set(ids(everything(query, sort=sort)))


def test_the_last_pages_have_passages_too(db, monkeypatch):
    monkeypatch.setattr(matching, "SECOND_LOOK", 4)
    monkeypatch.setattr(elasticsearch, "SECOND_LOOK", 4)
    for number in (1, 2, 3):
        answer = search(Question("企业", per_page=5, page=number))
        assert all("<mark>" in hit.title + hit.snippet for hit in answer.hits)


def test_page_beyond_the_end_is_the_last(db):
    last = search(Question("企业", per_page=5, page=search(Question("企业", per_page=5)).pages))
    beyond = search(Question("企业", per_page=5, page=400))
    assert beyond.page == beyond.pages == last.page
    assert ids(beyond) == ids(last) != []


# --- Policies that ended --------------------------------------------------------------------


def test_what_ended_stands_after_what_is_valid(add):
    texts = {"text": "甲烷补贴办法。甲烷甲烷甲烷。", "adopted_on": date(2020, 1, 1)}
    abolished = add("甲烷补贴办法", validity="abolished", **texts)
    void = add("甲烷补贴旧办法", validity="void", **texts)
    over = add("甲烷补贴", in_force_until=timezone.localdate() - timedelta(days=1), **texts)
    valid = add("其他办法", "对甲烷的补贴。", adopted_on=date(2019, 1, 1))
    last_day = add("另外办法", "甲烷的补贴", in_force_until=timezone.localdate())
    answer = search(Question("甲烷"))
    assert set(ids(answer)[:2]) == {valid.pk, last_day.pk}
    assert set(ids(answer)[2:]) == {abolished.pk, void.pk, over.pk}
    hits = {hit.page.pk: hit for hit in answer.hits}
    assert {pk: hit.valid for pk, hit in hits.items()} == {
        abolished.pk: False,
        void.pk: False,
        over.pk: False,
        valid.pk: True,
        last_day.pk: True,
    }
    assert hits[abolished.pk].status == "abolished"
    assert hits[over.pk].status == "void"
    assert all(hit.status_label for hit in answer.hits)
    # The exact title was asked for: it is the answer, ended or not.
    assert ids(search(Question("甲烷补贴办法")))[0] == abolished.pk


def test_the_exact_number_stands_first_though_it_ended(add):
    ended = add("甲办法", document_number="晋政发〔2023〕12号", validity="abolished")
    newer = add("乙办法", "废止晋政发〔2023〕12号。")
    assert ids(search(Question("晋政发〔2023〕12号")))[0] == ended.pk
    assert set(ids(search(Question("晋政发〔2023〕12号")))) == {ended.pk, newer.pk}


def test_a_policy_ends_with_its_last_day(add, indexed, monkeypatch):
    """Nobody saves the page when its time is over: housekeeping has it indexed anew."""
    today = timezone.localdate()
    ends = add("甲烷补贴办法", "甲烷", in_force_until=today)
    goes_on = add("其他", "对甲烷的补贴。")
    assert ids(search(Question("甲烷"))) == [ends.pk, goes_on.pk]
    monkeypatch.setattr(timezone, "localdate", lambda *args: today + timedelta(days=1))
    assert index_expired() == 1
    indexed()
    answer = search(Question("甲烷"))
    assert ids(answer) == [goes_on.pk, ends.pk]
    assert [hit.valid for hit in answer.hits] == [True, False]
    [status] = [facet for facet in answer.facets if facet.name == "status"]
    assert {c.code: c.count for c in status.choices} == {"in_force": 1, "void": 1}
    assert ids(search(Question("甲烷", filters={"status": ("void",)}))) == [ends.pk]


# --- Attachments and promoted results -------------------------------------------------------


def test_attachments_are_found_by_their_text(
    add, home, indexed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        file = CustomDocument.objects.create(
            title="申报指南 & 表", file=ContentFile("甲烷申报材料清单".encode(), name="guide.txt")
        )
    items = [{"type": "item", "id": "f1", "value": {"document": file.pk, "note": ""}}]
    page = StandardPage(title="带附件的页", slug="with-file", summary="一句话")
    page.body = StandardPage._meta.get_field("body").to_python(
        [{"type": "text", "value": "<p>另有说明</p>"}, {"type": "documents", "value": items}]
    )
    with django_capture_on_commit_callbacks(execute=True):
        home.add_child(instance=page)
    indexed()
    [hit] = search(Question("甲烷")).hits
    assert hit.page.pk == page.pk
    assert hit.attachment == "申报指南 & 表"
    assert "<mark>甲烷</mark>申报材料清单" in hit.snippet
    [hit] = [one for one in search(Question("另有说明")).hits if one.page.pk == page.pk]
    assert hit.attachment == ""


def test_invisible_signs_in_a_text_make_no_attachment(add):
    add("甲办法", "检查甲烷。", summary="前\u2060言，\u2061说明")
    [hit] = search(Question("甲烷")).hits
    assert hit.attachment == ""
    assert "检查<mark>甲烷</mark>" in hit.snippet


def test_promoted_results(add, client):
    page = add("甲烷补贴", "甲烷")
    other = add("其他通知", "没有那个词", summary="一句话")
    SearchPromotion.objects.create(
        query=Query.get("甲烷"), page_id=other.pk, sort_order=0, description="先看这里 & 甲烷"
    )
    SearchPromotion.objects.create(query=Query.get("甲烷"), page_id=page.pk, sort_order=1)
    answer = search(Question("甲烷"))
    assert [hit.page.pk for hit in answer.promoted] == [other.pk, page.pk]
    assert all(hit.promoted for hit in answer.promoted)
    assert "先看这里 &amp; <mark>甲烷</mark>" in answer.promoted[0].snippet
    assert ids(answer) == []
    assert answer.total == 2  # the promoted one that has not the word, and the other once
    text = client.get("/search/", {"q": "甲烷"}).content.decode()
    assert text.count(f'href="{page.url}"') == 1


def test_promoted_page_is_not_repeated_on_later_pages(db):
    last = search(Question("企业", per_page=5, page=2)).hits[0].page
    SearchPromotion.objects.create(query=Query.get("企业"), page_id=last.pk)
    first, second = (search(Question("企业", per_page=5, page=n)) for n in (1, 2))
    assert [hit.page.pk for hit in first.promoted] == [last.pk]
    assert second.promoted == []
    assert last.pk not in ids(first) + ids(second)


# --- Odd queries ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query[:24]))
def test_odd_queries_are_answered(db, query):
    for literal in (False, True):
        answer = search(Question(query[:100], literal=literal))
        assert len(answer.hits) == min(answer.total, 20)
        assert all(MARKED.fullmatch(hit.title + hit.snippet) for hit in answer.hits)
    assert isinstance(suggest(query, "zh-hans"), list)


@pytest.mark.parametrize("query", ["长" * 10_000, "word " * 3_000, "a" * 10_000, "长治市 " * 3_000])
def test_long_queries_as_they_are(db, query):
    """The page cuts what is typed; nothing breaks where nobody did."""
    answer = search(Question(query))
    assert len(answer.hits) <= 20


@pytest.mark.parametrize(
    "filters",
    [
        {"year": ("\0", "'", "%")},
        {"kind": ("\ud800",)},
        {"level": ("",)},
        {"topic": ()},
        {"issuer": ("长" * 300,)},
    ],
)
def test_odd_filters(db, filters):
    assert search(Question("企业", filters=filters)).hits == [] or not any(filters.values())


def test_the_vocabulary_made_anew_changes_no_answer(db):
    before = {query: ids(search(Question(query))) for query in ("招商", "补贴", "公司法")}
    vocabulary.rebuild()
    assert {query: ids(search(Question(query))) for query in before} == before
