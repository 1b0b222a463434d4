"""What the settings of the window itself are called; their types and defaults are in ``window_settings``."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from ocr_desktop.domain.options import SettingInfo
from ocr_desktop.gui.settings.window_settings import Theme, WindowSettings

_DEFAULTS = WindowSettings()


def describe_window_settings() -> dict[str, SettingInfo]:
    """Return name -> description of each setting of the window that can be edited."""
    return {info.name: info for info in _INFOS}


def _info(name: str, label: object, help_: object, choices: tuple[str, ...] = ()) -> SettingInfo:
    return SettingInfo(
        name=name,
        label=str(label),
        help=str(help_),
        default=getattr(_DEFAULTS, name),
        minimum=None,
        maximum=None,
        choices=choices,
    )


_INFOS = (
    _info(
        "theme",
        QT_TRANSLATE_NOOP("Settings", "Colours"),
        QT_TRANSLATE_NOOP("Settings", "Light or dark, or as the system has it, which is then followed."),
        tuple(Theme),
    ),
    _info(
        "notify",
        QT_TRANSLATE_NOOP("Settings", "Notifications"),
        QT_TRANSLATE_NOOP(
            "Settings", "Tell of the end of a run on the desktop while the window is not in front."
        ),
    ),
    _info(
        "hover_preview",
        QT_TRANSLATE_NOOP("Settings", "Larger picture under the pointer"),
        QT_TRANSLATE_NOOP("Settings", "Show a larger picture while the pointer rests on a thumbnail."),
    ),
)
