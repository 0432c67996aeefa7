"""Which tool wrote a file: by its content, in a fixed order of tests, each with its reason. A name of a file says nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.evidence.layout import Layout, Sheet
from sharedvalue.engine.evidence.listed import listed
from sharedvalue.engine.evidence.sources import (
    analytics,
    field_surveys,
    forms,
    forums,
    meetings,
    plain,
    registers,
    surveys,
)


@dataclass(frozen=True)
class Format:
    """One kind of export: `test` gives the reasons why a sheet is one, `layout` how it is read."""

    name: str
    test: Callable[[Sheet], list[str]]
    layout: Callable[[Sheet], Layout]


BEFORE_LISTED = (
    Format("stackexchange-posts", forums.stackexchange, forums.stackexchange_layout),
    Format("github-discussions", forums.github, forums.github_layout),
    Format("slack-export", forums.slack_messages, forums.messages_layout),
    Format("discord", forums.discord_messages, forums.messages_layout),
    Format("interview-notes", registers.interview_notes, registers.interview_notes_layout),
    Format("qualtrics", surveys.qualtrics, surveys.qualtrics_layout),
    Format("ga4", analytics.ga4, analytics.ga4_layout),
    Format("universal-analytics", analytics.universal, analytics.universal_layout),
    Format("teams", meetings.teams, meetings.teams_layout),
    Format("zoom", meetings.zoom, meetings.zoom_layout),
    Format("meet", meetings.meet, meetings.meet_layout),
    Format("discourse-users", forums.discourse_users, forums.discourse_users_layout),
    Format("discourse-topics", forums.discourse_query, forums.discourse_query_layout),
    Format("slack", forums.slack, forums.slack_layout),
    Format("matomo", analytics.matomo, analytics.matomo_layout),
    Format("surveymonkey", surveys.surveymonkey, surveys.surveymonkey_layout),
    Format("kobo", field_surveys.kobo, field_surveys.kobo_layout),
    Format("limesurvey", field_surveys.limesurvey, field_surveys.limesurvey_layout),
    Format("microsoft-forms", forms.microsoft, forms.microsoft_layout),
    Format("google-forms", forms.google, forms.google_layout),
)
AFTER_LISTED = (
    Format("alchemer", forms.alchemer, forms.alchemer_layout),
    Format("typeform", forms.typeform, forms.typeform_layout),
    Format("register", registers.register, registers.register_layout),
    Format("interview-table", registers.interview_table, registers.interview_table_layout),
    Format("plain", lambda sheet: ["no known tool writes these headings"], plain.plain_layout),
)


def formats() -> tuple[Format, ...]:
    """All formats. The order matters: the first test that holds decides."""
    between = (Format(each.name, each.test, each.layout) for each in listed())
    return (*BEFORE_LISTED, *between, *AFTER_LISTED)


def recognise(sheet: Sheet, as_format: str = "") -> tuple[Format, tuple[str, ...]]:
    """The format of a sheet and why; `as_format` overrides what its content says.

    Raises:
        UserError: SV417 for a format that is not known.
    """
    known = formats()
    if as_format:
        chosen = next((each for each in known if each.name == as_format), None)
        if chosen is None:
            names = [each.name for each in known]
            raise mistake(
                "SV417",
                "--as",
                f"'{as_format[:60]}' is no format",
                did_you_mean(as_format, names) or f"Known: {', '.join(names)}.",
            )
        said = "you said so with --as"
        return chosen, (said,) if chosen.name == "plain" else (said, *chosen.test(sheet))
    for each in known:
        if why := each.test(sheet):
            return each, tuple(why)
    raise AssertionError("the last test takes every table")
