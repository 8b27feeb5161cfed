"""Relations of documents: shown both ways, in both languages; what they may not be."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail_localize.models import TranslationSource

from policies.models import PolicyPage, PolicyRelation
from policies.record.relation_check import relation_problems
from tests.policies.relating import draft_of, publish_relation, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def coal(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def energy(page_at):
    return page_at("policies/energy-law")


def test_the_seeds_relations_stand_on_both_pages_in_both_languages(client):
    for prefix, there, back, law in (
        ("", "配套实施", "配套细则", "中华人民共和国外商投资法"),
        ("/en", "Implements", "Implemented by", "Foreign Investment Law"),
    ):
        address = f"{prefix}/policies/foreign-investment-law"
        text = client.get(f"{address}-regulations/").content.decode()
        row = f'<li><span>{there}</span><div><a href="{address}/">{law}'
        assert row in text
        text = client.get(f"{address}/").content.decode()
        assert f'<li><span>{back}</span><div><a href="{address}-regulations/">' in text


def test_the_page_says_since_when_and_by_what_it_is_abolished(client, coal, energy):
    publish_relation(energy, coal, "abolishes", date(2024, 8, 1), note="第九十条")
    text = client.get("/policies/coal-law/").content.decode()
    assert f"自 2024 年 8 月 1 日起被《{energy.title}》废止。" in text
    assert "第九十条" in text
    text = client.get("/en/policies/coal-law/").content.decode()
    assert "Since 1 August 2024 it is abolished by “Energy Law" in text


def test_the_filter_of_the_library_agrees_with_the_page(client, coal, energy):
    publish_relation(energy, coal, "abolishes", date(2024, 8, 1))
    hits = client.get("/policies/", {"status": "abolished"}).context["results"].hits
    assert [(hit.page.pk, hit.status_label) for hit in hits] == [(coal.pk, "废止")]
    assert client.get("/policies/coal-law/").context["page"].validity_label == "废止"


def test_a_document_nobody_may_read_has_effect_but_no_name(client, coal, energy):
    publish_relation(energy, coal, "abolishes", date(2024, 8, 1))
    PageViewRestriction.objects.create(page=energy, restriction_type="login")
    text = client.get("/policies/coal-law/").content.decode()
    assert "自 2024 年 8 月 1 日起废止。" in text
    assert energy.title not in text.split("page__main")[0]
    assert "相关文件" not in text


def test_copies_on_translations_say_nothing(client, coal, energy, page_at):
    publish_relation(energy, coal, "amends", date(2024, 8, 1))
    english = page_at("policies/energy-law", "en")
    PolicyRelation.objects.create(page=english, target=coal, kind="abolishes")
    assert stored(coal) == "amended"
    assert len(coal.family.links) == 1


def test_a_synchronised_translation_shows_the_relations_and_has_none_of_its_own(
    client, coal, energy
):
    publish_relation(energy, coal, "basis", note="第一条")
    source = TranslationSource.objects.get(object_id=energy.translation_key)
    source.update_from_db()
    english, _created = source.create_or_update_translation(Locale.objects.get(language_code="en"))
    assert not english.relations.exists()
    text = client.get("/en/policies/energy-law/").content.decode()
    assert '<li><span>Based on</span><div><a href="/en/policies/coal-law/">' in text


@pytest.mark.parametrize("kind", ["amends", "replaces"])
def test_no_circle_of_changes(coal, energy, page_at, kind):
    land = page_at("policies/land-administration-law")
    publish_relation(energy, coal, "abolishes")
    publish_relation(land, energy, "amends")
    circle = PolicyRelation(kind=kind, target=land)
    fine = PolicyRelation(kind="basis", target=land)
    assert [p.row for p in relation_problems(coal, [fine, circle])] == [1]
    coal = draft_of(coal)
    coal.relations.add(circle)
    assert ["两者不能互相变动" in p.message for p in coal.publish_problems()] == [True]


def test_no_relation_to_itself_and_none_twice(coal, energy):
    rows = [
        PolicyRelation(kind="basis", target=coal),
        PolicyRelation(kind="basis", target=energy),
        PolicyRelation(kind="implements", target=energy),
        PolicyRelation(kind="basis", target=energy),
    ]
    assert [(p.row, p.field) for p in relation_problems(coal, rows)] == [
        (0, "target"),
        (3, "target"),
    ]


def form_data(page, relations: list[dict], **more) -> dict:
    """What the editor's form of a policy sends."""
    from wagtail.admin.panels import get_edit_handler

    form = get_edit_handler(PolicyPage).get_form_class()(instance=page)
    values = {
        name: "" if value is None else value
        for name, value in form.initial.items()
        if name in form.fields
    }
    values |= {"body": streamfield([]), "comments": inline_formset([]), **more}
    values["relations"] = inline_formset(relations)
    return nested_form_data(values)


