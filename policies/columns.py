"""What of a policy goes out of the site and comes in: one table for import, export and the API.

A column whose field the model does not have (yet) is left out everywhere.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from policies.choices import RelationKind
from policies.models import PolicyPage

TEXT, DATE, CHOICE, YES_NO, BODY, KEY = "text", "date", "choice", "yes_no", "body", "key"
# Documents that this one points to, by their numbers; the name of the column is the kind of relation.
RELATION = "relation"


@dataclass(frozen=True)
class Column:
    """One column. `name` is its name in files for programs and, but for the keys, the model's field.

    `aliases` are further names that files from elsewhere have; `words` further ways to write a
    choice: {code: words}. `imported` is False for what only goes out; `hint` explains it to who fills
    in a file. `multiline`: new lines are kept.
    """

    name: str
    label: str | Promise
    kind: str = TEXT
    width: int = 18
    aliases: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hint: str | Promise = ""
    imported: bool = True
    multiline: bool = False

    @property
    def field(self) -> models.Field | None:
        """The field of the model; None for the keys and what is computed."""
        if self.kind in (KEY, RELATION):
            return None
        try:
            return PolicyPage._meta.get_field(self.name)
        except FieldDoesNotExist:
            return None

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.field.choices or []) if self.kind == CHOICE else []

    @property
    def names(self) -> set[str]:
        """Every heading that stands for this column, in all languages of the site."""
        labels = set()
        for code in settings.LANGUAGE_CODES:
            with translation.override(code):
                labels.add(str(self.label))
        return {self.name, *labels, *self.aliases}


LEVEL_WORDS = (
    ("nation", ("国家级", "中央", "national", "state")),
    ("province", ("省级", "省（区、市）", "provincial")),
    ("city", ("市级", "设区的市", "municipal")),
    ("district", ("区级", "县级", "区县", "县", "county")),
    ("park", ("园区级", "开发区", "development zone")),
)
VALIDITY_WORDS = (
    ("in_force", ("现行有效", "有效", "施行中", "valid")),
    ("void", ("已失效", "invalid", "expired")),
    ("abolished", ("已废止", "repealed")),
    ("amended", ("已被修改", "已修订", "修改")),
    ("partly_void", ("部分有效",)),
    ("draft", ("草案", "draft")),
)
DISCLOSURE_WORDS = (("on_request", ("依申请",)), ("proactive", ("主动",)))
RELATION_HINT = _(
    "Document numbers of the library, or of rows above, with 、 between them. They replace those that "
    "the policy has."
)
EMPTY_HINT = _("A date such as 2023-07-17, 2023/7/17 or 2023年7月17日.")

ALL: tuple[Column, ...] = (
    Column(
        "id",
        _("Number here"),
        KEY,
        38,
        ("编号", "标识", "uuid"),
        hint=_("What this site calls the policy by; leave it empty for a new one."),
    ),
    Column(
        "source_id",
        _("Number at the source"),
        KEY,
        24,
        ("来源编号", "原编号"),
        hint=_("What the file's origin calls it: a second import finds the same policy by it."),
    ),
    Column(
        "title",
        _("Title"),
        width=50,
        aliases=("名称", "文件名称", "文件标题", "政策名称", "name"),
        hint=_("Required. Up to 255 characters."),
    ),
    Column(
        "level",
        _("Level"),
        CHOICE,
        10,
        ("政策层级", "级别"),
        LEVEL_WORDS,
        hint=_("Required. One of the list."),
    ),
    Column("place_name", _("Place"), width=18, aliases=("地区", "适用地区", "place", "region")),
    Column(
        "issuing_body",
        _("Issued by"),
        width=30,
        aliases=("发文机关", "发布机关", "发布机构", "发布单位", "制定机关", "issuer"),
        hint=_("Several with 、 between them."),
    ),
    Column(
        "document_number",
        _("Document number"),
        width=22,
        aliases=("文号", "发文字号", "文件号"),
        hint=_("Such as 晋政发〔2023〕12号. The policy is known by it."),
    ),
    Column("index_number", _("Index number"), width=22, aliases=("索引号",)),
    Column(
        "subject", _("Subject category"), width=22, aliases=("主题", "分类", "类别", "category")
    ),
    Column("adopted_on", _("Formed on"), DATE, 13, ("成文时间", "制定日期"), hint=EMPTY_HINT),
    Column(
        "published_on",
        _("Published on"),
        DATE,
        13,
        ("发布时间", "公布日期", "promulgated_on"),
        hint=EMPTY_HINT,
    ),
    Column(
        "in_force_from",
        _("In force from"),
        DATE,
        13,
        ("施行时间", "生效日期", "实施日期"),
        hint=EMPTY_HINT,
    ),
    Column(
        "in_force_until", _("In force until"), DATE, 13, ("有效期至", "失效日期"), hint=EMPTY_HINT
    ),
    Column(
        "validity",
        _("Validity"),
        CHOICE,
        13,
        ("时效性", "状态", "效力"),
        VALIDITY_WORDS,
        hint=_("One of the list; empty: in force."),
    ),
    Column(
        "disclosure",
        _("Disclosure"),
        CHOICE,
        13,
        ("公开方式", "公开属性"),
        DISCLOSURE_WORDS,
        hint=_("One of the list; empty: published proactively."),
    ),
    Column("contact", _("Contact"), width=24, aliases=("联系电话",)),
    Column(
        "summary",
        _("Summary"),
        width=50,
        aliases=("简介", "内容摘要"),
        multiline=True,
        hint=_("Empty: the beginning of the text."),
    ),
    Column(
        "search_description",
        _("Description for search"),
        width=40,
        aliases=("描述", "页面描述"),
        multiline=True,
        hint=_("Empty: the summary."),
    ),
    Column("keywords", _("Keywords"), width=24, aliases=("主题词",)),
    Column(
        "source_name",
        _("Source"),
        width=24,
        aliases=("信息来源",),
        hint=_("Empty: what was chosen for the import, else the issuing body."),
    ),
    Column("source_url", _("Address of the source"), width=40, aliases=("来源地址", "原文链接")),
    Column("source_on", _("Date of the source"), DATE, 13, hint=EMPTY_HINT),
    # Elements of GB/T 9704.
    Column("agency_heading", _("Agency heading (发文机关标志)")),
    Column("signatory", _("Signatory (签发人)")),
    Column("addressees", _("Addressees (主送机关)")),
    Column("attachment_note", _("Note on attachments (附件说明)"), multiline=True),
    Column("annotation", _("Annotation (附注)")),
    Column("copies_to", _("Copies to (抄送机关)")),
    Column("printed_by", _("Printed by (印发机关)")),
    Column("printed_on", _("Printed on (印发日期)"), DATE, 13, hint=EMPTY_HINT),
    # Who compared a policy with its source says so on the board, which notes by whom; no file can.
    Column("checked_on", _("Checked on"), DATE, 13, imported=False),
    Column("next_due", _("Next check due"), DATE, 13, imported=False),
    Column("is_sample", _("Sample"), YES_NO, 8, hint=_("Yes or no; empty: no.")),
    *(
        Column(kind.value, kind.label, RELATION, 24, aliases, hint=RELATION_HINT)
        for kind, aliases in {
            RelationKind.BASIS: ("制定依据", "上位依据"),
            RelationKind.IMPLEMENTS: ("贯彻", "落实"),
            RelationKind.AMENDS: ("修订",),
            RelationKind.PARTLY_ABOLISHES: (),
            RelationKind.ABOLISHES: (),
            RelationKind.REPLACES: ("代替",),
            RelationKind.FORWARDS: (),
        }.items()
    ),
    Column(
        "is_full_text",
        _("Whole text"),
        YES_NO,
        8,
        hint=_(
            "Yes: the text is the whole document. No: a summary. Empty: yes, where there is a text."
        ),
    ),
    Column(
        "body",
        _("Text"),
        BODY,
        60,
        ("全文", "内容", "正文内容", "content", "text"),
        multiline=True,
        hint=_(
            "The whole text, a paragraph a line. Headings such as 第一章 or 一、 are recognised."
        ),
    ),
)
# Old names of a yes-or-no column that says what `validity` says.
EXPIRED = {"expired", "是否失效", "已失效"}
# Only the house reads these: they are not shown to readers and not in the API.
INTERNAL = {"source_id"}


@cache
def columns() -> tuple[Column, ...]:
    """The columns that the model has, in the order of a file."""
    return tuple(
        column for column in ALL if column.kind in (KEY, RELATION) or column.field is not None
    )


def imported() -> list[Column]:
    return [column for column in columns() if column.imported]


def public() -> list[Column]:
    """The columns that readers and programs are given."""
    return [c for c in columns() if c.name not in INTERNAL and c.kind != RELATION]


def by_name(name: str) -> Column:
    """The column of a machine name. Raises KeyError."""
    return {column.name: column for column in columns()}[name]


def listed(items: Iterable[object]) -> str:
    """Words one after the other, as the active language parts them."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)


def heading(text: object) -> str:
    """A heading in one form: width, case, blanks and marks of duty do not count."""
    text = unicodedata.normalize("NFKC", str(text or "")).lower()
    return "".join(text.split()).strip("*:：")


@cache
def known_headings() -> dict[str, Column]:
    """{heading in one form: its column}, names of all languages and aliases."""
    found: dict[str, Column] = {}
    for column in imported():
        for name in column.names:
            found.setdefault(heading(name), column)
    return found
