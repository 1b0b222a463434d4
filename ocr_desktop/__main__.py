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
    try:
        from ocr_desktop.cli.main import run_command_line  # noqa: PLC0415
    except KeyboardInterrupt:
        return 130

    return run_command_line(sys.argv[1:] if arguments is None else arguments, open_window=_open_window)


def _open_window(paths: Sequence[str]) -> int:
    from ocr_desktop.gui.display import require_display  # noqa: PLC0415

    require_display()  # before anything of Qt is imported: its libraries may be missing
    from ocr_desktop.bootstrap import build_application  # noqa: PLC0415
    from ocr_desktop.gui.app import run_window  # noqa: PLC0415
    from ocr_desktop.services.logs import start_logging, stop_logging  # noqa: PLC0415

    application = build_application()
    try:
        start_logging(application.folders.logs)
        return run_window(application, paths)
    finally:
        application.close()
        stop_logging()


if __name__ == "__main__":
    sys.exit(main())
