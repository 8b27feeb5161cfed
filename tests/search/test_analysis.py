"""One reading of Chinese and English: what is indexed has whatever is asked for."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search import document_numbers
from search.analysis import (
    HAN_RUN,
    NORMAL,
    asked_tokens,
    is_han,
    lower,
    normalise,
    pairs,
    stem,
    token_text,
    tokens,
)
from search.reading import in_characters
from search.sounds import initials, pinyin, sound_tokens, syllables

pytestmark = pytest.mark.engine_free

# Anything that Python calls a text: lone surrogates and all planes included.
ANYTHING = st.text(
    st.one_of(
        st.characters(categories=None),
        st.sampled_from("İıſßΣςﬁ\u0301\u200d\ufeff\xad\0\r\n\t〇々㐀豈𠀀𪛖🏭〔［（１２号Ａａ"),
    ),
    max_size=60,
)
HAN = st.text(
    st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("〇々㐀䶿豈𠀀𪛖𫝀招商引资轉發體"),
    ),
    min_size=1,
    max_size=24,
)
FILLING = st.text(st.sampled_from("。，、 \n（）〔〕0123年号abcR&D-'s第"), max_size=8)


class TestNormal:
    @given(ANYTHING)
    @example("İSTANBUL 科創 ΑΣ")
    @example("\ud800招商\udfff")
    @example("e\u0301 ﬁ ß")
    def test_keep_the_length(self, text):
        assert len(normalise(text)) == len(text)
        assert len(lower(text)) == len(text)
        assert len(lower(normalise(text))) == len(text)

    @given(ANYTHING)
    def test_again_changes_nothing(self, text):
        once = lower(normalise(text))
        assert lower(normalise(once)) == once

    @given(ANYTHING)
    def test_nothing_that_a_database_refuses(self, text):
        once = normalise(text)
        assert "\0" not in once
        once.encode()

    def test_every_character_becomes_one(self):
        assert {len(new) for new in NORMAL.values()} == {1}

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("科技成果轉化", "科技成果转化"),
            ("長治市上黨區", "长治市上党区"),
            ("中小企業促進法", "中小企业促进法"),
            ("ＡＢＣ１２３", "ABC123"),
            ("晋政发〔２０２３〕１２号", "晋政发〔2023〕12号"),
            ("招\u3000商", "招 商"),
            ("招\0商", "招 商"),
            ("R&D", "R&D"),
        ],
    )
    def test_traditional_and_wide(self, written, read):
        assert normalise(written) == read

    def test_simplified_stays(self):
        text = "乾隆 干部 后来 皇后 面粉 里面 公里 发展 头发"
        assert normalise(text).replace("干隆", "乾隆") == text


class TestTokens:
    @given(st.lists(st.tuples(HAN, FILLING), min_size=1, max_size=5), st.data())
    def test_every_part_of_a_run_is_found(self, pieces, data):
        text = "".join(run + filling for run, filling in pieces)
        read = normalise(text)
        run = data.draw(st.sampled_from(HAN_RUN.findall(read)))
        start = data.draw(st.integers(0, len(run) - 1))
        end = data.draw(st.integers(start + 1, len(run)))
        there = set(tokens(read))
        for wanted in asked_tokens(lower(run[start:end])):
            if wanted.endswith("*"):
                assert any(token.startswith(wanted[:-1]) for token in there)
            else:
                assert wanted in there

    def test_a_word_inside_a_sentence(self):
        there = set(tokens("上党区招商引资政策汇编"))
        assert asked_tokens("招商") == ["招商"]
        assert {"招商", "区招", "商引"} <= there
        assert asked_tokens("科创飞地") == ["科创", "创飞", "飞地"]
        assert asked_tokens("氢") == ["氢*"]

    def test_last_character_of_a_run_is_found(self):
        assert "债" in tokens("国债。")
        assert "债" in tokens("债")

    def test_pairs_do_not_reach_over_a_sign(self):
        assert "资政" not in tokens("招商引资，政策")

    def test_runs_of_one_script_do_not_hide_each_other(self):
        assert {"5g", "基站"} <= set(tokens("5G基站"))
        assert {"基站", "5g"} <= set(tokens("基站5G"))

    @pytest.mark.parametrize(
        ("asked", "written"),
        [
            ("policy", "Policies"),
            ("policies", "policy"),
            ("investments", "investing"),
            ("enterprise", "Enterprises"),
            ("subsidy", "subsidies"),
            ("China", "China's"),
            ("R&D", "r&d"),
            ("e-commerce", "E-Commerce"),
            ("sci-tech", "Sci-tech"),
        ],
    )
    def test_english_by_stems(self, asked, written):
        wanted = asked_tokens(lower(normalise(asked)))
        assert wanted
        assert set(wanted) <= set(tokens(normalise(written)))

    def test_stems_of_english_only(self):
        assert stem("policies") == stem("policy")
        assert stem("café") == "café"
        assert stem("2023") == "2023"

    @given(ANYTHING)
    def test_tokens_are_words_without_blanks(self, text):
        read = normalise(text)
        for token in tokens(read):
            assert token
            assert len(token) <= 40
            assert not set(token) & set(" \n\t\0'\"*\\")
        assert token_text(read).split() == list(dict.fromkeys(tokens(read)))

    @given(ANYTHING)
    def test_asked_for_is_what_is_there(self, text):
        read = lower(normalise(text))
        there = set(tokens(read))
        for wanted in asked_tokens(read):
            assert wanted in there or any(token.startswith(wanted.rstrip("*")) for token in there)

    def test_short_answers(self):
        assert pairs("") == pairs("上") == []
        assert tokens("") == []
        assert asked_tokens("。，！🏭") == []
        assert not is_han("")
        assert is_han("上党")
        assert not is_han("上党 区")


class TestDocumentNumbers:
    @pytest.mark.parametrize(
        "written",
        [
            "晋政发〔2023〕12号",
            "晋政发[2023]12号",
            "晋政发［2023］12号",
            "晋政发（2023）12号",
            "晋政发(2023)12号",
            "晋政发【2023】12号",
            "晋政发﹝2023﹞12号",
            "晋政发〔２０２３〕１２号",
            "晋政发〔2023〕第12号",
            "晋政发 〔 2023 〕 12 号",
            "晋政发〔2023〕012号",
            "（2023）12",
            "[2023]12号",
            "〔2023〕 12",
            "晉政發〔2023〕12號",
        ],
    )
    def test_one_form_for_every_bracket(self, written):
        assert document_numbers.tokens(normalise(written)) == ["no2023n12"]
        assert "no2023n12" in tokens(normalise(f"根据{written}文件精神"))

    @pytest.mark.parametrize(
        "written",
        [
            "国务院令第658号",
            "国务院令658号",
            "国务院令 第 658 号",
            "令2014年第658号",
            "国务院令第６５８号",
        ],
    )
    def test_orders(self, written):
        assert document_numbers.tokens(normalise(written)) == ["order658"]

    @pytest.mark.parametrize(
        "written",
        ["晋政发〔2023〕13号", "晋政发〔2022〕12号", "晋政发〔2023〕1号", "晋政发〔2023〕120号"],
    )
    def test_others_are_others(self, written):
        assert document_numbers.tokens(written) != ["no2023n12"]

    @pytest.mark.parametrize(
        "written", ["（2020年修订）", "（试行）", "2023年12月", "第12号楼", ""]
    )
    def test_no_numbers(self, written):
        assert document_numbers.tokens(written) == []

    def test_the_agency(self):
        text = "根据 晋政发〔2023〕12号"
        [(_token, start, end)] = document_numbers.forms(text)
        assert document_numbers.agency(text, start) == "晋政发"
        assert text[start:end] == "〔2023〕12号"

    @given(ANYTHING)
    def test_any_text(self, text):
        for token, start, end in document_numbers.forms(normalise(text)):
            assert token
            assert start < end <= len(text)


def _spoken(number: int) -> str:
    """The number as statutes write it, made digit by digit with every zero, then shortened."""
    digits = "零一二三四五六七八九"
    text = "".join(
        digits[int(d)] + (unit if d != "0" else "")
        for d, unit in zip(f"{number:04d}", ["千", "百", "十", ""], strict=True)
    )
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.strip("零")
    return text[1:] if text.startswith("一十") else text


def test_numerals():
    assert {n: in_characters(n) for n in range(1, 10000)} == {
        n: _spoken(n) for n in range(1, 10000)
    }
    assert in_characters(47) == "四十七"
    assert in_characters(10) == "十"
    assert in_characters(110) == "一百一十"
    assert in_characters(1001) == "一千零一"


class TestSounds:
    @pytest.mark.parametrize(
        ("word", "sound", "letters"),
        [
            ("长治", "changzhi", "cz"),
            ("长治市", "changzhishi", "czs"),
            ("长子县", "zhangzixian", "zzx"),
            ("屯留", "tunliu", "tl"),
            ("科创飞地", "kechuangfeidi", "kcfd"),
            ("上党", "shangdang", "sd"),
            ("银行", "yinhang", "yh"),
            ("女企业家", "nvqiyejia", "nqyj"),
        ],
    )
    def test_pinyin(self, word, sound, letters):
        assert pinyin(word) == sound
        assert initials(word) == letters

    def test_in_a_longer_name(self):
        assert pinyin("长治市上党区人民政府").startswith("changzhishishangdang")
        assert any(t.startswith("changzhi") for t in sound_tokens("山西长治经济").split())

    def test_only_chinese_sounds(self):
        assert pinyin("R&D中心") == ""
        assert initials("") == ""
        assert syllables("5G基站")[1:] == ("ji", "zhan")

    @given(ANYTHING)
    @settings(max_examples=50, deadline=None)
    def test_any_title_has_tokens_without_blanks(self, text):
        for token in sound_tokens(normalise(text)).split(" "):
            assert len(token) <= 40
            assert "\n" not in token