def edit(client, user, page, relations, action="submit", **more):
    client.force_login(user)
    data = form_data(page, relations, **more)
    if action == "publish":
        data["action-publish"] = "publish"
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def row(kind, target, **more):
    return {"kind": kind, "target": target.pk, "effective_on": "", "part": "", "note": "", **more}


def test_the_editor_is_told_at_the_field(client, make_user, coal, energy):
    user = make_user("Publishers")
    response = edit(client, user, coal, [row("basis", coal), row("basis", energy)])
    formset = response.context["form"].formsets["relations"]
    assert [form.errors.get("target") for form in formset.forms] == [
        ["文件不能与自身建立关系。"],
        None,
    ]
    assert formset.forms[1]["target"].value() in (energy.pk, str(energy.pk))  # nothing is lost


def test_a_chosen_translation_means_its_document(client, make_user, coal, page_at):
    english = page_at("policies/energy-law", "en")
    response = edit(client, make_user("Publishers"), coal, [row("basis", english)], "publish")
    assert response.status_code == 302
    (relation,) = coal.relations.all()
    assert relation.target == page_at("policies/energy-law")


def test_a_number_that_is_none_is_refused_at_the_field(client, make_user, coal):
    user = make_user("Publishers")
    response = edit(client, user, coal, [], document_number="晋政发2023 12")
    errors = response.context["form"].errors["document_number"]
    assert "这不是规范的发文字号" in errors[0]
    assert response.context["form"]["document_number"].value() == "晋政发2023 12"
    response = edit(client, user, coal, [], document_number="晋政发[2023]012 号")
    assert response.status_code == 302
    assert draft_of(coal).document_number == "晋政发〔2023〕12号"


def test_the_same_number_of_the_same_body_is_a_warning(coal, page_at):
    other = page_at("policies/business-environment-regulations")
    coal.document_number, coal.issuing_body = "国务院令第722号", "国务院"
    coal.subject = "煤炭、占星"
    assert [(w.field, w.message) for w in coal.publish_warnings()] == [
        ("document_number", f"《{other.title}》的发文字号和发文机关与本文件相同。"),
        ("subject", "不在主题分类表中：占星。"),
    ]
    assert coal.publish_problems() == []


def test_a_change_of_a_younger_document_is_a_warning(coal, energy):
    coal.adopted_on, energy.adopted_on = date(1996, 8, 29), date(2024, 11, 8)
    coal.relations.add(PolicyRelation(kind="basis", target=energy))
    assert coal.publish_warnings() == []
    coal.relations.add(PolicyRelation(kind="abolishes", target=energy))
    assert [warning.message for warning in coal.publish_warnings()] == [
        f"《{energy.title}》比本文件新：是不是应当由它来变动本文件？"
    ]
    energy.relations.add(PolicyRelation(kind="abolishes", target=coal))
    assert energy.publish_warnings() == []


def test_several_bodies_are_joined_in_one_way(coal):
    coal.issuing_body = " 财政部，税务总局；财政部 "
    coal.full_clean()
    assert coal.issuing_body == "财政部、税务总局"


def test_the_family_costs_two_queries_however_large(coal, energy, django_assert_num_queries):
    others = PolicyPage.objects.filter(locale=coal.locale).exclude(pk=coal.pk)[:20]
    PolicyRelation.objects.bulk_create(
        PolicyRelation(page=other, target=coal, kind="basis") for other in others
    )
    coal = PolicyPage.objects.get(pk=coal.pk)
    with django_assert_num_queries(2):
        assert len(coal.family.links) == 20
        assert all(link.page.url for link in coal.family.links)
