"""Where a community writes: Discourse, Stack Exchange, Slack, GitHub Discussions."""

from __future__ import annotations

import re

from sharedvalue.engine.evidence.layout import Layout, Row, Sheet, folded, lacking, needed, place, positions

# ---- Discourse ------------------------------------------------------------------------------------------------------

OF_THE_FORUM = re.compile(r"-[0-9]+|0+")  # an id below 1
ACCOUNT = {
    "id": "identity", "name": "identity", "username": "identity", "email": "identity", "secondary_emails": "identity",
    "title": "text", "created_at": "date", "last_seen_at": "date", "last_posted_at": "date", "last_emailed_at": "date",
    "trust_level": "scale", "approved": "choice", "suspended_at": "date", "suspended_till": "date", "silenced_till": "date",
    "active": "choice", "admin": "choice", "moderator": "choice", "ip_address": "identity", "staged": "choice",
    "topics_entered": "number", "posts_read_count": "number", "time_read": "number", "topic_count": "number",
    "post_count": "number", "likes_given": "number", "likes_received": "number", "location": "identity", "website": "identity",
    "views": "number", "external_id": "identity", "external_email": "identity", "external_username": "identity",
    "external_name": "identity", "external_avatar_url": "identity", "group_names": "multi-choice",
}  # fmt: skip
YES = ("true", "t", "1")
NO = ("false", "f", "0")


def discourse_users(sheet: Sheet) -> list[str]:
    if place(sheet.first, "trust_level") is not None and place(sheet.first, "posts_read_count") is not None:
        return ["the headings 'trust_level' and 'posts_read_count'"]
    return []


def discourse_users_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    needed(sheet, "discourse-users", names, "trust_level")
    ident, staged, active, suspended = (
        place(names, word) for word in ("id", "staged", "active", "suspended_at")
    )
    kinds = positions(names, ACCOUNT)
    groups = place(names, "group_names")
    if groups is not None:
        kinds[groups] = "text"
    kinds.update({i: "text" for i, name in enumerate(names) if name.endswith("(custom user field)")})

    def keep(row: Row) -> str:
        if ident is not None and OF_THE_FORUM.fullmatch(row[ident]):
            return "an account of the forum itself (id below 1)"
        if staged is not None and row[staged] in YES:
            return "staged: an e-mail address that never became an account"
        if active is not None and row[active] in NO:
            return "not active: never confirmed"
        return "suspended" if suspended is not None and row[suspended] else ""

    seen = [i for i in (place(names, "last_seen_at"),) if i is not None]
    return Layout(
        names, kinds=kinds, keep=keep, unique=() if ident is None else (ident,), when=tuple(seen),
        notes=("The period is that of the last visits.",) if seen else (),
    )  # fmt: skip


def discourse_query(sheet: Sheet) -> list[str]:
    if sheet.root == "query":
        return ["JSON with 'columns' and 'rows', as the Data Explorer writes it"]
    have = {folded(name) for name in sheet.first}
    if "topic_id" in have and have & {"posts_count", "views", "like_count"}:
        return ["the headings 'topic_id' and 'posts_count', 'views' or 'like_count'"]
    return []


QUERY = {
    "user_id": "identity", "username": "identity", "email": "identity", "name": "identity", "ip_address": "identity",
    "topic_id": "number", "post_id": "number", "title": "text", "topic_title": "text", "excerpt": "text", "raw": "text", "url": "text",
    "views": "number", "posts_count": "number", "like_count": "number", "reply_count": "number", "participant_count": "number",
    "created_at": "date", "last_posted_at": "date", "bumped_at": "date",
}  # fmt: skip


def discourse_query_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    if not any(names):
        raise lacking(sheet, "discourse-topics", ["topic_id"], names)
    created = place(names, "created_at")
    return Layout(
        names,
        kinds=positions(names, QUERY),
        when=() if created is None else (created,),
        header_lines=_lines(sheet),
    )


def _lines(sheet: Sheet) -> int | None:
    """A document that is no table has no header lines."""
    return 0 if sheet.root else None


# ---- Stack Exchange -------------------------------------------------------------------------------------------------

POST = {
    "id": "number", "posttypeid": "choice", "acceptedanswerid": "number", "parentid": "number", "creationdate": "date",
    "score": "number", "viewcount": "number", "owneruserid": "identity", "ownerdisplayname": "identity",
    "lasteditdate": "date", "lastactivitydate": "date", "title": "text", "tags": "text", "answercount": "number",
    "commentcount": "number", "favoritecount": "number", "closeddate": "date", "communityowneddate": "date",
    "contentlicense": "choice",
}  # fmt: skip


def stackexchange(sheet: Sheet) -> list[str]:
    return ["the root of the XML is 'posts'"] if sheet.root == "posts" else []


