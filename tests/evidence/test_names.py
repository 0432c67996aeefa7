"""Two hundred invented names in six scripts, in every place of an export where a name may stand: none is in any output."""

from __future__ import annotations

import csv
import random
from functools import lru_cache
from pathlib import Path

import pytest
from faker import Faker

from sharedvalue.engine.evidence.read import read
from tests.cli.calling import call

LOCALES = {
    "en_GB": "Latin", "de_DE": "Latin", "fr_FR": "Latin", "es_ES": "Latin", "pl_PL": "Latin", "pt_BR": "Latin", "ru_RU": "Cyrillic",
    "uk_UA": "Cyrillic", "ar_SA": "Arabic", "zh_CN": "Han", "ja_JP": "Han", "hi_IN": "Devanagari", "el_GR": "Greek",
}  # fmt: skip
HEADINGS = {
    "en": (
        "Your name (optional)",
        "How satisfied are you?",
        "What do you need?",
        "Anything else?",
        "Your role",
    ),
    "fr": (
        "Nom et prénom",
        "Quelle est votre satisfaction ?",
        "De quoi avez-vous besoin ?",
        "Autre chose ?",
        "Votre rôle",
    ),
    "es": ("Nombre y apellidos", "¿Qué tan satisfecho está?", "¿Qué necesita?", "¿Algo más?", "Su función"),
    "pt": ("Nome completo", "Quão satisfeito está?", "Do que precisa?", "Algo mais?", "A sua função"),
    "de": ("Vor- und Nachname", "Wie zufrieden bist du?", "Was brauchst du?", "Noch etwas?", "Deine Rolle"),
    "it": ("Nome e cognome", "Quanto è soddisfatto?", "Di cosa ha bisogno?", "Altro?", "Il suo ruolo"),
    "nl": ("Voornaam en achternaam", "Hoe tevreden bent u?", "Wat heeft u nodig?", "Nog iets?", "Uw rol"),
    "pl": (
        "Imię i nazwisko",
        "Jak bardzo jesteś zadowolony?",
        "Czego potrzebujesz?",
        "Coś jeszcze?",
        "Twoja rola",
    ),
    "ru": ("Фамилия и имя", "Насколько вы довольны?", "Что вам нужно?", "Что-нибудь ещё?", "Ваша роль"),
    "ar": ("الاسم الكامل", "ما مدى رضاك؟", "ماذا تحتاج؟", "أي شيء آخر؟", "دورك"),
    "zh": ("姓名", "您满意吗？", "您需要什么？", "还有什么？", "您的角色"),
    "ja": ("お名前", "満足していますか", "何が必要ですか", "その他", "役割"),
}
CASE = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  members_total: 400\n"


@lru_cache
def names() -> tuple[str, ...]:
    """Two hundred names, the same each time."""
    found: dict[str, None] = {}
    for number, locale in enumerate(LOCALES):
        fake = Faker(locale)
        fake.seed_instance(number)
        for _ in range(16):
            found[
                f"{fake.first_name()} {fake.last_name()}"
                if LOCALES[locale] != "Han"
                else fake.last_name() + fake.first_name()
            ] = None
    return tuple(found)[:200]


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def everything(path: Path, folder: Path, *into: str) -> str:
    """All that the command says and writes of a file."""
    (folder / "s.yaml").write_text(CASE, encoding="utf-8")
    said = [call("import", str(path), *flags) for flags in ((), ("--all",), ("--json",))]
    copy = folder / f"{path.stem}-copy.csv"
    said.append(call("import", str(path), "--pseudonyms", str(copy), "--salt", str(folder / "salt.txt")))
    said.append(
        call(
            "import",
            str(path),
            "--into",
            str(folder / "s.yaml"),
            "--write-mapping",
            str(folder / f"{path.stem}.yaml"),
            *into,
        )
    )
    said.append(call("import", str(path), "--into", str(folder / "s.yaml"), "--json", *into))
    written = [
        p.read_text(encoding="utf-8") for p in folder.iterdir() if p.suffix in (".yaml", ".bak") or p == copy
    ]
    return "\n".join([*(each.out + each.err for each in said), *written])


def leaked(text: str) -> list[str]:
    return [name for name in names() if name in text]


def test_the_names_are_two_hundred_in_six_scripts() -> None:
    assert len(set(names())) == 200
    assert len(set(LOCALES.values())) == 6


@pytest.mark.parametrize("language", HEADINGS)
def test_no_name_of_a_form_is_told(language: str, tmp_path: Path) -> None:
    who, happy, needs, more, role = HEADINGS[language]
    chance = random.Random(language)
    rows: list[list[object]] = [["Timestamp", who, happy, needs, more, role]]
    for number, name in enumerate(names()):
        need = chance.choice(["Peer advice", "Templates", "Peer advice, Templates"])
        own = f", {name}" if number % 9 == 0 else ""  # typed under "Other"
        text = f"Please thank {name} for me" if number % 3 else ""
        work = "Teacher" if number % 7 else name  # somebody writes a name where a role is asked for
        rows.append(
            [
                f"4/{13 + number % 15}/2026 09:00:{number % 60:02d}",
                name,
                number % 5 + 1,
                need + own,
                text,
                work,
            ]
        )
    assert leaked(everything(write(tmp_path / "form.csv", rows), tmp_path)) == []


