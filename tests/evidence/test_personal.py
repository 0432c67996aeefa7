"""By what a column is known to name people, and what is none though it looks a little like it."""

from __future__ import annotations

from collections import Counter

import pytest

from sharedvalue.engine.evidence.personal import by_content, by_heading, could_be_name, names_someone


@pytest.mark.parametrize(
    "heading",
    [
        "Nom et prénom", "Vor- und Nachname", "Your name (optional)", "Slack handle", "Your manager", "Date of birth", "Employee number",
        "Name", "E-mail:", "Имя и фамилия", "الاسم الكامل", "您的姓名", "Número de empleado", "Data de nascimento", "Telefoonnummer of telefoon",
        "Geburtsdatum", "PESEL", "氏名", "What is your name?",
    ],
)  # fmt: skip
def test_headings_that_surely_name_people(heading: str) -> None:
    assert by_heading(heading) == "surely"


@pytest.mark.parametrize(
    "heading",
    [
        "How satisfied are you?", "Company name", "Name of your organisation", "Wie zufrieden bist du?", "What is your role?",
        "Which three things would you name as the ones that help you most in your work?", "Quels sont les sujets qui vous intéressent ?",
        "Department", "¿Qué tan satisfecho está usted?", "您对社区满意吗？", "ما مدى رضاك عن المجتمع؟", "Do you read the newsletter?",
    ],
)  # fmt: skip
def test_headings_that_name_nobody(heading: str) -> None:
    assert by_heading(heading) == ""


@pytest.mark.parametrize(
    "cells, found",
    [
        (["@ada", "@bo.x", "@cy"], "surely"),
        (["06 00 00 00 00", "+49 170 0000000", "0170 0000001"], "surely"),
        (["linkedin.com/in/ada", "https://github.com/bo"], "surely"),
        (["1970-01-01", "1988-05-06", "1995-12-31"], "surely"),
        (["2026-04-01", "2026-05-06", "2025-12-31"], ""),
        (["100234", "100235", "100239", "100241"], "maybe"),
        (["Ada Exempel", "Bo Muster", "Cy Factice"], "maybe"),
        (["Head Teacher", "Data Scientist", "Vice President"], ""),
        (["Very satisfied", "Satisfied", "Dissatisfied"], ""),
        (["Peer advice", "Templates", "Events"], ""),
        (["老师", "校长", "模板"], ""),
        (["王小明", "屈玉华", "张静", "李雷"], "maybe"),
        (["1", "2", "3", "4"], ""),
    ],
)
def test_what_stands_in_a_column_tells(cells: list[str], found: str) -> None:
    assert by_content(Counter(cells), len(cells)) == found


@pytest.mark.parametrize(
    "text", ["Ada Exempel", "Анна Петрова", "Ελένη Παππά", "de la Cruz Maria", "王小明", "محمد علي"]
)
def test_a_name_has_the_form_of_one(text: str) -> None:
    assert could_be_name(text)


@pytest.mark.parametrize(
    "text", ["Peer advice", "I agree", "Templates", "ok", "3 to 5", "Human Resources", "New York"]
)
def test_other_answers_have_not(text: str) -> None:
    assert not could_be_name(text)


def test_an_address_far_inside_a_long_text_is_found_at_once() -> None:
    assert names_someone("x" * 1_000_000 + " ada@example.org")
    assert not names_someone("a" * 1_000_000 + "@")
