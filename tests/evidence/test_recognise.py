"""Every export is recognised by its content, says why, and its records are counted without what is no record."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.evidence.recognise import formats

HERE = Path(__file__).parent
EXPORTS = HERE / "exports"

# file: format, lines above the first record, records, dropped, first and last day
EXPECTED: dict[str, tuple[str, int, int, int, tuple[str, str]]] = {
    "google-forms.csv": ("google-forms", 1, 5, 2, ("2020-11-17", "2020-11-19")),
    "google-forms.xlsx": ("google-forms", 1, 4, 0, ("2026-03-02", "2026-03-05")),
    "microsoft-forms.csv": ("microsoft-forms", 1, 4, 0, ("2026-03-02", "2026-03-14")),
    "microsoft-forms.xlsx": ("microsoft-forms", 1, 4, 0, ("2026-03-02", "2026-03-02")),
    "surveymonkey.csv": ("surveymonkey", 2, 4, 1, ("2020-03-24", "2020-03-26")),
    "qualtrics.csv": ("qualtrics", 3, 2, 2, ("2026-03-02", "2026-03-02")),
    "kobo.csv": ("kobo", 1, 3, 0, ("2026-03-02", "2026-03-04")),
    "limesurvey.csv": ("limesurvey", 1, 4, 1, ("2026-03-02", "2026-03-06")),
    "typeform.csv": ("typeform", 1, 3, 0, ("2026-03-02", "2026-03-04")),
    "alchemer.csv": ("alchemer", 1, 2, 1, ("2015-12-01", "2015-12-02")),
    "zoom.csv": ("zoom", 4, 2, 1, ("2026-06-16", "2026-06-16")),
    "zoom-webinar.csv": ("zoom", 9, 1, 1, ("2026-06-16", "2026-06-16")),
    "teams.csv": ("teams", 8, 2, 4, ("2025-11-26", "2025-11-26")),
    "meet.csv": ("meet", 4, 2, 0, ("2026-06-16", "2026-06-16")),
    "ga4.csv": ("ga4", 10, 2, 2, ("2025-03-03", "2025-05-31")),
    "universal-analytics.csv": ("universal-analytics", 7, 2, 5, ("2015-04-21", "2022-08-13")),
    "matomo.csv": ("matomo", 1, 2, 1, ("", "")),
    "discourse-users.csv": ("discourse-users", 1, 2, 3, ("2025-11-07", "2026-01-07")),
    "discourse-topics.csv": ("discourse-topics", 1, 2, 0, ("2026-01-04", "2026-02-04")),
    "discourse-query.json": ("discourse-topics", 0, 2, 0, ("2026-01-04", "2026-02-04")),
    "Posts.xml": ("stackexchange-posts", 0, 2, 1, ("2026-01-27", "2026-01-28")),
    "slack-members.csv": ("slack", 1, 1, 2, ("", "")),
    "slack-analytics.csv": ("slack", 1, 2, 1, ("2026-04-02", "2026-04-02")),
    "github-discussions.json": ("github-discussions", 0, 2, 0, ("2026-08-20", "2026-08-24")),
    "register.csv": ("register", 1, 3, 0, ("2025-04-11", "2026-02-11")),
    "register-excel.csv": ("register", 3, 2, 0, ("", "")),
    "interview-table.csv": ("interview-table", 1, 3, 1, ("2026-03-01", "2026-03-02")),
    "interviews": ("interview-notes", 0, 2, 0, ("", "")),
    "plain.csv": ("plain", 1, 3, 0, ("", "")),
    "mailchimp-audience.csv": ("mailchimp-audience", 1, 2, 0, ("2026-02-01", "2026-03-01")),
    "mailchimp-campaigns.csv": ("mailchimp-campaigns", 1, 2, 0, ("2026-01-12", "2026-02-16")),
    "eventbrite.csv": ("eventbrite", 1, 1, 2, ("2026-05-20", "2026-05-20")),
    "meetup-members.csv": ("meetup-members", 1, 2, 0, ("2026-01-25", "2026-04-13")),
    "meetup-event.csv": ("meetup-event", 1, 2, 1, ("", "")),
    "plausible.csv": ("plausible", 1, 2, 0, ("", "")),
    "discord.json": ("discord", 0, 2, 0, ("2026-04-02", "2026-04-03")),
    "slack-export": ("slack-export", 0, 3, 0, ("2026-04-13", "2026-04-14")),
}


def test_there_is_a_sample_of_every_format() -> None:
    assert {kind for kind, *_ in EXPECTED.values()} == {each.name for each in formats()}
    assert {path.name for path in EXPORTS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_is_recognised_and_its_records_counted(name: str, tmp_path: Path) -> None:
    kind, lines, records, dropped, period = EXPECTED[name]
    path = EXPORTS / name
    if path.is_file():  # under a name that says nothing
        path = tmp_path / "download (3)"
        shutil.copy(EXPORTS / name, path)
    export = read(path)
    assert (export.format, export.header_lines, export.records) == (kind, lines, records)
    assert sum(d.count for d in export.dropped) == dropped
    assert export.period == period
    assert export.why


@pytest.mark.parametrize("name", EXPECTED)
def test_rows_are_the_records_in_the_order_of_the_columns(name: str) -> None:
    export = read(EXPORTS / name)
    rows = list(export.rows())
    assert len(rows) == export.records
    assert all(len(row) == len(export.columns) for row in rows)
    assert rows == list(export.rows()), "rows can be read again"
    for column in export.columns:
        filled = sum(bool(row[column.index]) for row in rows)
        assert column.answered >= filled if column.part else column.answered == filled, column.name


@pytest.mark.parametrize("name", EXPECTED)
def test_no_identity_is_in_what_an_export_says(name: str) -> None:
    export = read(EXPORTS / name)
    values = {row[c.index] for row in export.rows() for c in export.columns if c.kind == "identity"} - {""}
    labels = {a.label for c in export.columns for a in c.answers}
    assert not any("@" in label or "192.0.2" in label for label in labels)
    assert all(not c.answers for c in export.columns if c.kind == "identity")
    assert not any(len(value) > 3 and value in " ".join((*export.why, *export.notes)) for value in values)


def test_as_overrides_what_the_content_says() -> None:
    export = read(EXPORTS / "google-forms.csv", "plain")
    assert export.format == "plain"
    assert export.why == ("you said so with --as",)


def test_another_language_is_read_when_the_user_names_the_format(tmp_path: Path) -> None:
    path = tmp_path / "antworten.csv"
    path.write_text(
        "Időbélyeg,Szerep\n11/17/2020 18:23:58,Lehrkraft\n11/18/2020 9:15:39,Lehrkraft\n", "utf-8"
    )
    unsure = read(path)
    assert unsure.format == "plain"
    assert any("--as google-forms" in note for note in unsure.notes)
    export = read(path, "google-forms")
    assert export.period == ("2020-11-17", "2020-11-18")
    assert export.columns[0].kind == "date"


def test_as_a_format_that_is_not_known_names_the_nearest() -> None:
    with pytest.raises(UserError, match=r"SV417.*'google-form' is no format") as error:
        read(EXPORTS / "google-forms.csv", "google-form")
    assert "google-forms" in error.value.problems[0].mend


@pytest.mark.parametrize(
    "kind", [f.name for f in formats() if f.name not in ("plain", "google-forms", "discourse-topics")]
)
def test_as_a_format_that_does_not_fit_names_the_heading_it_looked_for(kind: str) -> None:
    with pytest.raises(UserError, match="SV411"):
        read(EXPORTS / "plain.csv", kind)


def test_teams_report_in_a_language_that_is_not_known_is_read_by_its_form(tmp_path: Path) -> None:
    path = tmp_path / "jelenlet.csv"
    head = "1. Összegzés\nCím\tHavi találkozó\n\n2. Résztvevők\nNév\tElső csatlakozás\tUtolsó távozás\tIdőtartam\n"
    path.write_bytes(
        b"\xff\xfe" + (head + "Tag A\t26.11.25, 16:16:55\t26.11.25, 17:00:00\t43p\n").encode("utf-16-le")
    )
    export = read(path)
    assert (export.format, export.records, export.period) == ("teams", 1, ("2025-11-26", "2025-11-26"))
    assert [c.kind for c in export.columns][:3] == ["identity", "date", "date"]


def test_teams_report_whose_columns_are_not_known_is_named_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "jelenlet.csv"
    text = "1. Összegzés\nCím\tHavi\n\n2. Résztvevők\nNév\tÉrtékelés\tSzint\tIdő\nTag A\tjó\tmagas\t43p\n"
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    with pytest.raises(UserError, match=r"SV411.*First Join"):
        read(path)


def test_real_survey_of_2020_has_the_counts_that_its_readme_states() -> None:
    export = read(HERE / "data/spack-user-survey/spack-user-survey-2020-responses.csv")
    assert (export.format, export.records, len(export.columns)) == ("google-forms", 170, 48)
    assert export.period == ("2020-10-06", "2020-11-18")
    assert export.encoding == "utf-8-sig"
    kinds = {a.label: a.n for a in export.columns[1].answers}
    assert (kinds["Software Developer"], kinds["Scientist/Researcher"], kinds["System Administrator"]) == (
        70,
        59,
        18,
    )
    grid = [c for c in export.columns if c.question.startswith("Rank these TBD")]
    assert len(grid) == 12
    assert {c.kind for c in grid} == {"grid-row"}
    wanted = {c.part: sum(a.n for a in c.answers if a.label in ("Very Important", "Critical")) for c in grid}
    assert sorted(wanted.values(), reverse=True)[:3] == [99, 78, 77]
    quality = next(c for c in export.columns if c.part == "Spack")
    assert sum(a.n for a in quality.answers if a.label in ("Good", "Excellent")) == 133


def test_real_survey_of_2021_has_the_counts_that_its_readme_states() -> None:
    export = read(HERE / "data/spack-user-survey/spack-user-survey-2021-responses.csv")
    assert (export.records, len(export.columns)) == (179, 54)
    assert export.period == ("2021-12-16", "2022-01-08")
    grid = {c.part: c for c in export.columns if c.question.startswith("Rank these TBD")}
    assert len(grid) == 15
    better = {a.label: a.n for a in grid["Better error messages"].answers}
    assert better["Very Important"] + better["Critical"] == 110


def test_real_typeform_survey_has_the_counts_that_its_readme_states() -> None:
    export = read(HERE / "data/stacks-governance/results-anonymized-randomized.csv")
    assert (export.format, export.records, len(export.columns)) == ("typeform", 69, 53)
    events = {a.label: a.n for a in export.columns[13].answers}
    assert [events[k] for k in ("Working group calls", "Local meetups", "Blockstack summit", "Webinars")] == [
        34,
        29,
        28,
        24,
    ]
    role = {a.label: a.n for a in export.columns[40].answers}
    assert [role[k] for k in ("Core development", "Education", "Marketing/awareness")] == [42, 41, 35]
    limits = {a.label: a.n for a in export.columns[25].answers}
    assert limits["I don't know where/how to, but I would"] == 9, (
        "an option that holds the separator is kept whole"
    )
    assert [c.index for c in export.columns if c.name == export.columns[1].name] == [1, 49], (
        "headings that stand twice stay"
    )
    trust = export.columns[37]
    assert (trust.kind, trust.answered) == ("scale", 56)
    assert round(sum(int(a.label) * a.n for a in trust.answers) / 56, 2) == 4.07
    assert export.columns[52].kind == "identity"


def test_real_interviews_are_one_record_each() -> None:
    export = read(HERE / "data/stacks-governance")
    assert (export.format, export.records) == ("interview-notes", 4)
    assert export.columns[0].kind == "identity"
    assert all(c.kind == "text" for c in export.columns[1:])
    assert any("README.md" in note and "interview-template.md" in note for note in export.notes)
