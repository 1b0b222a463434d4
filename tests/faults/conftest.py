"""What all tests of faults share: how many rounds, the seed, and the table at the end."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.campaign import Scene
from tests.faults.tally import Tally

_FEW_ROUNDS = 3
_SECONDS_A_ROUND = 30
_TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--faults-rounds", type=int, default=_FEW_ROUNDS, help="How often to do each harm.")
    group.addoption("--faults-seed", type=int, default=None, help="Seed of all random moments.")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = Tally()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test of this folder a time limit that grows with the rounds."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(120 + _rounds(config) * _SECONDS_A_ROUND))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash.get(_TALLY, None)
    if tally is not None and tally.rows:
        terminalreporter.section("faults")
        for line in tally.lines():
            terminalreporter.line(line)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often to do the harm."""
    return _rounds(request.config)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Where to note what was done."""
    # As part of a larger run this file is loaded too late to be asked to configure.
    if _TALLY not in request.config.stash:
        request.config.stash[_TALLY] = Tally()
    return request.config.stash[_TALLY]


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers; the seed is printed, so that a failure shows it."""
    seed = request.config.getoption("--faults-seed", default=None)
    seed = time.time_ns() % 1_000_000 if seed is None else seed
    print(f"again with: --faults-seed {seed}")  # noqa: T201 - shown with a failure
    return random.Random(seed)


MakeScene = Callable[..., Scene]


@pytest.fixture
def make_scene(tmp_path: Path) -> Iterator[MakeScene]:
    """Return a function that makes a place for runs: ``make_scene(20, engine="SLOW")``."""
    with ExitStack() as scenes:

        def make(images: int, *, engine: str = "SLOW", root: Path = tmp_path) -> Scene:
            folder = root / f"scene-{len(list(root.iterdir()))}"
            scene = scenes.enter_context(Scene(folder, engine=engine))
            scene.add_images(images)
            return scene

        yield make


def _rounds(config: pytest.Config) -> int:
    return int(config.getoption("--faults-rounds", default=_FEW_ROUNDS) or _FEW_ROUNDS)
