"""Opens the settings, and fills in what takes a moment to find out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ocr_desktop.gui.background.background_stream import BackgroundStream
from ocr_desktop.gui.settings.settings_dialog import SettingsDialog
from ocr_desktop.gui.settings.window_settings import WindowSettings
from ocr_desktop.services.engines.catalog import EngineCatalog


def open_settings(engines: EngineCatalog, settings: WindowSettings, parent: QWidget) -> SettingsDialog:
    """Show the settings; returns at once, and the dialog goes when it is closed.

    Args:
        engines: Asked on a thread of its own which languages there are.
        settings: What is shown.
        parent: The window that the dialog belongs to.
    """
    dialog = SettingsDialog(settings, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    probe = BackgroundStream("engine-probe", lambda: [engines.statuses()], dialog)
    probe.batch.connect(lambda batch: dialog.show_engines(batch[0]))
    dialog.finished.connect(probe.stop)
    probe.start()
    dialog.open()
    return dialog
