"""Relations as columns of a file: by document number, to the library and to rows above."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from policies.exporting.views import everything
from policies.exporting.workbook import write_all
from policies.importing import services
from policies.models import ImportJob, PolicyPage, PolicyRelation
from tests.policies.relating import stored

pytestmark = pytest.mark.django_db
HEADS = ["标题", "层级", "发文机关", "文号", "成文日期", "正文", "依据", "废止", "修改"]


def row(number: int, title: str = "", *, basis="", abolishes="", amends="", **more) -> list[str]:
    name = title or f"泽鹿木樨办法{number}"
    values = [name, "市", "示例机关", f"泽政发〔2024〕{number}号", "2024-01-02", "第一条 示例。"]
    return [*values, basis, abolishes, amends]


def check(rows, *, publish: bool = True) -> ImportJob:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    file = io.BytesIO(text.getvalue().encode())
    with translation.override("en"):
        job = services.receive_file(file=file, name="a.csv", publish=publish, source="示例")
    return services.check_file(job=job)


def run(job: ImportJob) -> ImportJob:
    services.queue_import(job=job)
    return services.run_import(job=job)


def wrong(job: ImportJob) -> dict[int, list]:
    return {one.number: one.errors for one in job.rows.all() if one.errors}


def page(number: int) -> PolicyPage:
    return PolicyPage.objects.get(document_number=f"泽政发〔2024〕{number}号")


def relations(number: int) -> list[tuple[str, str]]:
    rows = PolicyRelation.objects.filter(page=page(number)).select_related("target")
    return [(one.kind, one.target.document_number) for one in rows]


def test_new_documents_point_to_the_library_and_to_rows_above():
    run(check([row(1)]))
    job = check(
        [row(2), row(3, basis="泽政发[2024]1号、泽政发（2024）2号", abolishes="泽政发〔2024〕1号")]
    )
    assert wrong(job) == {}
    assert stored(page(1)) == "in_force"
    run(job)
    assert relations(3) == [
        ("basis", "泽政发〔2024〕1号"),
        ("basis", "泽政发〔2024〕2号"),
        ("abolishes", "泽政发〔2024〕1号"),
    ]
    assert stored(page(1)) == "abolished"
    assert stored(page(2)) == "in_force"


def test_a_draft_changes_nothing_yet():
    run(check([row(1)]))
    run(check([row(2, abolishes="泽政发〔2024〕1号")], publish=False))
    assert relations(2) == [("abolishes", "泽政发〔2024〕1号")]
    assert stored(page(1)) == "in_force"


def test_what_is_wrong_is_said_at_the_column():
    job = check(
        [
            row(1, basis="泽政发〔2024〕9号"),  # nowhere
            row(2, basis="泽政发〔2024〕3号"),  # below
            row(3, amends="泽政发〔2024〕3号"),  # itself
            row(4, abolishes="没有年份"),
            row(5, basis="泽政发〔2024〕1号"),  # the row above is wrong
            row(6, basis="、".join(f"泽政发〔2023〕{n}号" for n in range(1, 53))),
        ]
    )
    found = {number: [column for column, _text in errors] for number, errors in wrong(job).items()}
    assert found == {
        2: ["basis"],
        3: ["basis"],
        4: ["amends"],
        5: ["abolishes"],
        6: ["basis"],
        7: ["basis"],
    }
    assert "neither in the library nor above" in wrong(job)[2][0][1]
    assert not PolicyRelation.objects.filter(page__title__startswith="泽鹿").exists()


def test_no_circle_comes_of_a_file_and_the_library():
    run(check([row(1), row(2), row(3, amends="泽政发〔2024〕1号")]))
    job = check(
        [
            row(1, amends="泽政发〔2024〕2号"),
            row(2, amends="泽政发〔2024〕3号"),  # 3 → 1 in the library, 1 → 2 a row above
        ]
    )
    assert [column for column, _text in wrong(job)[3]] == ["amends"]
    assert "can’t change each other" in wrong(job)[3][0][1]
    assert list(wrong(job)) == [3]


def test_a_changed_document_keeps_what_its_relations_say_and_its_history():
    run(check([row(1), row(2), row(3, basis="泽政发〔2024〕1号")]))
    PolicyRelation.objects.filter(page=page(3)).update(note="第一条")
    assert check([row(3, basis="泽政发〔2024〕1号")]).counts == {"unchanged": 1}
    job = check([row(3, basis="泽政发〔2024〕1号；泽政发〔2024〕2号")])
    assert job.rows.get().changes == [
        ["basis", "泽政发〔2024〕1号", "泽政发〔2024〕1号、泽政发〔2024〕2号"]
    ]
    run(job)
    assert relations(3) == [("basis", "泽政发〔2024〕1号"), ("basis", "泽政发〔2024〕2号")]
    assert PolicyRelation.objects.get(page=page(3), target=page(1)).note == "第一条"
    revision = page(3).latest_revision.as_object()
    assert [one.target_id for one in revision.relations.all()] == [page(1).pk, page(2).pk]
    run(check([row(3, basis="[清空]")]))
    assert relations(3) == []


def test_a_change_of_a_public_document_waits_for_its_publisher():
    run(check([row(1), row(2)]))
    run(check([row(2, abolishes="泽政发〔2024〕1号")], publish=False))
    assert relations(2) == []
    assert stored(page(1)) == "in_force"
    page(2).latest_revision.publish()
    assert stored(page(1)) == "abolished"


def test_the_export_is_taken_in_again_unchanged(tmp_path):
    run(check([row(1), row(2), row(3, basis="泽政发〔2024〕1号", abolishes="泽政发〔2024〕2号")]))
    # One that has no document number is named by ours.
    PolicyPage.objects.filter(pk=page(1).pk).update(document_number="")
    path = tmp_path / "all.xlsx"
    with path.open("wb") as file, CaptureQueriesContext(connection) as asked:
        write_all(file, everything())
    mine = [query for query in asked.captured_queries if "policyrelation" in query["sql"]]
    assert len(mine) == 1
    book = load_workbook(path, read_only=True)
    heads = [cell.value for cell in next(book.worksheets[0].iter_rows(max_row=1))]
    assert {"依据", "废止"} <= set(heads)
    book.close()
    with path.open("rb") as file:
        job = services.check_file(job=services.receive_file(file=file, name="all.xlsx"))
    assert wrong(job) == {}
    assert set(job.counts) == {"unchanged"}
