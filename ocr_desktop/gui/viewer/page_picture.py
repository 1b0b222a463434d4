"""The picture of a page in a scene, drawn from tiles; what is not cut yet is drawn from coarser ones."""

from collections import OrderedDict

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ocr_desktop.gui.viewer.page_pyramid import TILE, PagePyramid, TileKey
from ocr_desktop.gui.viewer.tile_maker import MadeTile, TileMaker

_MAX_TILES = 224
"""Kept for drawing, a megabyte each; more than the largest screens show at once."""
_CRISP = 4.0
"""From this magnification on single pixels are shown as squares."""


class PagePicture(QGraphicsItem):
    """Draws the page that :meth:`show_page` was given. The scene counts in pixels of the upright image.

    Args:
        maker: Cuts the tiles; tell this item of each by :meth:`add_tile`.
    """

    def __init__(self, maker: TileMaker) -> None:
        """Start empty."""
        super().__init__()
        self._maker = maker
        self._pyramid: PagePyramid | None = None
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._wanted: list[TileKey] = []
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_page(self, pyramid: PagePyramid | None) -> None:
        """Show another page; None shows nothing."""
        self.prepareGeometryChange()
        self._pyramid = pyramid
        self._tiles.clear()
        self._wanted = []
        self.update()

    def add_tile(self, tile: MadeTile) -> None:
        """Keep a tile, and draw it where it is seen."""
        if tile.pyramid is not self._pyramid:
            return
        self._tiles[tile.key] = tile.picture
        while len(self._tiles) > _MAX_TILES:
            self._tiles.popitem(last=False)
        self.update(_place(tile.key, tile.picture))

    @property
    def is_sharp(self) -> bool:
        """Whether everything that was drawn last had all its detail."""
        return self._pyramid is not None and not any(key not in self._tiles for key in self._wanted)

    def _draw(self, painter: QPainter, pyramid: PagePyramid, exposed: QRectF) -> None:
        transform, device = painter.worldTransform(), painter.device()
        ratio = device.devicePixelRatioF()
        zoom = transform.m11()
        level = pyramid.level_for(zoom * ratio)
        seen = exposed.intersected(self.boundingRect())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom * ratio < _CRISP)
        if level == pyramid.top:
            whole = QRectF(0, 0, pyramid.width, pyramid.height)
            painter.drawImage(whole, pyramid.base)
            return
        # By whole device pixels and without a transform: else there would be fine lines between the tiles.
        painter.resetTransform()
        for key in pyramid.keys_in(level, seen.left(), seen.top(), seen.right(), seen.bottom()):
            picture, source, key_drawn = self._find(pyramid, key)
            if key_drawn is not key:
                self._wanted.append(key)
            edge = TILE << level
            place = QRectF(key.column * edge, key.row * edge, edge, edge).intersected(self.boundingRect())
            painter.drawImage(_aligned(transform.mapRect(place), ratio), picture, source)

    def _find(self, pyramid: PagePyramid, key: TileKey) -> tuple[QImage, QRectF, TileKey]:
        """Return the best picture there is for a tile, and which part of that picture it is."""
        full = float(TILE)
        for up in range(pyramid.top - key.level + 1):
            at = key if up == 0 else TileKey(key.level + up, key.column >> up, key.row >> up)
            picture = pyramid.base if at.level == pyramid.top else self._tiles.get(at)
            if picture is None:
                continue
            if up == 0:
                self._tiles.move_to_end(key)
            part = full / (1 << up)
            left, top = key.column * part, key.row * part
            if at.level != pyramid.top:
                left, top = left - at.column * full, top - at.row * full
            source = QRectF(left, top, part, part).intersected(QRectF(picture.rect()))
            return picture, source, at
        raise AssertionError  # the coarsest level is always there

    # -- Qt

    def boundingRect(self) -> QRectF:
        """The page."""
        if self._pyramid is None:
            return QRectF()
        return QRectF(0, 0, self._pyramid.width, self._pyramid.height)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw what is exposed, and ask for the tiles that are missing."""
        del widget
        pyramid = self._pyramid
        if pyramid is None:
            return
        exposed: QRectF = option.exposedRect
        before = [key for key in self._wanted if key not in self._tiles]
        self._wanted = []
        painter.save()
        self._draw(painter, pyramid, exposed)
        painter.restore()
        if self._wanted:
            level = self._wanted[0].level
            older = [key for key in before if key.level == level and key not in self._wanted]
            self._wanted += older[:_MAX_TILES]
            self._maker.want(pyramid, self._wanted)
        else:
            self._wanted = before


def _aligned(rect: QRectF, ratio: float) -> QRectF:
    left, top = round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio
    right, bottom = round(rect.right() * ratio) / ratio, round(rect.bottom() * ratio) / ratio
    return QRectF(left, top, right - left, bottom - top)


def _place(key: TileKey, picture: QImage) -> QRectF:
    edge, pixel = TILE << key.level, 1 << key.level
    return QRectF(key.column * edge, key.row * edge, picture.width() * pixel, picture.height() * pixel)
