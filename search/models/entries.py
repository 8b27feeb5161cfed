"""What the search knows of a page beside its words, and the state of the index."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class Entry(models.Model):
    """One page in the index: what it is sorted, filtered and counted by.

    The words stand in modelsearch's own table (`IndexEntry`) and, when there is one, in
    Elasticsearch; this row is the same for every engine. It is written whenever the page is indexed.
    """

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    # The row of modelsearch's table, which is also the row of the full-text table on SQLite.
    index_id = models.BigIntegerField(db_index=True)
    locale = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    # Facets as {name: [codes]}; see search.facets.
    facets = models.JSONField(default=dict)
    dated_on = models.DateField(null=True)
    # Of a document: when it was published, which may be long after it was formed.
    published_on = models.DateField(null=True)
    # Whether readers can still rely on it: False for void and abolished policies.
    valid = models.BooleanField(default=True)
    # The last day of a document that ends by itself: after it the page is indexed anew.
    valid_until = models.DateField(null=True)
    # What it means to readers whatever they look for (3 to 0), and the place it speaks for.
    rank = models.SmallIntegerField(default=0)
    place = models.CharField(max_length=40, blank=True)
    # Characters of the title: of two documents with the same words the shorter title says more.
    title_length = models.PositiveIntegerField(default=0)
    # Kept in the same transaction as the page and its restrictions, not by a task.
    public = models.BooleanField(default=False)
    # Grows with every change: a process asks for what is newer than what it knows.
    stamp = models.BigIntegerField(db_index=True)
    # Of everything that was indexed, for the check against the database.
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self):
        return f"{self.kind} {self.pk}"


class IndexState(models.Model):
    """The one row that says how the index stands. `IndexState.load()` makes it when it is missing."""

    stamp = models.BigIntegerField(default=0)
    # Grows when entries were removed: removed rows leave no newer stamp behind.
    removals = models.BigIntegerField(default=0)
    terms_version = models.PositiveIntegerField(default=0)
    # Another one with every change of the promoted results.
    promotions_version = models.PositiveIntegerField(default=0)
    seed_edition = models.PositiveIntegerField(default=0)
    # The version of the analysis that the index was written with.
    analysis = models.CharField(max_length=20, blank=True)
    lexicon_at = models.DateTimeField(null=True)
    # The stamp that the vocabulary was made at.
    lexicon_stamp = models.BigIntegerField(default=0)

    # What one search has read along with the row (search.state.current), where there is Elasticsearch: its
    # state, and the pages that it has yet to hear of, one more than can be left out at the most.
    engine: "EngineState | None" = None
    waiting: list[int] | None = None

    class Meta:
        verbose_name = _("state of the search index")

    def __str__(self):
        return f"#{self.stamp}"

    @classmethod
    def load(cls) -> "IndexState":
        return cls.objects.filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]


class EngineState(models.Model):
    """Elasticsearch as the processes of this site last met it: one row, apart from `IndexState`,

    because that one is locked while the index is written, and a search must never wait for that.
    """

    up = models.BooleanField(default=True)
    since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    # When a new index was last asked for, because there was none or an old one.
    rebuild_asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of the search engine")

    def __str__(self):
        return "up" if self.up else "down"

    @classmethod
    def load(cls) -> "EngineState":
        return cls.objects.filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]


class PendingChange(models.Model):
    """An object that Elasticsearch has yet to hear of. Newer rows stand for newer changes."""

    model = models.CharField(max_length=100)  # "app_label.modelname"
    object_id = models.CharField(max_length=50)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pending change of the index")
        verbose_name_plural = _("pending changes of the index")
        indexes = [models.Index(fields=["model", "object_id"])]

    def __str__(self):
        return f"{self.model} {self.object_id}"
