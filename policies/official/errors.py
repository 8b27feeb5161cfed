class FileError(Exception):
    """A file can't be made of this document."""


class TooLongError(FileError):
    """The document is longer than what is made on demand."""