@pytest.mark.parametrize(
    "heading",
    ["Facilitator", "Your manager", "Who helped you most?", "Ansprechperson Name", "谁", "Кто вам помог?"],
)
def test_the_same_few_names_again_and_again_are_not_told(heading: str, tmp_path: Path) -> None:
    rows: list[list[object]] = [["Timestamp", heading, "How useful?"]]
    rows += [[f"4/{13 + i % 15}/2026 09:00:{i % 60:02d}", names()[i % 12], i % 5 + 1] for i in range(60)]
    assert leaked(everything(write(tmp_path / "form.csv", rows), tmp_path)) == []


@pytest.mark.parametrize("start", range(0, 200, 8))
def test_names_under_a_heading_that_says_nothing_are_held_back(start: int, tmp_path: Path) -> None:
    some = names()[start : start + 8]
    rows: list[list[object]] = [["Timestamp", "Choice 7", "How useful?"]]
    rows += [[f"4/{13 + i % 15}/2026 09:00:{i % 60:02d}", some[i % 8], i % 5 + 1] for i in range(48)]
    assert leaked(everything(write(tmp_path / "form.csv", rows), tmp_path)) == []


@pytest.mark.parametrize("language", ["en", "fr", "de", "ru", "zh", "ar"])
def test_no_name_of_a_meeting_is_told(language: str, tmp_path: Path) -> None:
    heads = {
        "en": ("Name (Original Name)", "User Email", "Join Time", "Guest"), "fr": ("Nom (nom original)", "E-mail", "Heure d'arrivée", "Invité"),
        "de": ("Name (Originalname)", "E-Mail", "Beitrittszeit", "Gast"), "ru": ("Имя (исходное имя)", "Электронная почта", "Время входа", "Гость"),
        "zh": ("名称（原始名称）", "用户电子邮件", "加入时间", "访客"), "ar": ("الاسم (الاسم الأصلي)", "البريد الإلكتروني", "وقت الانضمام", "ضيف"),
    }[language]  # fmt: skip
    rows: list[list[object]] = [
        ["Topic", "Meeting ID", "Start Time"],
        [f"{names()[0]}'s Zoom Meeting", "811", "05/14/2026 03:00:00 PM"],
        [],
    ]
    rows.append(list(heads))
    rows += [[name, "", "05/14/2026 03:05:00 PM", "No"] for name in names()]
    path = write(tmp_path / "meeting.csv", rows)
    assert read(path).format == "zoom"
    assert leaked(everything(path, tmp_path)) == []


def test_no_name_of_a_register_is_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [["member_id", "name", "joined", "segment"]]
    rows += [
        [f"m{i}", name, "2024-01-01", name if i % 11 == 0 else "Teachers"] for i, name in enumerate(names())
    ]
    assert leaked(everything(write(tmp_path / "register.csv", rows), tmp_path)) == []


def test_a_mistake_in_a_mapping_tells_no_name(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Timestamp", "How useful?"]]
    rows += [
        [f"4/{13 + i % 15}/2026 09:00:{i % 60:02d}", name if i % 3 else "Useful"]
        for i, name in enumerate(names())
    ]
    path = write(tmp_path / "form.csv", rows)
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "mapping: 1\ncolumns:\n  - {column: How useful?, role: value_now, counts: [Useful], known: [Useful, Not useful]}\n",
        encoding="utf-8",
    )
    text = everything(path, tmp_path, "--mapping", str(mapping))
    assert "SV453" in text
    assert leaked(text) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_first_names_under_a_heading_that_says_nothing_are_held_back(locale: str, tmp_path: Path) -> None:
    fake = Faker(locale)
    fake.seed_instance(7)
    firsts = tuple(dict.fromkeys(fake.first_name() for _ in range(60)))[:12]
    rows: list[list[object]] = [["Timestamp", "Question 7", "How useful?"]]
    rows += [[f"4/{13 + i % 15}/2026 09:00:{i % 60:02d}", firsts[i % 12], i % 5 + 1] for i in range(60)]
    found = read(write(tmp_path / "form.csv", rows))
    assert [c.kind for c in found.columns] == ["date", "held-back", "scale"]
    assert not found.columns[1].answers


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Where do you live?", "France Spain Georgia Jordan Chad Italy Brazil India"),
        ("Was brauchen Sie?", "Vorlagen Austausch Beratung Schulung Kontakte Geld Zeit Anerkennung"),
        ("Which language do you use?", "Julia Python Ruby Crystal Perl Java Scala Ada"),
        ("How useful is it?", "Excellent Good Fair Poor"),
        ("Question 7", "Einkauf Recht Personal Vertrieb"),
        ("您需要什么？", "模板 培训 经验 建议 会议 资金 时间 认可"),
    ],
)
def test_single_words_that_name_nobody_are_not_held_back(heading: str, said: str, tmp_path: Path) -> None:
    words = said.split()
    rows: list[list[object]] = [["Timestamp", heading]]
    rows += [[f"4/{13 + i % 15}/2026 09:00:{i % 60:02d}", words[i % len(words)]] for i in range(60)]
    assert read(write(tmp_path / "form.csv", rows)).columns[1].kind in ("choice", "scale")
