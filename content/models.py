from django.db import models


class SeedRecord(models.Model):
    """Remembers that a page of the seed or the samples was loaded once.

    An editor may change or delete what was loaded; the record keeps a later run of the loader
    from bringing it back.
    """

    class Collection(models.TextChoices):
        SEED = "seed", "seed"
        SAMPLES = "samples", "samples"

    collection = models.CharField(max_length=10, choices=Collection.choices)
    key = models.CharField(max_length=200)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "key"], name="content_one_record_per_key")
        ]

    def __str__(self):
        return f"{self.collection}: {self.key}"
