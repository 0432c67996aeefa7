"""Mappings of exports whose columns are fixed, so that nobody has to explain them; and what only a person can say, said at import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.evidence.export import Column, Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.listed import known_as
from sharedvalue.engine.evidence.mapping import Mapping, Use, lists_accounts
from sharedvalue.engine.evidence.sources.meetings import is_usage
from sharedvalue.engine.evidence.tool_files import SAME_ROLE
from sharedvalue.engine.evidence.words import tool

IN_LANGUAGES = ("teams", "zoom", "matomo")
MANY = Fraction(10**9)
PAGES, TALK, ASKED, CAME, LISTED = "page_visits", "views_comments", "questions", "attendance", "other"
# Groups that a Discourse forum keeps by itself: they say how far somebody is trusted, not what somebody has in common.
OF_THE_FORUM = (
    "admins", "moderators", "staff", "everyone", *(f"trust_level_{level}" for level in range(5)),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A role, and the headings that may have it: the first that is there and holds something."""

    role: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A format whose columns are fixed: where its readings come from, and what its columns are."""

    source: str
    parts: tuple[Part, ...]


def _pages(item: Sequence[str], times: Sequence[str]) -> tuple[Part, ...]:
    return Part("item", tuple(item)), Part("times", tuple(times))


KNOWN: dict[str, Known] = {
    "register": Known(LISTED, tuple(
        Part(role, (heading,)) for role, heading in (
            ("person", "member_id"), ("joined", "joined"), ("left", "left"), ("segment", "segment"), ("level", "level"),
            ("last_active", "last_active"), ("core", "is_core"), ("members", "count"),
        )
    )),
    "zoom": Known(CAME, (
        Part("person", ("Email", "User Email")),
        Part("person", ("Name (Original Name)", "User Name (Original Name)")),
    )),
    "teams": Known(CAME, (Part("person", ("Email",)), Part("person", ("Name", "Full Name")))),
    "meet": Known(CAME, (Part("person", ("Email",)), Part("person", ("First name", "Name")), Part("person", ("Last name",)))),
    "ga4": Known(PAGES, _pages((), ("Views", "Active users", "Users", "Sessions", "Event count"))),
    "universal-analytics": Known(PAGES, _pages((), ("Pageviews", "Unique Pageviews", "Total Unique Searches"))),
    "matomo": Known(PAGES, _pages(("label",), ("nb_hits", "nb_visits"))),
    "discourse-topics": Known(TALK, (
        *_pages(("title", "topic_title"), ("views", "posts_count", "reply_count", "like_count")),
        Part("created", ("created_at",)),
    )),
    "github-discussions": Known(TALK, (*_pages(("title",), ("comments",)), Part("created", ("createdAt",)))),
    "stackexchange-posts": Known(ASKED, (*_pages(("Title",), ("ViewCount",)), Part("created", ("CreationDate",)))),
    "discourse-users": Known(LISTED, (
        Part("person", ("id", "username")), Part("last_active", ("last_seen_at",)), Part("posted", ("last_posted_at",)),
        Part("segment", ("group_names",)),
    )),
    "slack-export": Known(TALK, (*_pages(("channel",), ("messages",)),)),
    "discord": Known(TALK, (*_pages(("channel",), ("messages",)),)),
    "slack": Known(LISTED, (
        Part("person", ("User ID", "userid")), Part("last_active", ("Last active (UTC)",)),
        Part("participation", ("Messages posted in channels",)),
    )),
}  # fmt: skip


USAGE = Known(CAME, (*_pages(("Topic",), ("Participants",)), Part("created", ("Start Time",))))


@dataclass(frozen=True)
class Said:
    """What no export says and a person says at import; it goes before what a mapping says."""

    date: str = ""
    date_order: str = ""
    population: int = 0
    drawn_from_all: bool = False
    members: int = 0
    guests_are_members: bool = False

    def laid_over(self, mapping: Mapping) -> Mapping:
        return replace(
            mapping,
            date=self.date or mapping.date,
            date_order=self.date_order or mapping.date_order,
            population=self.population or mapping.population,
            drawn_from_all=self.drawn_from_all or mapping.drawn_from_all,
        )


def built_in(export: Export) -> Mapping | None:
    """The mapping of an export whose columns are fixed; None for any other, such as a survey."""
    known = KNOWN.get(export.format) or _listed(export.format)
    if known is None:
        return None
    if export.format == "zoom" and is_usage(c.name for c in export.columns):
        known = USAGE
    uses = [use for part in known.parts if (use := _use(part, export)) is not None]
    roles = {use.role for use in uses}
    if known.source in (PAGES, TALK, ASKED) and not {"item", "times"} <= roles:
        return None
    if known.source == CAME and not ("person" in roles or {"item", "times"} <= roles):
        return None
    mapping = Mapping(
        f"built in for {export.format}",
        "",
        known.source,
        tuple(uses),
        _day_of_list(export),
        format=export.format,
    )
    useful = mapping.is_register or mapping.is_resonance or mapping.is_attendance
    return mapping if useful else None


def _listed(format: str) -> Known | None:  # noqa: A002  # an export's word for it
    tool = known_as(format)
    if tool is None:
        return None
    return Known(
        tool.source, tuple(Part(SAME_ROLE.get(role, role), names) for role, names in tool.roles.items())
    )


def _use(part: Part, export: Export) -> Use | None:
    column = _column(part, export)
    if column is None:
        return None
    use = Use(part.role, column=column.name, index=column.index)
    if part.role == "segment" and export.format == "discourse-users":
        return replace(use, separator=";", but=OF_THE_FORUM)
    if part.role == "participation":
        return replace(use, scale=(Fraction(0), MANY), at_least=Fraction(1))
    return use


def _column(part: Part, export: Export) -> Column | None:
    if not part.headings:  # the first column, whatever dimension was chosen in the report
        return export.columns[0]
    by_name = {folded(c.name): c for c in reversed(export.columns)}
    by_name |= {key: c for key, c in reversed(list(_own(export))) if key not in by_name}
    there = [by_name[folded(h)] for h in part.headings if folded(h) in by_name]
    return next((c for c in there if c.answered), None)


def _own(export: Export) -> Iterator[tuple[str, Column]]:
    """The columns by what the tool calls them in English, whatever the language of the file."""
    if export.format in IN_LANGUAGES:
        for i, key in tool(export.format).met([c.name for c in export.columns]).items():
            yield key, export.columns[i]


def _day_of_list(export: Export) -> str:
    """A list of accounts was made on the day of the last visit in it, or soon after."""
    return export.period[1] if lists_accounts(export.format) else ""
