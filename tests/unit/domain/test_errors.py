"""Errors: they survive the way out of a worker process, and carry exit codes and retry advice."""

import pickle

import pytest

from ocr_desktop.domain import errors
from ocr_desktop.domain.errors import BugError, ExitCode, ItemError, KnownError, OcrDesktopError


def family(root: type[KnownError]) -> list[type[KnownError]]:
    own = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, root)]
    return sorted(own, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", family(KnownError))
def test_known_errors_survive_pickling(cls: type[KnownError]) -> None:
    error = pickle.loads(pickle.dumps(cls("“a.png” is broken.", remedy="Scan it again.")))  # noqa: S301 - our own

    assert type(error) is cls
    assert (error.message, error.remedy) == ("“a.png” is broken.", "Scan it again.")
    assert str(error) == "“a.png” is broken. Scan it again."


def test_an_error_without_a_remedy_is_its_message() -> None:
    assert str(KnownError("It is broken.")) == "It is broken."


@pytest.mark.parametrize(
    ("cls", "code"),
    [
        (BugError, 70),
        (ItemError, 1),
        (errors.UsageError, 2),
        (errors.JobNotFoundError, 2),
        (errors.JobBusyError, 2),
        (errors.EngineMissingError, 3),
        (errors.LanguageMissingError, 3),
        (errors.NothingFoundError, 4),
        (errors.OutputNotWritableError, 5),
    ],
)
def test_exit_codes(cls: type[OcrDesktopError], code: int) -> None:
    assert cls.exit_code == code
    assert isinstance(cls.exit_code, ExitCode)


def test_each_sort_of_failed_item_has_a_kind_of_its_own() -> None:
    kinds = [cls.kind for cls in family(ItemError) if issubclass(cls, ItemError)]

    assert len(set(kinds)) == len(kinds)


def test_only_what_can_pass_is_tried_again() -> None:
    passing = {cls.__name__ for cls in family(ItemError) if issubclass(cls, ItemError) and cls.can_pass}

    assert passing == {"ImageLockedError", "NameTakenError", "ResultLockedError", "WorkerLostError"}
