"""Run options: defaults, ranges, and what front ends are told about each setting."""

from enum import StrEnum

import msgspec
import pytest

from ocr_desktop.domain.errors import ExitCode, UsageError
from ocr_desktop.domain.options import (
    EngineChoice,
    OutputFormat,
    Overwrite,
    Redo,
    RunOptions,
    describe_settings,
)

SETTINGS = describe_settings()


def test_defaults() -> None:
    options = RunOptions()

    assert (options.chunk_size, options.retries, options.jobs) == (50, 2, None)
    assert (options.overwrite, options.redo) == (Overwrite.SKIP, Redo.NONE)
    assert options.formats == (OutputFormat.JSON, OutputFormat.TXT)
    assert (options.engine, options.languages) == (EngineChoice.AUTO, ("eng",))
    assert (options.output_dir, options.recursive) == (None, True)


def test_options_are_built_from_plain_values() -> None:
    options = RunOptions.from_values(
        {"languages": ["eng", "deu"], "overwrite": "suffix", "formats": ["txt"], "jobs": "3", "timeout": 7}
    )

    assert options.language_code == "eng+deu"
    assert (options.overwrite, options.formats) == (Overwrite.SUFFIX, (OutputFormat.TXT,))
    assert (options.jobs, options.timeout) == (3, 7.0)


def test_options_survive_the_way_to_a_store_and_back() -> None:
    options = RunOptions(output_dir="/out", jobs=2, formats=(OutputFormat.JSON,), redo=Redo.STALE)

    assert RunOptions.from_values(msgspec.to_builtins(options)) == options
    assert msgspec.json.decode(msgspec.json.encode(options), type=RunOptions) == options


def test_options_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        RunOptions().retries = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "lowest", "highest", "step"),
    [
        ("page_segmentation", 1, 13, 1),
        ("jobs", 1, 60, 1),
        ("chunk_size", 1, 10_000, 1),
        ("retries", 0, 10, 1),
        ("timeout", 0.1, 86_400.0, 0.01),
    ],
)
def test_ranges_include_their_ends_and_nothing_beyond(
    name: str, lowest: float, highest: float, step: float
) -> None:
    assert (SETTINGS[name].minimum, SETTINGS[name].maximum) == (lowest, highest)
    for value in (lowest, highest):
        assert getattr(RunOptions.from_values({name: value}), name) == value
    for value in (lowest - step, highest + step):
        with pytest.raises(UsageError, match=name):
            RunOptions.from_values({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("languages", []),
        ("languages", ["../eng"]),
        ("languages", ["eng\n"]),
        ("formats", []),
        ("formats", ["pdf"]),
        ("engine", "magic"),
        ("overwrite", "sometimes"),
        ("recursive", "perhaps"),
        ("timeout", float("nan")),
        ("timeout", "nan"),
        ("max_megapixels", 0),
        ("colour", "red"),
    ],
)
def test_errors_name_the_setting(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        RunOptions.from_values({name: value})

    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.remedy


def test_each_setting_has_a_label_and_a_sentence_of_help() -> None:
    assert list(SETTINGS) == [field.name for field in msgspec.structs.fields(RunOptions)]
    for name, setting in SETTINGS.items():
        assert setting.name == name
        assert setting.label
        assert setting.help.endswith(".")
        assert setting.default == getattr(RunOptions(), name)
    assert len({setting.label for setting in SETTINGS.values()}) == len(SETTINGS)


@pytest.mark.parametrize(
    ("name", "choices"),
    [("engine", EngineChoice), ("overwrite", Overwrite), ("redo", Redo), ("formats", OutputFormat)],
)
def test_settings_with_a_fixed_list_tell_it(name: str, choices: type[StrEnum]) -> None:
    assert SETTINGS[name].choices == tuple(choices)


def test_only_numbers_have_a_range() -> None:
    ranged = {name for name, setting in SETTINGS.items() if setting.maximum is not None}

    assert ranged == {
        "page_segmentation",
        "jobs",
        "chunk_size",
        "retries",
        "timeout",
        "worker_memory",
        "max_megapixels",
    }
