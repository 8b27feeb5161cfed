"""Each block has a description and a preview that an editor sees before choosing it."""

import pytest
from django.urls import reverse
from django.utils import translation

from base.blocks import BodyStreamBlock
from home.models import StandardPage

pytestmark = pytest.mark.engine_free
BLOCKS = StandardPage._meta.get_field("body").stream_block.child_blocks


def test_the_set_of_blocks_is_small():
    assert set(BLOCKS) == {
        "heading", "text", "picture", "quote", "notice", "figures", "facts", "steps", "links",
        "documents",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(BLOCKS))
def test_block_can_be_previewed(client, make_user, name):
    block = BLOCKS[name]
    assert block.is_previewable
    assert block.get_description()
    client.force_login(make_user("Editors"))
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    assert "css/site.css" in response.content.decode()


@pytest.mark.parametrize("name", list(BLOCKS))
def test_block_templates_carry_the_name_of_their_block(name):
    assert BLOCKS[name].meta.template == f"components/blocks/{name}_block.html"


def test_a_figure_without_year_or_source_is_refused():
    from wagtail.blocks import StreamBlockValidationError

    field = StandardPage._meta.get_field("body")
    figure = {"value": "1", "unit": "", "label": "x", "year": "", "source": ""}
    value = field.to_python(
        [{"type": "figures", "value": [{"type": "item", "id": "1", "value": figure}]}]
    )
    with pytest.raises(StreamBlockValidationError):
        field.stream_block.clean(value)


@pytest.mark.parametrize(
    ("page", "url", "valid"),
    [
        (True, "", True),
        (False, "https://www.gov.cn/", True),
        (False, "", False),
        (True, "https://a.cn", False),
    ],
)
@pytest.mark.django_db
def test_a_link_has_exactly_one_target(page_at, page, url, valid):
    from wagtail.blocks import StructBlockValidationError

    block = BLOCKS["links"].child_block
    value = block.to_python(
        {"title": "x", "page": page_at("about").pk if page else None, "url": url}
    )
    if valid:
        block.clean(value)
    else:
        with pytest.raises(StructBlockValidationError):
            block.clean(value)


def test_no_word_of_the_interface_is_searched():
    """It would be in the language of whoever writes the index."""
    body = BodyStreamBlock()
    value = body.to_python(
        [{"type": "notice", "value": {"tone": "info", "text": "<p>没有施行</p>"}}]
    )
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert body.get_searchable_content(value) == ["没有施行"]