def stackexchange_layout(sheet: Sheet) -> Layout:
    if sheet.root != "posts":
        raise lacking(sheet, "stackexchange-posts", ["<posts>"], sheet.first)
    names = sheet.first
    kind, created = place(names, "PostTypeId"), place(names, "CreationDate")
    assert kind is not None
    assert created is not None

    def keep(row: Row) -> str:
        return "" if row[kind] in ("1", "2") else "neither a question nor an answer (PostTypeId)"

    return Layout(
        names, kinds=positions(names, POST), keep=keep, when=(created,), header_lines=0,
        notes=("PostTypeId 1 is a question, 2 an answer. Views grow with age: compare questions of like age.",),
    )  # fmt: skip


# ---- Slack ----------------------------------------------------------------------------------------------------------

MEMBER = {
    "username": "identity", "email": "identity", "userid": "identity", "fullname": "identity", "displayname": "identity",
    "name": "identity", "what i do": "text", "user id": "identity", "status": "choice", "account type": "choice",
    "billing-active": "choice", "has-2fa": "choice", "has-sso": "choice", "expiration-timestamp": "date",
}  # fmt: skip
ANALYTICS = ("days active", "messages posted", "reactions added")


def slack(sheet: Sheet) -> list[str]:
    if place(sheet.first, "Days active") is not None and place(sheet.first, "Messages posted") is not None:
        return ["the headings 'Days active' and 'Messages posted'"]
    if place(sheet.first, "billing-active") is not None and place(sheet.first, "userid") is not None:
        return ["the headings 'billing-active' and 'userid'"]
    return []


def slack_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    if not slack(sheet):
        raise lacking(sheet, "slack", ["Days active", "billing-active"], names)
    kinds = positions(names, MEMBER)
    for i, name in enumerate(names):
        words = folded(name)
        if words.startswith(ANALYTICS):
            kinds[i] = "number"
        elif words.endswith("(utc)"):
            kinds[i] = "date"
    gone, status = place(names, "Deactivated date (UTC)"), place(names, "status", "Account type")
    ident = place(names, "User ID", "userid")
    members_only = place(names, "Days active") is None

    def keep(row: Row) -> str:
        if gone is not None and row[gone]:
            return "deactivated"
        kind = folded(row[status]) if status is not None else ""
        return {"bot": "a bot", "deactivated": "deactivated"}.get(kind, "")

    note = (
        "A list of members: it says who is there, and nothing about who takes part."
        if members_only
        else "The period is that of the last activity. That of the numbers stands in the name of the file only. "
        "'Messages posted' counts private messages, too."
    )
    seen = [i for i in (place(names, "Last active (UTC)"),) if i is not None]
    return Layout(
        names,
        kinds=kinds,
        keep=keep,
        unique=() if ident is None else (ident,),
        when=tuple(seen),
        notes=(note,),
    )


# ---- GitHub Discussions ---------------------------------------------------------------------------------------------

DISCUSSION = {
    "number": "number", "title": "text", "url": "text", "createdAt": "date", "updatedAt": "date", "author": "identity",
    "category": "choice", "isAnswerable": "choice", "answered": "choice", "upvotes": "number", "comments": "number",
    "reactions": "number", "labels": "text", "closed": "choice", "locked": "choice",
}  # fmt: skip


def github(sheet: Sheet) -> list[str]:
    return ["JSON with data.repository.discussions"] if sheet.root == "discussions" else []


def github_layout(sheet: Sheet) -> Layout:
    if sheet.root != "discussions":
        raise lacking(sheet, "github-discussions", ["data.repository.discussions"], sheet.first)
    kinds = {i: DISCUSSION[name] for i, name in enumerate(sheet.first)}
    return Layout(
        sheet.first, kinds=kinds, unique=(0,), when=(sheet.first.index("createdAt"),), header_lines=0
    )


# ---- Messages of a chat -------------------------------------------------------------------------------------------------

MESSAGE = {
    "channel": "choice", "posted": "date", "author": "identity", "answer": "choice", "replies": "number", "reactions": "number",
    "messages": "number",
}  # fmt: skip


def slack_messages(sheet: Sheet) -> list[str]:
    return ["channels.json, and a file of messages a day"] if sheet.root == "messages" else []


def discord_messages(sheet: Sheet) -> list[str]:
    return (
        ["JSON with 'channel' and 'messages', as DiscordChatExporter writes it"]
        if sheet.root == "discord"
        else []
    )


def messages_layout(sheet: Sheet) -> Layout:
    if sheet.root not in ("messages", "discord"):
        raise lacking(sheet, "slack-export or discord", ["channels.json", "messages"], sheet.first)
    return Layout(
        sheet.first,
        kinds={i: MESSAGE[name] for i, name in enumerate(sheet.first)},
        when=(sheet.first.index("posted"),),
        header_lines=0,
    )
