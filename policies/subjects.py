"""Subject categories (主题分类): a vocabulary that editors are offered and readers filter by.

The groups and their words are those of the State Council's classification of documents (国务院公文主题分类,
as on the State Council's policy library), a group's name cut at 、; what stands in `NARROWER` are this
library's own words below them, for what investors look for.
"""

import re
from collections.abc import Iterable

from django import forms
from django.utils.html import format_html, format_html_join

GROUPS = (
    "综合政务",
    "国民经济管理、国有资产监管",
    "财政、金融、审计",
    "国土资源、能源",
    "农业、林业、水利",
    "工业、交通",
    "商贸、海关、旅游",
    "市场监管、安全生产监管",
    "城乡建设、环境保护",
    "科技、教育",
    "文化、广电、新闻出版",
    "卫生、体育",
    "人口与计划生育、妇女儿童工作",
    "劳动、人事、监察",
    "公安、安全、司法",
    "民政、扶贫、救灾",
    "民族、宗教",
    "对外事务",
    "港澳台侨工作",
    "国防",
    "其他",
)
NARROWER = {
    "综合政务": ("政务公开", "营商环境"),
    "国民经济管理、国有资产监管": ("投资项目管理", "公司制度", "中小企业"),
    "财政、金融、审计": ("税收",),
    "国土资源、能源": ("土地与规划", "煤炭"),
    "工业、交通": ("资源循环利用", "数据与个人信息"),
    "商贸、海关、旅游": ("外商投资", "招商引资"),
    "市场监管、安全生产监管": ("公平竞争", "市场主体登记", "知识产权", "安全生产", "医药"),
    "城乡建设、环境保护": ("生态环境",),
    "科技、教育": ("科技创新",),
    "劳动、人事、监察": ("劳动用工",),
    "民政、扶贫、救灾": ("社会服务",),
}
# {group: its words}, the group's own first.
VOCABULARY = {group: (*group.split("、"), *NARROWER.get(group, ())) for group in GROUPS}
WORDS = frozenset(word for words in VOCABULARY.values() for word in words)


def group_of(word: str) -> str:
    """The group that a subject belongs to; "" for a word that is not in the vocabulary."""
    return next((group for group, words in VOCABULARY.items() if word in words), "")


def unknown(words: Iterable[str]) -> list[str]:
    """The words that are not in the vocabulary."""
    return [word for word in words if word not in WORDS]


def joined(separators: re.Pattern, text: str) -> str:
    """The parts of a text with 、 between them, each once."""
    parts = (" ".join(part.split()) for part in separators.split(text))
    return "、".join(dict.fromkeys(part for part in parts if part))


class SubjectInput(forms.TextInput):
    """A field of text that offers the vocabulary."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = {**(attrs or {}), "list": f"{name}-words"}
        options = format_html_join(
            "",
            '<option value="{}">{}</option>',
            ((word, group) for group, words in VOCABULARY.items() for word in words),
        )
        field = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}-words">{}</datalist>', field, name, options)
