"""What each row of a file would do to the library. The same plan is made again before it is carried out."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState

from policies.columns import BODY, KEY, RELATION, by_name, columns
from policies.importing.body import blocks_json, is_plain, plain_text
from policies.importing.identify import Known, Library, identify, number_key
from policies.importing.parsing import Parsed, labels
from policies.importing.relations import KINDS, Change, Relations, Target, items_of
from policies.importing.values import EMPTIED
from policies.models import ImportRow, PolicyPage

Outcome = ImportRow.Outcome
REQUIRED = ("title", "level")
SHOWN = 160
SUMMARY, DESCRIPTION = 150, 150
# What says which policy a row means, the surest first.
KEYS = ("id", "source_id", "document_number", "index_number", "title")


@dataclass
class Planned:
    """What a row would do. `page` is the policy as it would be: an unsaved one, or the changed one.

    `changes` are (name of the column, old, new), for people, shortened; `before` the old values of the
    fields that change, whole.
    """

    number: int
    title: str = ""
    outcome: str = Outcome.UNCHANGED
    page: PolicyPage | None = None
    source_id: str = ""
    publishes: bool = False
    before: dict[str, str] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    relations: list[Change] = field(default_factory=list)
    # Itself as rows below may point to it, when it is new.
    target: Target | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def mark(self) -> bytes:
        """What the import has to do, as it was checked; the same in every language."""
        pk = self.page.pk if self.page else None
        wrong = [column for column, _message in self.errors]
        mark = [self.number, str(self.outcome), pk, self.publishes, self.before, wrong]
        mark += [change.mark() for change in self.relations]
        return json.dumps(mark, ensure_ascii=False).encode("utf-8", "replace")

    def as_row(self, job_id: int) -> ImportRow:
        return ImportRow(
            job_id=job_id,
            number=self.number,
            outcome=self.outcome,
            title=self.title[:255],
            page_id=self.page.pk if self.page else None,
            publishes=self.publishes,
            changes=self.changes,
            errors=self.errors,
            notes=self.notes,
        )


class Planner:
    """Plans batch after batch; remembers the numbers of a file, and nothing else of it."""

    def __init__(self, *, locale_id: int, publish: bool, source: str):
        self.locale_id, self.publish, self.source = locale_id, publish, source
        self._seen: dict[tuple[str, str], int] = {}
        self._relations = Relations()
        self._digest = hashlib.sha256()
        self._labels = labels()

    @property
    def digest(self) -> str:
        """Of everything planned so far."""
        return self._digest.hexdigest()

    def plan(self, rows: list[Parsed]) -> list[Planned]:
        """The plans of a batch of rows, in their order; as many queries for many as for a few."""
        library = Library.around(rows, self.locale_id, items_of(rows))
        answers = [identify(row, library) for row in rows]
        pages = self._pages([answer.known for answer in answers if answer.known])
        closed = closed_to_changes(pages)
        planned = []
        for row, answer in zip(rows, answers, strict=True):
            plan = Planned(row.number, title=row.title, errors=list(row.errors))
            twin = self._twin(row)
            if answer.error:
                plan.errors.append(answer.error)
            if answer.note:
                plan.notes.append(answer.note)
            if answer.known:
                self._change(plan, row, pages[answer.known.pk], library)
                if plan.outcome == Outcome.CHANGED and answer.known.pk in closed:
                    plan.errors.append(("", closed_message()))
            elif not answer.error:
                self._create(plan, row, library)
            if plan.errors:
                plan.outcome = Outcome.WRONG
            if twin:
                plan.outcome = Outcome.DUPLICATE
                plan.errors.append(twin)
            if plan.errors:
                plan.publishes, plan.changes, plan.relations = False, [], []
            elif plan.outcome == Outcome.NEW:
                plan.target = self._relations.remember(row, plan.page)
            self._digest.update(plan.mark())
            planned.append(plan)
        return planned

    def _pages(self, known: list[Known]) -> dict[int, PolicyPage]:
        """The policies as their editors see them: with the changes that were not published yet."""
        found = PolicyPage.objects.filter(pk__in={one.pk for one in known})
        return {page.pk: latest(page) for page in found.select_related("latest_revision")}

    def _twin(self, row: Parsed) -> tuple[str, str] | None:
        """What is wrong when an earlier row means the same policy."""
        keys = {}
        for name in KEYS:
            value = row.values.get(name)
            if isinstance(value, str):
                keys[name] = number_key(value) if name == "document_number" else value
        if "document_number" in keys:
            keys["number and title"] = f"{keys['document_number']}\n{row.title}"
        surest = next(iter(keys), "")
        found = None
        for name in (surest, "number and title"):
            number = self._seen.get((name, keys.get(name, "")))
            if number and not found:
                column = "document_number" if name == "number and title" else name
                message = _("The same as in row %(row)s.") % {"row": number}
                found = (column, message)
        for name, value in keys.items():
            self._seen.setdefault((name, value), row.number)
        return found

    # --- A new policy -----------------------------------------------------------------------

    def _create(self, plan: Planned, row: Parsed, library: Library) -> None:
        plan.outcome = Outcome.NEW
        wrong = {column for column, _message in row.errors}
        for name in REQUIRED:
            if not row.values.get(name) and name not in wrong:
                plan.errors.append(
                    (name, _("“%(column)s” is missing.") % {"column": self._labels[name]})
                )
        values = {name: value for name, value in row.values.items() if value is not EMPTIED}
        plan.source_id = str(values.pop("source_id", ""))
        key = values.pop("id", None) or str(uuid.uuid4())
        text = str(values.pop("body", ""))
        values = {name: value for name, value in values.items() if name not in KINDS}
        self._fill_in(values, text)
        plan.page = PolicyPage(
            locale_id=self.locale_id, translation_key=key, body=blocks_json(text, key), **values
        )
        self._check_dates(plan)
        self._relate(plan, row, library)
        if self.publish and not plan.errors:
            self._ask_to_publish(plan)

    def _fill_in(self, values: dict[str, object], text: str) -> None:
        """What a policy needs to be shown and the text itself can say."""
        if not values.get("summary") and text:
            values["summary"] = opening(text, SUMMARY)
        if not values.get("search_description") and values.get("summary"):
            values["search_description"] = str(values["summary"])[:DESCRIPTION]
        if text and values.get("is_full_text") is None:
            values["is_full_text"] = True
        if not values.get("source_name"):
            source = self.source or str(values.get("issuing_body") or "")
            if source:
                values["source_name"] = source[:200]

    # --- A policy that is there ---------------------------------------------------------------

    def _change(self, plan: Planned, row: Parsed, page: PolicyPage, library: Library) -> None:
        plan.page = page
        plan.title = row.title or page.title
        was_open = bool(page.latest_revision_id) and page.has_unpublished_changes
        for column in columns():
            value = row.values.get(column.name)
            if value is None or column.kind in (KEY, RELATION):
                continue
            self._set(plan, column.name, value)
        self._check_dates(plan)
        self._relate(plan, row, library)
        if plan.before or plan.relations:
            plan.outcome = Outcome.CHANGED
        if plan.errors or not self.publish or (page.live and not (plan.before or plan.relations)):
            return
        if was_open:
            plan.notes.append(
                _("It has changes that were not published, so this stays a draft, too.")
            )
            return
        self._ask_to_publish(plan)
        if plan.publishes and not page.live:
            plan.outcome = Outcome.CHANGED
            plan.changes.append(("", _("Draft"), _("Published")))

    def _set(self, plan: Planned, name: str, value: object) -> None:
        page, column = plan.page, by_name(name)
        if column.kind == BODY:
            old = plain_text(page.body)
            new = "" if value is EMPTIED else str(value)
            if old == new:
                return
            if not is_plain(page.body):
                plan.errors.append(
                    (
                        name,
                        _(
                            "The page's text has pictures, lists or links that a cell can't hold. "
                            "Change it in the editor, or leave the cell empty."
                        ),
                    )
                )
                return
            field = page._meta.get_field(name)
            page.body = field.to_python(blocks_json(new, str(page.translation_key)))
        else:
            field = page._meta.get_field(name)
            old = getattr(page, name)
            new = (None if field.null else field.get_default()) if value is EMPTIED else value
            if old == new:
                return
            setattr(page, name, new)
        plan.before[name] = str(old)
        plan.changes.append((name, shown(column, old), shown(column, new)))

    # --- Both ---------------------------------------------------------------------------------

    def _relate(self, plan: Planned, row: Parsed, library: Library) -> None:
        plan.relations, errors = self._relations.plan(row, plan.page, library)
        plan.errors += errors
        plan.changes += [change.shown() for change in plan.relations]

    def _check_dates(self, plan: Planned) -> None:
        start, end = plan.page.in_force_from, plan.page.in_force_until
        if start and end and end < start:
            plan.errors.append(("in_force_until", _("The end lies before the beginning.")))

    def _ask_to_publish(self, plan: Planned) -> None:
        problems = plan.page.publish_problems()
        plan.publishes = not problems
        if problems:
            lines = " ".join(problem.message for problem in problems)
            plan.notes.append(_("It stays a draft. %(problems)s") % {"problems": lines})


def closed_to_changes(pages: dict[int, PolicyPage]) -> set[int]:
    """Of some policies those that their editors can't change now: locked, or handed in for approval.

    What an approver has looked at must not be another text when it is approved.
    """
    handed_in = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(pk) for pk in pages],
    )
    locked = {pk for pk, page in pages.items() if page.locked}
    return locked | {int(key) for key in handed_in.values_list("object_id", flat=True)}


def closed_message() -> str:
    return _("The page is locked or waits for approval, so an import can't change it.")


def latest(page: PolicyPage) -> PolicyPage:
    """The policy with its unpublished changes, when it has some."""
    if page.has_unpublished_changes and page.latest_revision_id:
        return page.latest_revision.as_object()
    return page


def shown(column, value: object) -> str:
    """A value for people, shortened."""
    if value in (None, ""):
        return ""
    if column.choices:
        return str(dict(column.choices).get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def opening(text: str, length: int) -> str:
    """The beginning of a text that says something: its first sentences, without headings and history."""
    lines = [line for line in text.splitlines() if len(line) > 20] or text.splitlines()
    first = next((line for line in lines if line.startswith("第一条")), lines[0] if lines else "")
    first = first.removeprefix("第一条").strip()
    if len(first) <= length:
        return first
    cut = first[:length]
    end = max(cut.rfind(sign) for sign in "。；")
    return cut[: end + 1] if end > length // 3 else f"{cut[: length - 1]}…"
