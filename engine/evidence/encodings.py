"""How the text of a file without a mark may be written, the likeliest way first: by its letters, and by headings that tools are known to write."""

from __future__ import annotations

SAMPLE = 262_144  # bytes that are looked at
DISORDER = (
    0.2,
    0.5,
)  # how disorderly a text may look, of 1; more only where nothing else is left, as in a short one
NEARLY = 0.1  # what lies nearer is alike: then the more common encoding is taken
CODECS = (
    "cp1252", "cp1250", "cp1251", "mac_roman", "mac_cyrillic", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1256", "cp1253",
    "cp1254", "cp1255", "koi8_r",
)  # fmt: skip
TITLES = {
    "cp1252": "Windows-1252 (Western European)", "cp1250": "Windows-1250 (Central European)", "cp1251": "Windows-1251 (Cyrillic)",
    "mac_roman": "Mac Roman", "mac_cyrillic": "Mac Cyrillic", "cp932": "Shift-JIS (Japanese)", "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)", "big5": "Big5 (Chinese)", "cp949": "Windows-949 (Korean)", "cp1256": "Windows-1256 (Arabic)",
    "cp1253": "Windows-1253 (Greek)", "cp1254": "Windows-1254 (Turkish)", "cp1255": "Windows-1255 (Hebrew)", "koi8_r": "KOI8-R (Cyrillic)",
}  # fmt: skip
TOOLS = (
    "google-forms",
    "microsoft-forms",
    "surveymonkey",
    "typeform",
    "limesurvey",
    "teams",
    "zoom",
    "matomo",
)


def likely(sample: bytes) -> list[str]:
    """Codecs, the likeliest first. Of two that read the same text, the more common one."""
    import charset_normalizer

    fits: list[charset_normalizer.CharsetMatch] = []
    for worst in DISORDER:
        found = charset_normalizer.from_bytes(
            sample[:SAMPLE], cp_isolation=list(CODECS), threshold=worst, preemptive_behaviour=False
        )
        fits = fits or [match for match in found if match.encoding in CODECS]
    fits.sort(
        key=lambda m: (round(m.chaos / NEARLY), -round(m.coherence / (2 * NEARLY)), CODECS.index(m.encoding))
    )
    named = [match.encoding for match in fits]
    if not named:
        return []
    texts = {codec: sample[:SAMPLE].decode(codec, "replace") for codec in {*named, CODECS[0]}}
    if texts[named[0]] == texts[CODECS[0]]:
        named = [CODECS[0], *(codec for codec in named if codec != CODECS[0])]
    return sorted(named, key=lambda codec: -_known(texts[codec]))


def _known(text: str) -> int:
    """How many headings of known tools stand in the first line of a text; those in plain ASCII say nothing."""
    from sharedvalue.engine.evidence.layout import folded
    from sharedvalue.engine.evidence.words import tool

    first = folded(text.split("\n", 1)[0])
    headings = {name for each in TOOLS for written in tool(each).headings.values() for name in written}
    return sum(not name.isascii() and name in first for name in headings)


def shown(text: str) -> str:
    """Some words with letters that another encoding would show otherwise, from the first line of a text."""
    words = [
        word.strip("\"',;:?!()[]")
        for word in text.split("\n", 1)[0].replace(",", " ").replace(";", " ").split()
    ]
    return ", ".join(dict.fromkeys(word[:30] for word in words if not word.isascii()))[:120]
