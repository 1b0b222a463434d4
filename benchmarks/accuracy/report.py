"""The report: one HTML file with the table, what lost, and the worst images beside their text."""

import base64
import io
from collections.abc import Sequence
from html import escape

from benchmarks.accuracy.measuring import Row
from benchmarks.accuracy.readers import MOST_PIXELS, OURS
from benchmarks.accuracy.table import LOSS, Loss, Summary, as_text
from ocr_desktop.domain.errors import KnownError
from ocr_desktop.services.image_loader import load_upright

_PICTURE_SIDE = 700
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
pre { font: 12px/1.35 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
pre.table { white-space: pre; overflow-x: auto; }
section { border-top: 1px solid #8888; padding: 1rem 0; }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem; }
img { max-width: 100%; border: 1px solid #8888; }
h3 { font-size: 0.95rem; margin: 0 0 0.3rem; }
"""


def as_html(
    heading: Sequence[str],
    summaries: Sequence[Summary],
    lost: Sequence[Loss],
    rows: Sequence[Row],
    truths: dict[tuple[str, str], str],
    *,
    worst: int,
) -> str:
    """Return the report.

    Args:
        heading: Versions, seed, options; one line each.
        summaries: The table.
        lost: Images that lost against stock.
        rows: All rows.
        truths: The true text by set and image.
        worst: How many images to show: those that ours reads worst by word F1.
    """
    ours = sorted((row for row in rows if row.reader == OURS), key=lambda row: (row.word_f1, row.image))
    by_image: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_image.setdefault((row.set_name, row.image), []).append(row)
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Accuracy</title>",
        f"<style>{_STYLE}</style><h1>Accuracy</h1>",
        f"<pre>{escape(chr(10).join(heading))}</pre>",
        f"<h2>Means</h2><pre class='table'>{escape(as_text(summaries))}</pre>",
        f"<h2>Images that lost more than {LOSS} in word F1 against stock: {len(lost)}</h2>",
        *(_loss(loss) for loss in lost),
        f"<h2>The {min(worst, len(ours))} that were read worst</h2>",
        *(
            _section(by_image[row.set_name, row.image], truths[row.set_name, row.image])
            for row in ours[:worst]
        ),
        "</html>",
    ]
    return "\n".join(parts)


def _loss(loss: Loss) -> str:
    return (
        f"<p><b>{escape(loss.set_name)}/{escape(loss.image)}</b>: {loss.stock_f1:.3f} &rarr; "
        f"{loss.ours_f1:.3f}. {escape(loss.note)}</p>"
    )


def _section(rows: Sequence[Row], truth: str) -> str:
    first = rows[0]
    texts = "".join(
        f"<div><h3>{escape(row.reader)}: F1 {row.word_f1:.3f}, CER {row.error_rate:.3f}</h3>"
        f"<pre>{escape(row.text)}</pre><p>{escape(row.note)}</p></div>"
        for row in rows
    )
    return (
        f"<section><h3>{escape(first.set_name)}/{escape(first.image)}</h3><div class='texts'>"
        f"<div>{_picture(first.path)}</div><div><h3>truth</h3><pre>{escape(truth)}</pre></div>{texts}</div></section>"
    )


def _picture(path: str) -> str:
    try:
        image = load_upright(path, max_pixels=MOST_PIXELS).image
    except KnownError as error:
        return f"<p>{escape(str(error))}</p>"
    image.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return f"<img alt='' src='data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}'>"
