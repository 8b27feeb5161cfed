"""What a query asks for: words, synonyms, weights, and which of them are enough."""

from itertools import combinations
from os.path import commonprefix

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import state
from search.analysis import asked_tokens, stem, token_text
from search.models import Term, TermGroup
from search.plan import Plan, Word
from search.ranking import places_of
from search.reading import make
from search.state import Synonyms, current
from search.terms_admin import terms_changed
from search.words import delivered


@pytest.fixture
def plan_of(db):
    """The plan of a query, with as many documents as the site may have."""

    def read(query: str, total: int = 200, **options) -> Plan:
        return make(query, current(), total, **options)

    return read


@pytest.fixture
def editor(client, make_user):
    client.force_login(make_user("Publishers"))
    return client


@pytest.fixture
def group(db):
    def add(*words: str, kind: str = "synonyms", active: bool = True) -> TermGroup:
        made = TermGroup.objects.create(kind=kind, terms="\n".join(words), active=active)
        terms_changed()
        return made

    return add


def words_of(plan: Plan) -> list[str]:
    return [word.text for word in plan.words]


def called(plan: Plan) -> set[str]:
    """Everything that the words of the plan may be called."""
    return {text for word in plan.words for text in word.alternatives}


# --- What is enough -------------------------------------------------------------------------


@st.composite
def plans(draw) -> Plan:
    words = [
        Word(
            f"词{number}",
            [f"词{number}"],
            weight=draw(st.integers(30, 1200)) / 100,
            documents=draw(st.sampled_from([0, 1, 50])),
            common=draw(st.booleans()),
            weak=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 10)))
    ]
    return Plan(
        "".join(word.text for word in words),
        words,
        share=draw(st.sampled_from([0.05, 0.2, 0.4, 0.5, 1.0])),
        spoken=draw(st.booleans()),
    )


@pytest.mark.engine_free
class TestEnough:
    @given(plans())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_sums_and_sets_say_the_same(self, plan):
        """The engines in the database add weights, Elasticsearch is given sets of words."""
        count = len(plan.deciding)
        wanted = [set(chosen) for chosen in plan.combinations]
        for size in range(count + 1):
            for present in combinations(range(count), size):
                added = sum(plan.measures[i] for i in present) >= plan.enough - 1e-6
                assert added == any(chosen <= set(present) for chosen in wanted)

    @given(plans())
    @settings(max_examples=60, deadline=None)
    def test_no_set_holds_another(self, plan):
        for first, second in combinations(plan.combinations, 2):
            assert not set(first) <= set(second)
            assert not set(second) <= set(first)

    @given(plans())
    @settings(max_examples=60, deadline=None)
    def test_everything_is_enough_and_nothing_is_not(self, plan):
        assert sum(plan.measures) >= plan.enough - 1e-9
        assert plan.enough > 0
        assert all(chosen for chosen in plan.combinations)

    def test_two_words_are_both_needed(self):
        plan = Plan("", [Word("招商", ["招商"], 3.0, 5), Word("补贴", ["补贴"], 1.0, 50)])
        assert plan.combinations == [(0, 1)]
        assert plan.heavy == []

    def test_of_more_words_some_are_enough(self):
        plan = Plan("", [Word(text, [text], 2.0, 9) for text in ("甲乙", "丙丁", "戊己", "庚辛")])
        assert {len(chosen) for chosen in plan.combinations} == {2}

    def test_a_number_decides_alone(self):
        plan = Plan("", [Word("晋政发", ["晋政发"], agency=True)], numbers=["no2023n12"])
        assert plan.deciding == []

    def test_an_empty_plan_asks_for_nothing(self):
        assert Plan("").is_empty
        assert Plan("").absent == []


# --- Words ----------------------------------------------------------------------------------


def test_a_sentence_is_cut_into_words(plan_of):
    assert words_of(plan_of("中小企业申请补贴")) == ["中小企业", "申请", "补贴"]


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "query", ["", "  ", "\0", "。，！", "🏭🏭", '"', '""', "“”", "\ud800", "\\"]
)
def test_nothing_asked(plan_of, query):
    assert plan_of(query).is_empty


def test_stop_words_say_nothing(plan_of):
    assert words_of(plan_of("什么是科创飞地")) == ["科创飞地"]
    assert words_of(plan_of("如何申请补贴")) == words_of(plan_of("申请补贴"))


def test_nothing_but_stop_words_is_meant(plan_of):
    assert words_of(plan_of("如何")) == ["如何"]
    assert not plan_of("的").is_empty


def test_weak_words_weigh_less_beside_others(plan_of):
    assert "政策" in delivered().weak
    Term.objects.filter(text__in=["担保", "政策"]).delete()
    Term.objects.create(text="担保", documents=20)
    Term.objects.create(text="政策", documents=20)
    words = {word.text: word for word in plan_of("担保 政策").words}
    assert words["政策"].weight < words["担保"].weight
    assert [word.text for word in plan_of("担保 政策").deciding] == ["担保"]
    assert [word.text for word in plan_of("政策").deciding] == ["政策"]


