"""The pinned versions fit the declared ones, for every Python that is supported."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]


def pins() -> dict[str, str]:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").split()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def requirements() -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(line) for line in declared]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_each_pin_fits(requirement: Requirement, python: str) -> None:
    if requirement.marker and not requirement.marker.evaluate({"python_version": python}):
        pytest.skip(f"not for Python {python}")
    assert canonicalize_name(requirement.name) in pins()
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])
