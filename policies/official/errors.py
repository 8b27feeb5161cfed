class FileError(Exception):
    """A file can't be made of this document."""


class TooLongError(FileError):
    """The document is longer than what is made on demand."""


class BusyError(FileError):
    """Too many files are being made, or were made for this reader; later there will be one."""
