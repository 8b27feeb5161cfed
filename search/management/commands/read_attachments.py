from django.core.management.base import BaseCommand
from wagtail.documents import get_document_model

from search.attachment_pages import pages_showing, reindex_pages
from search.attachments import refresh_attachment, unread_documents
from search.models import AttachmentText


class Command(BaseCommand):
    help = "Take the text out of the documents that were not read yet or whose file changed since."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="read every document again")
        parser.add_argument(
            "--no-index",
            action="store_true",
            help="leave the pages as they are in the index, because it is rebuilt afterwards",
        )

    def handle(self, *args, **options):
        documents = unread_documents()
        if options["all"]:
            documents = get_document_model().objects.order_by("pk")
        ids = list(documents.values_list("pk", flat=True))
        read = []
        for pk in ids:
            document = documents.model.objects.filter(pk=pk).first()
            if document and refresh_attachment(document, again=options["all"], reindex=False):
                read.append(pk)
        if not options["no_index"]:
            reindex_pages(pages_showing(read))
        if options["verbosity"]:
            texts = AttachmentText.objects.filter(state=AttachmentText.State.READ)
            with_text = sum(pk in set(texts.values_list("pk", flat=True)) for pk in read)
            self.stdout.write(f"{len(read)} documents read, {with_text} of them with text.")
