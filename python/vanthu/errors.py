"""What can go wrong, each cause with a class and a stable code of its own.

``docs/errors.md`` tells what each cause means and what to do about it.

>>> import vanthu
>>> try:
...     vanthu.read(b"%PDF-1.7 and no more", name="cut.pdf")
... except vanthu.VanthuError as error:
...     print(error.code, "in", error.path)
damaged in cut.pdf
"""

from __future__ import annotations

from typing import ClassVar


class VanthuError(Exception):
    """An input that gave no record, or a part of the installation that is missing.

    Prints as one line, "what is wrong; what to do".
    """

    code: ClassVar[str] = "error"
    """The stable code of the cause, as in ``summary.json``."""

    message: str
    """What is wrong."""
    remedy: str
    """What to do about it."""
    path: str | None
    """The name of the input, where there is one."""

    def __init__(self, message: str, remedy: str = "see docs/errors.md", path: str | None = None) -> None:
        super().__init__(message, remedy, path)
        self.message = message
        self.remedy = remedy
        self.path = path

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.code}: {self.message}; {self.remedy}"

    def __reduce__(self) -> tuple[type[VanthuError], tuple[str, str, str | None]]:
        return type(self), (self.message, self.remedy, self.path)


class EmptyError(VanthuError):
    """The file holds no bytes, or the document no pages."""

    code = "empty"


class UnsupportedError(VanthuError):
    """The content is of no format that is read, or not of the format that its name says."""

    code = "unsupported"


class DamagedError(VanthuError):
    """The format is known, but the bytes are broken beyond reading."""

    code = "damaged"


class EncryptedError(VanthuError):
    """A password is needed, or the one given is wrong."""

    code = "encrypted"


class TooLargeError(VanthuError):
    """A limit was exceeded; the message names it."""

    code = "too_large"


class NoTextError(VanthuError):
    """The pages were read and no text came from any."""

    code = "no_text"


class SystemRefusedError(VanthuError, OSError):
    """The operating system refused: no rights, a file that is not there, a full disk. Also an ``OSError``."""

    code = "io"

    # OSError sets its fields when it is made and would print itself otherwise.
    def __new__(cls, *args: object) -> SystemRefusedError:
        return OSError.__new__(cls)

    __str__ = VanthuError.__str__
    __reduce__ = VanthuError.__reduce__


class ReadingTimeoutError(VanthuError):
    """Reading took longer than it is given."""

    code = "timeout"


class MemoryLimitError(VanthuError):
    """Reading took more memory than it is given."""

    code = "memory"


class CrashError(VanthuError):
    """An error inside vanthu stopped the reading."""

    code = "crash"


class MissingComponentError(VanthuError):
    """A part of the installation is missing, such as the language data of the OCR engine."""

    code = "missing_component"


_CLASSES: dict[str, type[VanthuError]] = {
    kind.code: kind
    for kind in (
        EmptyError,
        UnsupportedError,
        DamagedError,
        EncryptedError,
        TooLargeError,
        NoTextError,
        SystemRefusedError,
        ReadingTimeoutError,
        MemoryLimitError,
        CrashError,
        MissingComponentError,
    )
}


def of_cause(code: str, message: str, remedy: str, path: str | None = None) -> VanthuError:
    """The exception for a cause by its code.

    >>> of_cause("no_text", "no text came from its one page", "scan it again", "blank.png")
    NoTextError('no text came from its one page', 'scan it again', 'blank.png')
    """
    return _CLASSES.get(code, VanthuError)(message, remedy, path)
