"""What can go wrong with a whole import; what is wrong with a single row stands at the row."""


class ImportFileError(Exception):
    """The file can't be read. The message says in plain words why, and what to do."""


class AnotherImportError(Exception):
    """Another import is being written now."""


class LibraryChangedError(Exception):
    """The library is no longer as it was when the file was checked."""


class NotReadyError(Exception):
    """The import is not in the state that this step asks for."""
