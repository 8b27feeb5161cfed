from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class FigureBlock(blocks.StructBlock):
    """One number. It never stands without its year and source."""

    value = blocks.CharBlock(label=_("Number"), max_length=20)
    unit = blocks.CharBlock(label=_("Unit"), required=False, max_length=30)
    label = blocks.CharBlock(label=_("What it counts"), max_length=80)
    year = blocks.CharBlock(label=_("Year"), max_length=40)
    source = blocks.CharBlock(label=_("Source"), max_length=200)
    source_url = blocks.URLBlock(label=_("Address of the source"), required=False)
    share = blocks.IntegerBlock(
        label=_("Share in per cent"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Draws a bar below the number"),
    )

    class Meta:
        icon = "order"
        label = _("Number")


PREVIEW_FIGURE = {
    "value": "353.2",
    "unit": "亿元",
    "label": "地区生产总值",
    "year": "2023 年",
    "source": "上党区 2023 年统计公报",
}


class FiguresBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(FigureBlock(), **kwargs)

    class Meta:
        icon = "order"
        label = _("Numbers")
        template = "components/blocks/figures_block.html"
        description = _("Numbers, each with its year and source")
        preview_value = [PREVIEW_FIGURE, {**PREVIEW_FIGURE, "value": "483", "unit": "平方公里"}]


class KeyFiguresBlock(blocks.StreamBlock):
    """At most one row of numbers, for the head of a page."""

    figures = FiguresBlock()

    class Meta:
        max_num = 1
        required = False


class FactBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("What"), max_length=80)
    value = blocks.CharBlock(label=_("Fact"), max_length=300)
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=300)


class FactsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(FactBlock(), **kwargs)

    class Meta:
        icon = "list-ul"
        label = _("Facts")
        template = "components/blocks/facts_block.html"
        description = _("Pairs of a word and a fact, as in a register")
        preview_value = [{"label": "所在", "value": "荫城镇", "note": ""}]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Step"), max_length=80)
    text = blocks.TextBlock(label=_("What happens"))


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "components/blocks/steps_block.html"
        description = _("What happens one after the other")
        preview_value = [{"title": "留下意向", "text": "姓名和一种联系方式就够。"}]
