"""The real command line over a fake engine: ``python -m tests.fakes.command_line ENGINE ARGUMENT...``."""

import sys

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.cli.main import run_command_line
from tests.fakes import engines


def main() -> int:
    engine, *arguments = sys.argv[1:]

    def build() -> Application:
        return build_application(engines=[getattr(engines, engine)])

    return run_command_line(arguments, open_window=lambda _paths: 99, build=build)


if __name__ == "__main__":
    sys.exit(main())