def test_rare_words_weigh_more(plan_of):
    Term.objects.filter(text__in=["担保", "窑炉"]).delete()
    Term.objects.create(text="担保", documents=50)
    Term.objects.create(text="窑炉", documents=3)
    words = {word.text: word.weight for word in plan_of("窑炉 担保").words}
    assert words["窑炉"] > words["担保"]


@pytest.mark.engine_free
@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "「{}」", "『{}』", "”{}“"])
def test_quotes_keep_words_together(plan_of, quotes):
    [word] = plan_of(quotes.format("中小企业融资")).words
    assert word.text == "中小企业融资"
    assert word.exact
    assert word.alternatives == ["中小企业融资"]


def test_quotes_beside_words(plan_of):
    plan = plan_of('"融资担保" 招标投标')
    assert plan.words[0].exact
    assert "招标投标" in words_of(plan)


@pytest.mark.engine_free
@pytest.mark.parametrize("query", ["“", '招商"', "“招商", '"。"', '""招商""'])
def test_halves_of_quotes(plan_of, query):
    assert all(word.text.strip() for word in plan_of(query).words)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "query", ["劳动合同法第47条", "劳动合同法第４７条", "勞動合同法第47條", "劳动合同法第四十七条"]
)
def test_articles_by_their_numerals(plan_of, query):
    plan = plan_of(query)
    assert [word.text for word in plan.words if word.article] == ["第四十七条"]
    assert "劳动合同" in called(plan)


def test_document_numbers(plan_of):
    plan = plan_of("晋政发[2023]12号")
    assert plan.numbers == ["no2023n12"]
    assert [word.text for word in plan.words] == ["晋政发"]
    assert plan_of("（2023）12").numbers == ["no2023n12"]
    assert not plan_of("（2023）12").is_empty


def test_number_and_words(plan_of):
    plan = plan_of("国务院令第658号 信息公开")
    assert plan.numbers == ["order658"]
    assert "信息公开" in "".join(words_of(plan))


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("query", "place", "province"),
    [
        ("长治市招商", "长治市", "山西省"),
        ("长治招商", "长治市", "山西省"),
        ("山西省条例", "山西省", "山西省"),
        ("Shanxi regulations", "山西省", "山西省"),
        ("Changzhi policies", "长治市", "山西省"),
    ],
)
def test_places(plan_of, query, place, province):
    found = plan_of(query).place
    assert found
    assert (found.name, found.province) == (place, province)


def test_a_place_does_not_decide(plan_of):
    assert "长治" not in [word.text for word in plan_of("长治招商").deciding]
    assert [word.text for word in plan_of("长治").deciding] == ["长治"]


def test_many_words_are_cut_off(plan_of):
    plan = plan_of(" ".join(f"word{n}x" for n in range(500)))
    assert len(plan.words) == 16
    assert len(plan.deciding) == 8
    assert plan.combinations


# --- English --------------------------------------------------------------------------------


@pytest.mark.engine_free
def test_english_stop_words(plan_of):
    assert words_of(plan_of("the foreign investment in China")) == words_of(
        plan_of("foreign investment China")
    )
    assert words_of(plan_of("the")) == ["the"]


@pytest.mark.engine_free
def test_english_terms_find_chinese(plan_of):
    assert "外商投资法" in called(plan_of("foreign investment law"))
    assert "中小企业" in called(plan_of("SMEs")) | called(plan_of("small and medium enterprises"))
    assert called(plan_of("Foreign Investment Laws")) >= {"外商投资法"}


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("policy", "a policy and its policies", ["policy", "policies"]),
        ("policies", "a policy and its policies", ["policy", "policies"]),
        ("investing", "investment, invested, investor", ["investment", "invested"]),
        ("art", "the article of art", ["art"]),
        ("car", "care of a car, cargo", ["car"]),
        ("5g", "建设5g基站", ["5g"]),
        ("r&d", "r&d 中心", ["r&d"]),
        ("small business", "small businesses; small-business; smaller business",
         ["small businesses", "small-business"]),
        ("people congress", "the people's congress", ["people's congress"]),
        ("gdp", "gdp增长", ["gdp"]),
    ],
)  # fmt: skip
def test_places_of_english_words(asked, text, found):
    spans = places_of(Word(asked, [asked]), text)
    assert [text[start:end] for start, end in spans] == found


