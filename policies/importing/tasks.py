import logging

from django_tasks import task

from policies.importing import services
from policies.importing.errors import AnotherImportError, LibraryChangedError, NotReadyError
from policies.models import ImportJob

logger = logging.getLogger(__name__)


@task()
def check_file(job_id: int) -> str:
    """Check an uploaded file, once."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        return "gone"
    try:
        return services.check_file(job=job).state
    except NotReadyError:
        return "done before"


@task()
def run_import(job_id: int) -> str:
    """Import a checked file; when the library changed meanwhile, check it again."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        return "gone"
    try:
        return services.run_import(job=job).state
    except LibraryChangedError:
        return services.check_file(job=job).state
    except (AnotherImportError, NotReadyError) as error:
        logger.info("Import %s was not begun: %s", job_id, type(error).__name__)
        return "not begun"
