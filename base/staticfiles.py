import re
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import\s+(?:url\()?"([^"]+)"\)?[^;]*;')


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; `css/site.css` goes to the reader as one file.

    In the sources `site.css` is a list of imports, in the order of the layers; here they are put
    into it, their own relative addresses rewritten.
    """

    bundle = "css/site.css"
    manifest_strict = True

    def post_process(self, paths, dry_run=False, **options):
        if self.bundle in paths and not dry_run:
            self._write_bundle(paths)
        yield from super().post_process(paths, dry_run, **options)

    def _write_bundle(self, paths):
        storage, path = paths[self.bundle]
        with storage.open(path) as source:
            text = source.read().decode()
        folder = PurePosixPath(self.bundle).parent
        for name in IMPORT.findall(text):
            part_storage, part_path = paths[str(folder / name)]
            with part_storage.open(part_path) as part:
                css = _rebase(part.read().decode(), PurePosixPath(name).parent)
            text = IMPORT.sub(lambda m, n=name, c=css: c if m[1] == n else m[0], text)
        self.delete(self.bundle)
        self._save(self.bundle, ContentFile(text.encode()))
        paths[self.bundle] = (self, self.bundle)


def _rebase(css: str, folder: PurePosixPath) -> str:
    """Addresses written relative to a part's folder, made relative to the bundle's."""

    def replace(match: re.Match) -> str:
        url = match[1].strip("'\"")
        if url.startswith(("/", "data:", "#", "http")):
            return match[0]
        parts: list[str] = []
        for part in (folder / url).parts:
            if part == ".." and parts and parts[-1] != "..":
                parts.pop()
            else:
                parts.append(part)
        return f"url({'/'.join(parts)})"

    return re.sub(r"url\(([^)]+)\)", replace, css)
