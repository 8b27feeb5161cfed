"""The family of a document as a picture."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.choices import RelationKind
from policies.record.drawing import MOST_BOXES, WIDTH, draw, wrapped
from policies.record.family import Edge, Family

pytestmark = pytest.mark.engine_free


def page(title="示例条例", **more):
    return SimpleNamespace(
        title=title, url="/x/", validity_label="有效", validity_tone="force", pk=1, **more
    )


def family(edges, count) -> Family:
    keys = [UUID(int=number) for number in range(count)]
    found = Family(keys[0], {key: page(f"示例条例第{key.int}号") for key in keys})
    found.edges = [Edge(keys[a], keys[b], kind) for a, b, kind in edges]
    return found


def test_a_document_alone_has_no_picture():
    assert draw(Family(uuid4())) is None


def test_what_it_rests_on_stands_above_and_what_rests_on_it_below():
    drawing = draw(family([(0, 1, "basis"), (2, 0, "implements"), (2, 1, "basis")], 3))
    assert [box.title for box in drawing.boxes] == [
        "示例条例第1号",
        "示例条例第0号",
        "示例条例第2号",
    ]
    assert [box.is_current for box in drawing.boxes] == [False, True, False]
    assert [box.note for box in drawing.boxes] == ["依据 · 有效", "有效", "配套细则 · 有效"]
    assert len(drawing.lines) == 3
    assert drawing.left_out == 0


def test_a_large_family_is_limited_and_says_so():
    drawing = draw(family([(n, 0, "basis") for n in range(1, 40)], 40))
    assert len(drawing.boxes) == MOST_BOXES
    assert drawing.left_out == 40 - MOST_BOXES
    assert drawing.boxes[0].is_current


edges = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(RelationKind.values)).filter(
        lambda edge: edge[0] != edge[1]
    ),
    min_size=1,
    max_size=15,
    unique=True,
)


@settings(max_examples=40)
@given(edges)
def test_any_family_even_a_circle_is_drawn_without_overlap(found):
    drawing = draw(family(found, 8))
    if drawing is None:
        return
    boxes = drawing.boxes
    for above, below in zip(boxes, boxes[1:], strict=False):
        assert above.y + above.height < below.y
    assert all(box.x > 0 and box.x + box.width <= WIDTH for box in boxes)
    assert boxes[-1].y + boxes[-1].height <= drawing.height
    assert sum(box.is_current for box in boxes) == 1
    for line in drawing.lines:
        assert line.path.startswith("M")
        assert "-" not in line.path  # nothing left of the picture


@given(st.text(max_size=80), st.floats(4, 30))
def test_wrapping_loses_nothing_but_what_the_ellipsis_stands_for(text, ems):
    lines = wrapped(text, ems)
    assert 1 <= len(lines) <= 2
    whole = "".join(text.split())
    kept = "".join("".join(lines).split())
    assert kept == whole or kept.endswith("…")


def test_words_are_not_torn():
    assert wrapped("Regulations on Fair Competition Review", 14) == [
        "Regulations on Fair",
        "Competition Review",
    ]
    assert wrapped("中华人民共和国外商投资法实施条例", 10) == [
        "中华人民共和国外商投",
        "资法实施条例",
    ]
