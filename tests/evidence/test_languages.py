"""An export of each tool in each of eight languages: known for what it is, unfinished answers and guests told apart, a yes offered as one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sharedvalue.engine.evidence.built_in import Said, built_in
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import candidates
from sharedvalue.engine.evidence.imports import Import, prepare
from sharedvalue.engine.evidence.read import read
from tests.evidence.exports_here import BOOK, TODAY

NAMES = {
    "en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese", "de": "German", "ar": "Arabic", "ru": "Russian", "zh": "Chinese",
}  # fmt: skip
TIMESTAMP = {
    "en": "Timestamp", "fr": "Horodateur", "es": "Marca temporal", "pt": "Carimbo de data/hora", "de": "Zeitstempel",
    "ar": "طابع زمني", "ru": "Отметка времени", "zh": "时间戳记",
}  # fmt: skip
MICROSOFT = {
    "en": "ID,Start time,Completion time,Email,Name", "fr": "ID,Heure de début,Heure de fin,Adresse de messagerie,Nom",
    "es": "ID,Hora de inicio,Hora de finalización,Correo electrónico,Nombre", "pt": "ID,Hora de início,Hora de conclusão,Email,Nome",
    "de": "ID,Startzeit,Fertigstellungszeit,E-Mail,Name", "ar": "ID,وقت البدء,وقت الإكمال,البريد الإلكتروني,الاسم",
    "ru": "ID,Время начала,Время завершения,Электронная почта,Имя", "zh": "ID,开始时间,完成时间,电子邮件,名称",
}  # fmt: skip
LIME = {
    "en": "Response ID,Date submitted,Last page,Start language", "fr": "ID de la réponse,Date de soumission,Dernière page,Langue de départ",
    "es": "ID de respuesta,Fecha de envío,Última página,Lenguaje inicial", "pt": "ID da resposta,Data de envio,Última página,Idioma inicial",
    "de": "Antwort ID,Datum Abgeschickt,Letzte Seite,Start-Sprache", "ar": "معرف الاستجابة,تاريخ الإرسال,آخر صفحة,لغة البدء",
    "ru": "ID ответа,Дата отправки,Последняя страница,Начальный язык", "zh": "答卷编号,提交日期,最后一页,起始语言",
}  # fmt: skip
ZOOM = {
    "en": ("Name (original name),Email,Join time,Duration (minutes),Guest", "Yes", "No"),
    "fr": ("Nom (nom original),Adresse e-mail de l’utilisateur,Heure d’arrivée,Durée (minutes),Invité", "Oui", "Non"),
    "es": ("Nombre (nombre original),E-mail del usuario,Hora para unirse,Duración (minutos),Invitado", "Sí", "No"),
    "pt": ("Nome (nome original),E-mail,Ingressar na hora,Duração (minutos),Convidado", "Sim", "Não"),
    "de": ("Name (Originalname),E-Mail,Beitrittszeit,Dauer (Minuten),Gast", "Ja", "Nein"),
    "ar": ("الاسم (الاسم الأصلي),البريد الإلكتروني,وقت الانضمام,المدة (دقائق),ضيف", "نعم", "لا"),
    "ru": ("Имя (исходное имя),Электронная почта,Время входа,Продолжительность (минуты),Гость", "Да", "Нет"),
    "zh": ("名称（原始名称）,电子邮件,加入时间,时长（分钟）,访客", "是", "否"),
}  # fmt: skip
TEAMS = {
    "en": ("1. Summary", "2. Participants", "Name,First join,Last leave,In-meeting duration,Email,Role"),
    "fr": ("1. Résumé", "2. Participants", "Nom,Première connexion,Dernier départ,Durée de la réunion,E-mail,Rôle"),
    "es": ("1. Resumen", "2. Participantes", "Nombre,Primera entrada,Última salida,Duración de la reunión,Correo electrónico,Rol"),
    "pt": ("1. Resumo", "2. Participantes", "Nome,Primeiro ingresso,Última saída,Duração na reunião,Email,Função"),
    "de": ("1. Zusammenfassung", "2. Teilnehmer", "Name,Erster Beitritt,Letztes Verlassen,Dauer der Besprechung,E-Mail,Rolle"),
    "ar": ("1. الملخص", "2. المشاركون", "الاسم,أول انضمام,آخر مغادرة,المدة في الاجتماع,البريد الإلكتروني,الدور"),
    "ru": ("1. Сводка", "2. Участники", "Имя,Первое подключение,Последний выход,Длительность,Электронная почта,Роль"),
    "zh": ("1. 摘要", "2. 参与者", "姓名,首次加入,最后离开,会议时长,电子邮件,角色"),
}  # fmt: skip
ASKED = {  # a question for each of two facts, and an answer that says yes beside one that does not
    "en": ("How satisfied are you?", "Satisfied", "Dissatisfied", "Would you take part in that?", "Yes", "No"),
    "fr": ("Êtes-vous satisfait ?", "Satisfait", "Insatisfait", "Seriez-vous prêt à participer ?", "Oui", "Non"),
    "es": ("¿Qué tan satisfecho está?", "Satisfecho", "Insatisfecho", "¿Estaría dispuesto a participar?", "Sí", "No"),
    "pt": ("Está satisfeito?", "Satisfeito", "Insatisfeito", "Estaria disposto a participar?", "Sim", "Não"),
    "de": ("Wie zufrieden bist du?", "Zufrieden", "Unzufrieden", "Wärst du bereit mitzumachen?", "Ja", "Nein"),
    "ar": ("ما مدى رضاك؟", "راضٍ", "غير راضٍ", "هل ترغب في المشاركة؟", "نعم", "لا"),
    "ru": ("Насколько вы довольны?", "Доволен", "Не доволен", "Готовы ли вы участвовать?", "Да", "Нет"),
    "zh": ("您满意吗？", "满意", "不满意", "您愿意参加吗？", "是", "否"),
}  # fmt: skip


def written(folder: Path, rows: list[list[str]], mark: str = ",", codec: str = "utf-8-sig") -> Export:
    path = folder / "a.csv"
    with path.open("w", encoding=codec, newline="") as out:
        csv.writer(out, delimiter=mark).writerows(rows)
    return read(path)


def answers(language: str) -> list[list[str]]:
    happy, glad, sad, willing, yes, no = ASKED[language]
    return [[happy, willing], *([sad if i % 4 == 0 else glad, no if i % 3 == 0 else yes] for i in range(24))]


def came(found: Export) -> Import:
    mapping = built_in(found)
    assert mapping is not None
    case = "scenario: 1\nas_of: 2026-06-01\nfacts:\n  has_sponsor: true\n  members_total: 20\n"
    return prepare([(found, mapping)], "s.yaml", case, BOOK, TODAY, Said(date="2026-05-14"))


def day(i: int) -> str:
    return f"2026-05-{i % 28 + 1:02d}"


@pytest.mark.parametrize("language", NAMES)
def test_a_google_form(language: str, tmp_path: Path) -> None:
    heads, *rows = answers(language)
    found = written(
        tmp_path,
        [[TIMESTAMP[language], *heads], *([f"{day(i)} 10:00:{i:02d}", *row] for i, row in enumerate(rows))],
    )
    assert (found.format, found.records) == ("google-forms", 24)
    assert language == "en" or NAMES[language] in found.why[0]
    for role, heading, yes in zip(("value_now", "openness"), heads, ASKED[language][1::3], strict=True):
        best = candidates(found, role, BOOK)[0]
        assert (best.heading, best.offered.yes) == (heading, (yes,))


@pytest.mark.parametrize("language", NAMES)
def test_a_microsoft_form(language: str, tmp_path: Path) -> None:
    heads, *rows = answers(language)
    own = MICROSOFT[language].split(",")
    found = written(
        tmp_path,
        [[*own, *heads], *([str(i), f"{day(i)} 10:00", f"{day(i)} 10:05", "anonymous", "", *r] for i, r in enumerate(rows))],
        ";",
    )  # fmt: skip
    assert (found.format, found.records, [c.kind for c in found.columns[:4]]) == (
        "microsoft-forms",
        24,
        ["identity", "date", "date", "identity"],
    )
    assert language == "en" or NAMES[language] in found.why[0]


@pytest.mark.parametrize("language", NAMES)
def test_a_limesurvey_export_with_headings_in_full(language: str, tmp_path: Path) -> None:
    heads, *rows = answers(language)
    found = written(
        tmp_path,
        [
            [*LIME[language].split(","), *heads],
            *([str(i), "" if i % 5 == 0 else f"{day(i)} 10:00:00", "3", language, *r] for i, r in enumerate(rows)),
        ],
    )  # fmt: skip
    assert (found.format, found.records, [d.count for d in found.dropped]) == ("limesurvey", 19, [5])
    assert language == "en" or NAMES[language] in found.why[0]


@pytest.mark.parametrize("language", NAMES)
def test_attendance_of_zoom(language: str, tmp_path: Path) -> None:
    heads, yes, no = ZOOM[language]
    rows = [
        [f"Member {i}", f"m{i}@example.org", "2026-05-14 15:00:00", "60", yes if i == 0 else no]
        for i in range(8)
    ]
    found = written(tmp_path, [heads.split(","), *rows, rows[3]])
    assert found.format == "zoom"
    assert language == "en" or NAMES[language] in found.why[0]
    done = came(found)
    assert done.attendance is not None
    assert (done.attendance.people, sum(m.guests for m in done.attendance.meetings)) == (8, 1)
    assert [w.after for w in done.plan.written if w.address == "active_share_90d"] == [
        "{between: [35, 100]}"
    ], "7 of 20"


@pytest.mark.parametrize("language", NAMES)
def test_attendance_of_teams(language: str, tmp_path: Path) -> None:
    summary, participants, heads = TEAMS[language]
    rows = [
        [f"Member {i}", "14.05.2026 15:00", "14.05.2026 16:00", "1h 0m", f"m{i}@example.org", "x"]
        for i in range(6)
    ]
    found = written(
        tmp_path, [[summary], ["x", "y"], [], [participants], heads.split(","), *rows], "\t", "utf-16"
    )
    assert (found.format, found.records) == ("teams", 6)
    assert language == "en" or NAMES[language] in found.why[0]
    done = came(found)
    assert done.attendance is not None
    assert done.attendance.people == 6
