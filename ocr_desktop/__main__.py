"""The entry point: decides which front end runs. Also ``python -m ocr_desktop``.

Worker processes import this module again, so it must stay light: front ends are imported when needed.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Args:
        arguments: The command line without the program's name; by default that of the process.
    """
    from ocr_desktop.cli.main import run_command_line  # noqa: PLC0415

    return run_command_line(sys.argv[1:] if arguments is None else arguments, open_window=_open_window)


def _open_window(paths: Sequence[str]) -> int:
    from ocr_desktop.bootstrap import build_application  # noqa: PLC0415
    from ocr_desktop.gui.app import run_window  # noqa: PLC0415

    application = build_application()
    try:
        return run_window(application, paths)
    finally:
        application.close()


if __name__ == "__main__":
    sys.exit(main())
