"""An image that has been read, and whose text can be corrected."""

from pathlib import Path

from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.domain.verification import Finding
from ocr_desktop.services.result_reader import read_result
from ocr_desktop.services.result_saver import ResultTarget, save_result
from ocr_desktop.services.verifier import verify
from tests.fakes.results import document_of

BOTH = (OutputFormat.JSON, OutputFormat.TXT)
OWN = "Hällo wörld\n"
BETTER = "Hello world, at last\n"
ATTEMPT = "t1"
TXT_BEGIN = "-" * 72 + "\n\n"


class CorrectionDesk:
    """An image that has been read."""

    def __init__(self, folder: Path, formats: tuple[OutputFormat, ...] = BOTH) -> None:
        self.folder = folder
        self.image = folder / "a.png"
        self.image.write_text("pixels", encoding="utf-8")
        self.formats = formats
        self.files = list(self.read())

    def read(self, **changes: object) -> dict[str, str]:
        target = ResultTarget(folder=str(self.folder), stem="a", token=ATTEMPT)
        return save_result(document_of(self.image, **changes), target, self.formats)

    @property
    def json(self) -> Path:
        return self.folder / "a_ocr_results.json"

    @property
    def txt(self) -> Path:
        return self.folder / "a_ocr_results.txt"

    @property
    def document(self) -> ResultDocument:
        return read_result(self.json)

    @property
    def text(self) -> str:
        return self.txt.read_bytes().decode("utf-8").split(TXT_BEGIN, 1)[1]

    def verify(self) -> Finding:
        (finding,) = verify([str(self.folder)])
        return finding

    def contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}
