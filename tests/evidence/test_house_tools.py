"""Tools in more languages, and tools that a house adds: as data, checked, and without a word of it in the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.built_in import built_in
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.house_tools import speak_as
from sharedvalue.engine.evidence.read import read
from tests.cli.calling import call
from tests.evidence.exports_here import BOOK

BADGES = """\
tool: badges
title: Who came through the door
record: [visit, visits]
recognised_by: [[Badge, Door, Came]]
columns:
  identity: [Badge, Holder]
  date: [Came]
drop: {column: Door, words: {Rear: "by the rear door: a delivery"}}
when: [Came]
source: attendance
roles: {person: [Badge]}
"""
DOOR = "Badge,Holder,Door,Came\n7,Ada Exempel,Front,2026-05-01\n8,Bo Muster,Rear,2026-05-01\n9,Cy,Front,2026-05-02\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "ours" / "exports" / "lists").mkdir(parents=True)
    yield tmp_path / "ours"
    speak_as((), BOOK)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Export:
    (folder / "a.csv").write_text(text, encoding=encoding)
    return read(folder / "a.csv")


PAGES_OF_MATOMO = {
    "French": "Nom,Vues de page uniques,Vues de page,Taux de rebond",
    "Spanish": "Etiqueta,Páginas vistas únicas,Páginas vistas,Porcentaje de rebote",
    "Portuguese": "Rótulo,Exibições de página únicas,Exibições de página,Taxa de saída",
    "German": "Bezeichnung,Eindeutige Seitenansichten,Seitenansichten,Absprungsrate",
    "Arabic": "عنوان,المشاهدات الفريدة,المشاهدات,معدل الارتداد",
    "Russian": "Обозначение,Уникальные просмотры страниц,Просмотры страниц,Процент отказов",
    "Chinese": "标签,唯一页面浏览量,浏览次数,跳出率",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("language", PAGES_OF_MATOMO)
def test_pages_of_matomo_are_read_in_every_language(language: str, encoding: str, tmp_path: Path) -> None:
    found = written(tmp_path, f"{PAGES_OF_MATOMO[language]}\n/a,10,20,33%\n/b,4,5,10%\n,14,25,\n", encoding)
    assert (found.format, found.records, language in found.why[0]) == ("matomo", 2, True)
    known = built_in(found)
    assert known is not None
    times = known.one("times")
    assert times is not None
    assert times.index == 2, "views, not visits"
    assert [row[2] for row in found.rows()] == ["20", "5"]


def test_the_rest_of_the_pages_is_none_and_a_page_may_be_called_so(tmp_path: Path) -> None:
    text = f"{PAGES_OF_MATOMO['Spanish']}\n/otros,3,4,1%\nOtros,10,20,33%\n"
    found = written(tmp_path, text)
    assert [row[0] for row in found.rows()] == ["/otros"]
    assert [(d.reason, d.count) for d in found.dropped] == [("rest of pages that are not named", 1)]


SURVEYS = {
    "French": ("ID du répondant,ID du collecteur,Date de début,Date de fin", "Réponse"),
    "Spanish": ("ID del encuestado,ID del recopilador,Fecha de inicio,Fecha de finalización", "Respuesta"),
    "German": ("Befragten-ID,Collector-ID,Startdatum,Enddatum", "Antwort"),
    "Russian": ("ID респондента,ID сборщика,Дата начала,Дата окончания", "Ответ"),
    "Chinese": ("受访者 ID,收集器 ID,开始日期,结束日期", "答复"),
    "": ("Zz,Yy,Xx,Ww", "Vv"),  # a language that nobody wrote down
}


@pytest.mark.parametrize("language", SURVEYS)
def test_a_survey_of_surveymonkey_is_known_by_its_form(language: str, tmp_path: Path) -> None:
    own, response = SURVEYS[language]
    found = written(
        tmp_path,
        f"{own},Needs?,,Happy?\n,,,,Advice,Events,{response}\n"
        "1180010001,99,03/24/2026 9:08:27 PM,03/24/2026 9:20:41 PM,Advice,,Yes\n"
        "1180010002,99,03/25/2026 9:08:27 PM,03/25/2026 9:20:41 PM,Advice,Events,No\n"
        "1180010002,99,03/25/2026 9:08:27 PM,03/25/2026 9:20:41 PM,Advice,Events,No\n",
    )  # fmt: skip
    assert (found.format, found.records, found.period) == ("surveymonkey", 2, ("2026-03-24", "2026-03-25"))
    assert language in found.why[0]
    assert [c.kind for c in found.columns[:4]] == ["identity", "number", "date", "date"]
    assert [(c.part, a.n) for c in found.columns[4:6] for a in c.answers] == [("Advice", 2), ("Events", 1)]
    happy = found.columns[6]
    assert (happy.question, happy.part, happy.answered) == ("Happy?", "", 2)


def test_answers_that_were_not_sent_to_typeform_do_not_count(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "#,Ne istersiniz?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags,Ending\n"
        "a1,Destek,completed,2026-03-02 09:00:00,,2026-03-02 09:05:00,ff01,,\n"
        "a2,Destek,partial,2026-03-02 09:00:00,2026-03-02 09:02:00,,ff02,,\n",
    )
    assert (found.format, found.records) == ("typeform", 1)
    assert [(d.reason, d.count) for d in found.dropped] == [
        ("not finished (Response Type is not completed)", 1)
    ]
    assert found.columns[6].kind == "identity"


# ---- a house ----------------------------------------------------------------------------------------------------------------


def test_a_house_adds_a_tool_of_its_own(house: Path, tmp_path: Path) -> None:
    (house / "exports" / "lists" / "badges.yaml").write_text(BADGES, encoding="utf-8")
    assert written(tmp_path, DOOR).format == "plain"
    speak_as((house,), BOOK)
    found = written(tmp_path, DOOR)
    assert (found.format, found.records, found.period) == ("badges", 2, ("2026-05-01", "2026-05-02"))
    assert [(d.reason, d.count) for d in found.dropped] == [("by the rear door: a delivery", 1)]
    told = call("import", str(tmp_path / "a.csv"), "--rules", str(house)).out
    assert "Who came through the door" in told
    assert "2 visits" in told
    assert "Ada" not in told


def test_a_house_adds_a_language_to_a_tool_and_takes_nothing_away(house: Path, tmp_path: Path) -> None:
    czech = "Časové razítko,Jste spokojeni?\n4/13/2026 9:00:00,Ano\n4/14/2026 9:00:00,Ne\n"
    assert written(tmp_path, czech).format == "plain"
    words = "tool: google-forms\nheadings:\n  timestamp:\n    cs: [Časové razítko]\n"
    (house / "exports" / "google-forms.yaml").write_text(words, encoding="utf-8")
    speak_as((house,), BOOK)
    assert written(tmp_path, czech).format == "google-forms"
    assert written(tmp_path, czech.replace("Časové razítko", "Timestamp")).format == "google-forms"
    speak_as((), BOOK)
    assert written(tmp_path, czech).format == "plain"


def test_a_house_says_which_answers_say_nothing(house: Path, tmp_path: Path) -> None:
    (house / "exports" / "answers.yaml").write_text("says_nothing: {cs: [nevím]}\n", encoding="utf-8")
    speak_as((house,), BOOK)
    from sharedvalue.engine.evidence.words import says_nothing, scales

    assert {"nevím", "don't know"} <= says_nothing()
    assert scales()


@pytest.mark.parametrize(
    "file, text, told",
    [
        ("zom.yaml", "tool: zoom\n", r"SV304.*'zom'"),
        ("zoom.yaml", "tool: zoom\nheadings: {join tme: {cs: [X]}}\n", r"SV305.*join tme"),
        ("zoom.yaml", "tool: zoom\nheadings: {join time: {cs: {a: [[X]]}}}\n", r"SV302.*join time"),
        ("lists/b.yaml", BADGES.replace("title:", "titel:"), r"SV30[35].*tit"),
        ("lists/b.yaml", BADGES.replace("[[Badge, Door, Came]]", "Badge"), r"SV302.*recognised_by"),
        ("lists/b.yaml", BADGES.replace("source: attendance", "source: hearsay"), r"SV304.*hearsay"),
        ("lists/b.yaml", BADGES.replace("person: [Badge]", "persons: [Badge]"), r"SV305.*persons"),
        ("lists/b.yaml", BADGES.replace("identity:", "secret:"), r"SV305.*secret"),
        ("lists/b.yaml", "- a\n", r"SV302"),
    ],
)
def test_what_a_house_says_wrongly_is_told_with_its_place(
    house: Path, file: str, text: str, told: str
) -> None:
    (house / "exports" / file).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told) as error:
        speak_as((house,), BOOK)
    assert all(problem.mend for problem in error.value.problems)
    done = call("rules", "check", "--quick", "--rules", str(house))
    assert done.code == 2
    assert file.rpartition("/")[2] in done.err
