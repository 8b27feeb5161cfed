"""Loads the content files into the page tree, once, and takes the samples away again."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site, get_page_models

from base.models import BasePage
from content.files import ContentFileError, PageFile, read_collection
from content.models import SeedRecord
from content.translations import link_translation
from content.values import ValueMaker
from events.services.samples import remove_sample_desks
from policies.models import PolicyPage, PolicyRelation

# What a page keeps of its revisions.
BOOKKEEPING = ["live_revision", "latest_revision", "has_unpublished_changes"]


@dataclass
class Result:
    created: int = 0
    kept: int = 0


def ensure_locales() -> dict[str, Locale]:
    """A `Locale` for every language of the site, by code."""
    return {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES
    }


def _model(name: str) -> type[BasePage]:
    from django.apps import apps

    return apps.get_model(name)


class Loader:
    """Loads one collection. Pages that were loaded before are left alone, whatever became of them."""

    def __init__(self, collection: str):
        self.collection = collection
        self.locales = ensure_locales()
        self.result = Result()
        self._homes: dict[str, Page] = {}

    @transaction.atomic
    def load(self) -> Result:
        """Create what was never loaded. Raises `ContentFileError`, and then nothing is loaded."""
        files = read_collection(self.collection)
        known = set(
            SeedRecord.objects.filter(collection=self.collection).values_list("key", flat=True)
        )
        fresh = [file for file in files if file.path not in known]
        self.result.kept = len(files) - len(fresh)
        pages = [(file, self._create(file)) for file in fresh]
        for file, translations in pages:
            self._fill(file, translations)
            SeedRecord.objects.create(collection=self.collection, key=file.path)
            self.result.created += len(translations)
        return self.result

    def find_page(self, path: str, code: str = "zh-hans") -> Page | None:
        """The page at the slugs `path` below the home page in one language."""
        home = self._home(code)
        if home is None:
            return None
        url_path = home.url_path + (f"{path.strip('/')}/" if path.strip("/") else "")
        return Page.objects.filter(url_path=url_path).first()

    def _home(self, code: str) -> Page | None:
        if code not in self._homes and (found := self._find_home(code)):
            self._homes[code] = found
        return self._homes.get(code)

    def _find_home(self, code: str) -> Page | None:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            return None
        return Page.objects.filter(
            translation_key=site.root_page.translation_key, locale=self.locales[code]
        ).first()

    def _create(self, file: PageFile) -> dict[str, BasePage]:
        """The page in each language at its place in the tree, not yet live."""
        model = _model(file.model)
        pages = {}
        for code, texts in file.texts.items():
            if code not in self.locales:
                continue
            page = model(
                title=texts["title"],
                slug=file.slug,
                locale=self.locales[code],
                translation_key=file.translation_key,
                show_in_menus=file.menu,
                live=False,
                is_sample=self.collection == SeedRecord.Collection.SAMPLES,
            )
            self._set(page, {**file.fields, **texts}, file, skip_relations=True)
            self._place(page, file, code)
            pages[code] = page
        return pages

    def _place(self, page: BasePage, file: PageFile, code: str) -> None:
        if file.parent is None:
            self._place_home(page, file, code)
            return
        parent = self.find_page(file.parent, code)
        if parent is None:
            raise ContentFileError(f"{file.file.name}: no page at {file.parent!r} in {code}")
        parent.add_child(instance=page)

    def _place_home(self, page: BasePage, file: PageFile, code: str) -> None:
        """Put a home page below the root; the first one replaces Wagtail's welcome page."""
        self._homes.clear()
        root = Page.get_first_root_node()
        if code != settings.LANGUAGE_CODE:
            page.slug = f"{file.slug}-{code}"
        Page.objects.child_of(root).exact_type(Page).delete()
        root = Page.get_first_root_node()
        root.add_child(instance=page)
        if code == settings.LANGUAGE_CODE:
            Site.objects.update_or_create(
                is_default_site=True,
                defaults={
                    "hostname": "localhost",
                    "root_page": page,
                    "site_name": settings.WAGTAIL_SITE_NAME,
                },
            )

    def _set(self, page: BasePage, values: dict, file: PageFile, *, skip_relations: bool) -> None:
        maker = ValueMaker(file.path, lambda path: self.find_page(path, page.locale.language_code))
        names = {
            field.name: field for field in page._meta.get_fields() if hasattr(field, "attname")
        }
        for name, value in values.items():
            name = "key_figures" if name == "figures" else name
            if name not in names:
                raise ContentFileError(f"{file.file.name}: {file.model} has no field {name!r}")
            field = names[name]
            is_late = field.is_relation or field.get_internal_type() == "JSONField"
            if is_late == skip_relations:
                continue
            setattr(page, name, maker.make(field, value))

    def _relate(self, page: PolicyPage, file: PageFile) -> None:
        """The relations of a policy: {kind, page: slug path, note, part, effective_on}."""
        for values in file.relations:
            target = self.find_page(values["page"])
            if target is None:
                raise ContentFileError(f"{file.file.name}: no page at {values['page']!r}")
            given = {name: value for name, value in values.items() if name != "page"}
            page.relations.add(PolicyRelation(target=target.specific, **given))

    def _fill(self, file: PageFile, pages: dict[str, BasePage]) -> None:
        """What may point to other pages, then publish, then tie the translations together."""
        for code, page in pages.items():
            page.refresh_from_db(fields=["path", "numchild", "depth", "url_path"])
            self._set(page, {**file.fields, **file.texts[code]}, file, skip_relations=False)
            if file.relations and code == settings.LANGUAGE_CODE:
                self._relate(page, file)
            problems = page.publish_problems()
            if problems:
                lines = " ".join(problem.message for problem in problems)
                raise ContentFileError(f"{file.file.name} ({code}): {lines}")
            page.live = True
            page.first_published_at = page.last_published_at = timezone.now()
            page.has_unpublished_changes = False
            page.save()
            page.live_revision = page.latest_revision = page.save_revision(clean=False)
            page.has_unpublished_changes = False
            # Only these: the rest stands as it was saved a moment ago.
            page.save(clean=False, update_fields=BOOKKEEPING)
        source = pages.get(settings.LANGUAGE_CODE)
        for code, page in pages.items():
            if source is not None and code != settings.LANGUAGE_CODE:
                link_translation(source, page)


def remove_samples() -> int:
    """Delete every sample page in every language. Their records stay: no later run loads them again."""
    count = 0
    with transaction.atomic():
        remove_sample_desks()  # a page with a desk can't be deleted
        for model in get_page_models():
            if not issubclass(model, BasePage):
                continue
            for page in model.objects.filter(is_sample=True):
                page.delete()
                count += 1
    return count


def forget_samples() -> None:
    """Let the next run of `load_samples` load them anew."""
    SeedRecord.objects.filter(collection=SeedRecord.Collection.SAMPLES).delete()
