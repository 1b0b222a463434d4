"""Names of languages by Tesseract's codes."""

from collections.abc import Iterable
from typing import Final

_NAMES: Final = {
    "afr": "Afrikaans",
    "amh": "Amharic",
    "ara": "Arabic",
    "asm": "Assamese",
    "aze": "Azerbaijani",
    "aze_cyrl": "Azerbaijani (Cyrillic)",
    "bel": "Belarusian",
    "ben": "Bengali",
    "bod": "Tibetan",
    "bos": "Bosnian",
    "bre": "Breton",
    "bul": "Bulgarian",
    "cat": "Catalan",
    "ceb": "Cebuano",
    "ces": "Czech",
    "chi_sim": "Chinese (simplified)",
    "chi_sim_vert": "Chinese (simplified, vertical)",
    "chi_tra": "Chinese (traditional)",
    "chi_tra_vert": "Chinese (traditional, vertical)",
    "chr": "Cherokee",
    "cos": "Corsican",
    "cym": "Welsh",
    "dan": "Danish",
    "dan_frak": "Danish (Fraktur)",
    "deu": "German",
    "deu_frak": "German (Fraktur, older data)",
    "deu_latf": "German (Fraktur)",
    "div": "Dhivehi",
    "dzo": "Dzongkha",
    "ell": "Greek",
    "eng": "English",
    "enm": "English (1100-1500)",
    "epo": "Esperanto",
    "equ": "Mathematical formulas",
    "est": "Estonian",
    "eus": "Basque",
    "fao": "Faroese",
    "fas": "Persian",
    "fil": "Filipino",
    "fin": "Finnish",
    "fra": "French",
    "frk": "German (Fraktur)",
    "frm": "French (1400-1600)",
    "fry": "Western Frisian",
    "gla": "Scottish Gaelic",
    "gle": "Irish",
    "glg": "Galician",
    "grc": "Greek (ancient)",
    "guj": "Gujarati",
    "hat": "Haitian Creole",
    "heb": "Hebrew",
    "hin": "Hindi",
    "hrv": "Croatian",
    "hun": "Hungarian",
    "hye": "Armenian",
    "iku": "Inuktitut",
    "ind": "Indonesian",
    "isl": "Icelandic",
    "ita": "Italian",
    "ita_old": "Italian (old)",
    "jav": "Javanese",
    "jpn": "Japanese",
    "jpn_vert": "Japanese (vertical)",
    "kan": "Kannada",
    "kat": "Georgian",
    "kat_old": "Georgian (old)",
    "kaz": "Kazakh",
    "khm": "Khmer",
    "kir": "Kyrgyz",
    "kmr": "Kurdish (Kurmanji)",
    "kor": "Korean",
    "kor_vert": "Korean (vertical)",
    "kur": "Kurdish",
    "kur_ara": "Kurdish (Arabic)",
    "lao": "Lao",
    "lat": "Latin",
    "lav": "Latvian",
    "lit": "Lithuanian",
    "ltz": "Luxembourgish",
    "mal": "Malayalam",
    "mar": "Marathi",
    "mkd": "Macedonian",
    "mlt": "Maltese",
    "mon": "Mongolian",
    "mri": "Maori",
    "msa": "Malay",
    "mya": "Burmese",
    "nep": "Nepali",
    "nld": "Dutch",
    "nor": "Norwegian",
    "oci": "Occitan",
    "ori": "Odia",
    "pan": "Punjabi",
    "pol": "Polish",
    "por": "Portuguese",
    "pus": "Pashto",
    "que": "Quechua",
    "ron": "Romanian",
    "rus": "Russian",
    "san": "Sanskrit",
    "sin": "Sinhala",
    "slk": "Slovak",
    "slk_frak": "Slovak (Fraktur)",
    "slv": "Slovenian",
    "snd": "Sindhi",
    "spa": "Spanish",
    "spa_old": "Spanish (old)",
    "sqi": "Albanian",
    "srp": "Serbian",
    "srp_latn": "Serbian (Latin)",
    "sun": "Sundanese",
    "swa": "Swahili",
    "swe": "Swedish",
    "syr": "Syriac",
    "tam": "Tamil",
    "tat": "Tatar",
    "tel": "Telugu",
    "tgk": "Tajik",
    "tgl": "Tagalog",
    "tha": "Thai",
    "tir": "Tigrinya",
    "ton": "Tongan",
    "tur": "Turkish",
    "uig": "Uyghur",
    "ukr": "Ukrainian",
    "urd": "Urdu",
    "uzb": "Uzbek",
    "uzb_cyrl": "Uzbek (Cyrillic)",
    "vie": "Vietnamese",
    "yid": "Yiddish",
    "yor": "Yoruba",
}
"""Code -> name, of all language data that comes with Tesseract 4 and 5."""
_RENAMED: Final = {"deu_frak", "frk", "kur", "dan_frak", "slk_frak", "equ"}
"""Codes that are not offered to get, because others have taken their place or they hold no language."""
_SCRIPT: Final = "script/"
_VERTICAL: Final = "_vert"


def language_name(code: str) -> str:
    """Return the English name of a language or script; a code that is not known stands for itself."""
    if code.startswith(_SCRIPT):
        return _script_name(code.removeprefix(_SCRIPT))
    return _NAMES.get(code, code)


def named_all(codes: Iterable[str]) -> str:
    """Return names with codes for a sentence: ``German (deu), xyz``; of an unknown language just the code."""
    names = ((language_name(code), code) for code in codes)
    return ", ".join(code if name == code else f"{name} ({code})" for name, code in names)


def codes_to_get() -> tuple[str, ...]:
    """Return the codes of all languages for which there is data to get, in order."""
    return tuple(code for code in _NAMES if code not in _RENAMED)


def _script_name(script: str) -> str:
    """Name a script: ``script/Japanese_vert`` holds all languages that are written with it."""
    plain = script.removesuffix(_VERTICAL)
    return f"All in {plain} script{', vertical' if plain != script else ''}"
