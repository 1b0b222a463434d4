"""The pane on the right: the current image large, and what is known of it."""

from PySide6.QtCore import QDateTime, QEvent, QLocale, QModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.browser.preview_picture import PreviewPicture
from ocr_desktop.gui.browser.preview_source import LargePreview, PreviewSource, Render
from ocr_desktop.gui.grid.pixmap_cache import pixmap_of
from ocr_desktop.gui.grid.turned import turn_text
from ocr_desktop.gui.images.image_list_model import ImageListModel
from ocr_desktop.gui.look.appearance import GRID, state_colour, state_pixmap
from ocr_desktop.gui.look.elided_label import ElidedLabel
from ocr_desktop.gui.look.state_text import full_state
from ocr_desktop.services.image_facts import ImageFacts
from ocr_desktop.services.thumbnails import Bitmap, Unshowable

_ICON = 16


class PreviewPane(QWidget):
    """Loads only while it is visible."""

    def __init__(
        self,
        model: ImageListModel,
        render: Render,
        actions: tuple[QAction, ...],
        parent: QWidget | None = None,
    ) -> None:
        """Show nothing yet.

        Args:
            model: The images.
            render: Makes previews, in the background.
            actions: What the buttons below the picture do.
            parent: Qt's parent.
        """
        super().__init__(parent)
        self._model = model
        self._image_id: int | None = None
        self._wanted: str | None = None
        self._source_picture: QPixmap | None = None
        self._source = PreviewSource("preview-pane", render, self)
        self._source.loaded.connect(self._take)
        self.picture = PreviewPicture()
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.facts = _wrapping_label()
        self._state_icon = QLabel()
        self.state = _wrapping_label()
        self.turn = _wrapping_label()
        self.buttons = [_button(action) for action in actions]
        self._lay_out()
        self.setAccessibleName(self.tr("Preview"))
        model.dataChanged.connect(self._follow_change)
        model.modelReset.connect(self._refresh)
        self._refresh()

    @property
    def image_id(self) -> int | None:
        """The image that is shown."""
        return self._image_id

    def show_image(self, image_id: int | None) -> None:
        """Show another image, or none."""
        if image_id != self._image_id:
            self._image_id = image_id
            self._source_picture = None
            self.picture.setToolTip("")
        self._refresh()

    def stop(self) -> None:
        """End the thread."""
        self._source.stop()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, 0, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.name)
        layout.addWidget(self.facts)
        state_row = QHBoxLayout()
        state_row.setSpacing(GRID)
        state_row.addWidget(self._state_icon, 0, Qt.AlignmentFlag.AlignTop)
        state_row.addWidget(self.state, 1)
        layout.addLayout(state_row)
        layout.addWidget(self.turn)
        button_row = QHBoxLayout()
        button_row.setSpacing(GRID)
        button_row.addStretch(1)
        for button in self.buttons:
            button_row.addWidget(button)
        button_row.addStretch(1)
        layout.addLayout(button_row)

    @Slot()
    def _refresh(self) -> None:
        """Show what the model says of the image; load the picture if it is not here."""
        image_id = self._image_id
        if image_id is None or not self._model.has(image_id):
            self._show_nothing()
            return
        path = self._model.image(image_id).path
        self.name.setText(self._model.name(image_id))
        self.name.setToolTip(printable(path))
        self._show_state(image_id)
        degrees = self._model.rotation(image_id)
        self.turn.setText(turn_text(degrees))
        self.turn.setVisible(bool(degrees))
        stand_in = self._model.thumbnail(image_id)
        if self._source_picture is not None:
            self.picture.show_picture(self._source_picture, degrees)
        elif stand_in is not None and stand_in.pixmap is not None:
            self.picture.show_picture(stand_in.pixmap, degrees, largest_scale=8)
        if self.isVisible() and self._wanted != path:
            self._wanted = path
            self.facts.setText("")
            if stand_in is None:
                self.picture.show_picture(None, 0)
            self._source.want(path)

    def _show_nothing(self) -> None:
        self._image_id = self._wanted = self._source_picture = None
        self._source.want(None)
        self.picture.show_picture(None, 0)
        self.name.setText("")
        self.facts.setText(self.tr("Choose an image to see it here."))
        self.state.setText("")
        self._state_icon.clear()
        self.turn.hide()

    def _show_state(self, image_id: int) -> None:
        state = self._model.state(image_id)
        self.state.setText(full_state(state, self._model.outcome(image_id)))
        palette = self.state.palette()
        palette.setColor(self.state.foregroundRole(), state_colour(state, self.palette()))
        self.state.setPalette(palette)
        self._state_icon.setPixmap(state_pixmap(state, self.palette(), _ICON, self.devicePixelRatioF()))

    @Slot(object)
    def _take(self, preview: LargePreview) -> None:
        if preview.path != self._wanted or self._image_id is None:
            return
        degrees = self._model.rotation(self._image_id)
        if isinstance(preview.answer, Bitmap):
            self._source_picture = pixmap_of(preview.answer)
            self.picture.show_picture(self._source_picture, degrees)
            self.picture.setToolTip("")
        elif isinstance(preview.answer, Unshowable):
            self.picture.show_broken()
            self.picture.setToolTip(preview.answer.reason)
        self.facts.setText(facts_text(preview.facts, self.locale()))

    @Slot(QModelIndex, QModelIndex)
    def _follow_change(self, first: QModelIndex, last: QModelIndex) -> None:
        row = None if self._image_id is None else self._model.row_of(self._image_id)
        if row is not None and first.row() <= row <= last.row():
            self._refresh()

    # -- Qt

    def sizeHint(self) -> QSize:
        """Room for a page."""
        return QSize(40 * GRID, 60 * GRID)

    def showEvent(self, event: QShowEvent) -> None:
        """Load what was chosen while nobody could see it."""
        super().showEvent(event)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self._refresh()


def facts_text(facts: ImageFacts | None, locale: QLocale) -> str:
    """Return size and date of an image in one line."""
    if facts is None:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(int(facts.modified))
    parts = [
        locale.formattedDataSize(facts.bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat),
        locale.toString(moment, QLocale.FormatType.ShortFormat),
    ]
    if facts.width:
        parts.insert(
            0, f"{locale.toString(facts.width)} \N{MULTIPLICATION SIGN} {locale.toString(facts.height)} px"
        )
    return " · ".join(parts)


def _wrapping_label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setDefaultAction(action)
    return button