@pytest.mark.engine_free
def test_every_english_word_of_the_site_is_found_where_it_stands(db):
    terms = Term.objects.filter(pinyin="").values_list("text", flat=True)
    words = [text for text in terms if text.isascii()]
    assert len(words) > 100
    # Words are found by what their stem shares with them: some of every way in which it departs.
    alike: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words):
        shared = commonprefix([word, stem(word)])
        alike.setdefault((word[len(shared) :], stem(word)[len(shared) :]), []).append(word)
    words = [word for some in alike.values() for word in some[:: max(1, len(some) // 20)]]
    assert [word for word in words if places_of(Word(word, [word]), word) != [(0, len(word))]] == []


# --- Synonyms -------------------------------------------------------------------------------


def test_delivered_synonyms(plan_of):
    assert "招标投标" in called(plan_of("招投标"))
    assert "招投标" in called(plan_of("招标投标"))


def test_synonyms_both_ways(plan_of, group):
    group("甲烷罐", "沼气桶")
    assert called(plan_of("甲烷罐")) == {"甲烷罐", "沼气桶"}
    assert called(plan_of("沼气桶")) == {"甲烷罐", "沼气桶"}
    assert "沼气桶" in called(plan_of("购买甲烷罐补贴"))


@pytest.mark.engine_free
def test_one_way(plan_of, group):
    group("甲烷罐", "沼气桶", "沼气池", kind="one_way")
    assert called(plan_of("甲烷罐")) == {"甲烷罐", "沼气桶", "沼气池"}
    assert "甲烷罐" not in called(plan_of("沼气桶"))
    assert "沼气池" not in called(plan_of("沼气桶"))


@pytest.mark.engine_free
def test_bilingual_finds_chinese_and_not_the_other_way(plan_of, group):
    group("gasworks barrel", "沼气桶", kind="bilingual")
    assert called(plan_of("gasworks barrels")) == {"gasworks barrels", "沼气桶"}
    assert "gasworks barrel" not in called(plan_of("沼气桶"))


@pytest.mark.engine_free
def test_bilingual_gives_the_english_for_pages_in_english(group):
    group("gasworks barrel", "沼气桶", kind="bilingual")
    assert "gasworks barrel" in state.synonyms(current()).in_english["沼气桶"]


@pytest.mark.engine_free
def test_switched_off_groups_find_nothing(plan_of, group):
    made = group("甲烷罐", "沼气桶")
    assert "沼气桶" in called(plan_of("甲烷罐"))
    made.active = False
    made.save()
    terms_changed()
    assert "沼气桶" not in called(plan_of("甲烷罐"))


@pytest.mark.engine_free
def test_traditional_and_wide_spelling_in_a_group(plan_of, group):
    group("轉化罐", "ＡＢＣ桶")
    assert "abc桶" in called(plan_of("转化罐"))
    assert "abc桶" in called(plan_of("轉化罐"))


@pytest.mark.engine_free
def test_synonyms_that_a_dictionary_would_cut(plan_of, group):
    group("上党大飞碟", "飞地基地")
    assert words_of(plan_of("上党大飞碟补贴"))[0] == "上党大飞碟"


def test_editor_changes_a_group_and_it_works_at_once(plan_of, editor):
    assert called(plan_of("甲烷罐")) & {"沼气桶", "沼气池"} == set()
    fields = {"kind": "synonyms", "terms": "甲烷罐\n沼气桶", "active": "on", "note": ""}
    editor.post("/admin/synonyms/new/", fields)
    made = TermGroup.objects.get(terms__contains="甲烷罐")
    assert "沼气桶" in called(plan_of("甲烷罐"))
    editor.post(f"/admin/synonyms/edit/{made.pk}/", {**fields, "terms": "甲烷罐\n沼气池"})
    assert called(plan_of("甲烷罐")) & {"沼气桶", "沼气池"} == {"沼气池"}
    editor.post(f"/admin/synonyms/delete/{made.pk}/")
    assert called(plan_of("甲烷罐")) & {"沼气桶", "沼气池"} == set()


def test_loading_the_delivered_terms_again_changes_nothing(plan_of):
    before = called(plan_of("招投标"))
    call_command("load_terms", verbosity=0)
    assert called(plan_of("招投标")) == before


@pytest.mark.engine_free
@given(
    # Few examples of many groups: each loads a dictionary.
    st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=15),
    st.sampled_from(TermGroup.Kind),
)
@settings(max_examples=8, deadline=None)
def test_any_group_can_be_read(groups, kind):
    known = Synonyms.of((kind, words) for words in groups)
    assert known.longest >= 1


@pytest.mark.engine_free
def test_the_rule_of_a_match_on_real_tokens():
    """A word is present where all tokens of one of its names are."""
    word = Word("招投标", ["招投标", "招标投标"])
    there = [
        set(token_text(text).split()) for text in ("招标投标法", "招投标", "投标", "招投、投标")
    ]
    present = [any(set(tokens) <= text for tokens in word.tokens) for text in there]
    assert np.array_equal(present, [True, True, False, True])
    assert word.tokens == [asked_tokens("招投标"), asked_tokens("招标投标")]
