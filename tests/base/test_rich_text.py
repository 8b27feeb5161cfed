"""The quick way to the words of rich text gives what Wagtail gives."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wagtail.rich_text import get_text_for_indexing

from base.rich_text import PLAIN, plain_text

pytestmark = pytest.mark.engine_free

PIECES = [
    "<p>", "</p>", "<p data-block-key='k1'>", "<br/>", "<br />", "<hr/>", "<h3>", "</h3>", "</H3>", "<li>", "</li>",
    '<a linktype="page" id="3">', '<a href="https://x.cn/?a=1&amp;b=2">', "</a>", "<b>", "</b>", "&amp;", "&lt;",
    "&nbsp;", "&#8212;", "&#x2014;", "&amp", "AT&T", "&", "<", ">", "</", "/>", "<3", "<!-- x -->", "<!", "<?x?>",
    "<script>", "</script>", "<style>", "<title>", "<textarea>", "<plaintext>", "<p/>", "<p\n>", "<p\x00>", '<a b=">">',
    "文字", " ", "\n", "　", "a", "1", ";", "#", "=", '"', "'", "-", "!", "/", "\x00", "]]>", "<![CDATA[",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example('<p data-block-key="k">第一条　为了<b>规范</b></p><ul><li>甲&amp;乙</li></ul>')
@example("<p>a</p><script>1 < 2</script>")
def test_words_are_those_that_wagtail_finds(html):
    assert plain_text(html) == get_text_for_indexing(html)


@given(st.text(alphabet="<>&;/ abp\"'=#x1\n\x00-!", max_size=30))
def test_words_of_any_signs_are_those_that_wagtail_finds(html):
    assert plain_text(html) == get_text_for_indexing(html)


def test_what_editors_write_goes_the_quick_way():
    html = (
        '<p data-block-key="ab1">支持<a href="https://www.gov.cn/?a=1&amp;b=2">企业</a>&nbsp;，甲&lt;乙。</p>'
        '<ul><li data-block-key="x">其一<br/>其二</li></ul>'
    )
    assert PLAIN.fullmatch(html)
    assert plain_text(html) == "支持企业\xa0，甲<乙。 其一 其二"
    assert not PLAIN.fullmatch("AT&T") and plain_text("AT&T") == get_text_for_indexing("AT&T")
