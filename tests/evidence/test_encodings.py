"""Texts in the encodings of many tools and machines: read as what they are, with some of their letters shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.read import read

TEXTS = {
    "de": (
        "Zeitstempel;Wie zufrieden bist du?;Rolle",
        "Sehr zufrieden;Führungskräfte",
        "Unzufrieden;Größere Ämter",
    ),
    "fr": (
        "Horodateur;Quelle est votre satisfaction ?;Rôle",
        "Très satisfait;Élève",
        "Pas du tout satisfait;Ingénieur à l'école",
    ),
    "es": (
        "Marca temporal;¿Qué tan satisfecho está usted?;Región",
        "Muy satisfecho;Mañana",
        "Insatisfecho;Otoño",
    ),
    "pl": (
        "Sygnatura czasowa;Jak bardzo jesteś zadowolony?;Dział",
        "Bardzo zadowolony;Społeczność",
        "Źle;Żałuję, że później",
    ),
    "ru": (
        "Отметка времени;Насколько вы довольны?;Роль",
        "Очень доволен;Учитель",
        "Скорее недоволен;Директор",
    ),
    "ja": ("タイムスタンプ;どのくらい満足していますか;役割", "とても満足;先生", "不満;校長"),
    "zh": ("时间戳记;您对社区满意吗？;角色", "非常满意;老师", "不满意;校长"),
    "tw": ("時間戳記;您對社群滿意嗎？;角色", "非常滿意;老師", "不滿意;校長"),
    "ar": ("طابع زمني;ما مدى رضاك عن المجتمع؟;الدور", "راض جدا;معلم", "غير راض;مدير"),
}
WRITTEN = [
    ("de", "cp1252"), ("de", "mac_roman"), ("fr", "cp1252"), ("fr", "mac_roman"), ("es", "cp1252"), ("pl", "cp1250"), ("ru", "cp1251"),
    ("ru", "mac_cyrillic"), ("ru", "koi8_r"), ("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gb18030"), ("tw", "big5"), ("ar", "cp1256"),
    *((language, codec) for language in TEXTS for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
]  # fmt: skip


@pytest.mark.parametrize("language, codec", WRITTEN)
def test_a_text_is_read_as_it_was_written(language: str, codec: str, tmp_path: Path) -> None:
    heads, *rows = TEXTS[language]
    text = (
        "\n".join([heads, *(f"2026-04-{10 + i % 9} 09:00:{i:02d};{rows[i % 2]}" for i in range(12))]) + "\n"
    )
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(codec))
    found = read(path)
    assert [c.name for c in found.columns] == heads.split(";")
    assert (found.format, found.records, found.period) == ("google-forms", 12, ("2026-04-10", "2026-04-18"))
    assert sorted(a.label for a in found.columns[1].answers) == sorted(row.split(";")[0] for row in rows)
    if not codec.startswith("utf"):
        assert any(
            "No UTF-8, so read as" in note and (heads.isascii() or "It then reads:" in note)
            for note in found.notes
        )


def test_a_person_says_which_encoding_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Когда;Роль\n2026-04-01;Учитель\n".encode("cp1251"))
    assert read(path, encoding="windows-1251").columns[1].name == "Роль"
    with pytest.raises(UserError, match=r"SV412.*'klingon' is no encoding"):
        read(path, encoding="klingon")
    with pytest.raises(UserError, match="SV412"):
        read(path, encoding="utf-8")
