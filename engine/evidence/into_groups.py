"""What registers, groups of members, what resonates and who came write into a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sharedvalue.engine.evidence.attendance import Attendance
from sharedvalue.engine.evidence.draft import Draft, Origin, Written
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.listed import known_as
from sharedvalue.engine.evidence.mapping import lists_accounts
from sharedvalue.engine.evidence.proportions import Share
from sharedvalue.engine.evidence.register import Register
from sharedvalue.engine.evidence.resonance import Resonance
from sharedvalue.engine.evidence.segments import Cells, cells
from sharedvalue.engine.evidence.small_cells import limit_of
from sharedvalue.engine.evidence.survey import Counted
from sharedvalue.engine.language.scenario_edit import Value, as_plain, written

MOST_NEEDS = 9  # F13 asks for three to nine


def write_register(draft: Draft, register: Register) -> None:
    file, total = register.export.file.name, register.all
    limit = limit_of(draft.book)
    _write_total(draft, register)
    if total.count < limit:
        draft.notes.append(f"{file}: fewer than {limit} people, so no share of them is written")
        return
    if register.taking_part is not None:
        writes = Share(register.taking_part.active, register.taking_part.count)
        column = register.columns.get("posted") or register.columns["participation"]
        said = f"{draft.said(writes)} wrote something" + (
            "" if "participation" in register.columns else " within 90 days"
        )
        draft.put(("core_and_active_share",), draft.exactly(writes), said, column, file)
    if register.has_left and register.began:
        left = Share(register.gone, register.began)
        draft.put(
            ("leave_rate_12m",),
            draft.exactly(left),
            f"{draft.said(left)} of the members of a year ago left",
            register.columns["left"],
            file,
        )
    if register.has_last and total.active_base:
        active = Share(total.active, total.active_base)
        said = f"{draft.said(active)} seen within 90 days of {register.as_of}"
        draft.put(("active_share_90d",), draft.exactly(active), said, register.columns["last_active"], file)
    if register.core is not None:
        draft.put(
            ("core_group_size",),
            register.core,
            f"{register.core} of {total.count}",
            register.columns["core"],
            file,
        )
    there = {folded(name): name for name in draft.scenario.records.get("segments", ())}
    column, small = register.columns.get("segment", ""), 0
    for name, part in register.parts.items():
        if part.count < limit:
            small += 1
            continue
        level, most = (part.levels.most_common(1) or [("", 0)])[0]
        values: dict[str, Value] = {"count": part.count}
        if level and 2 * most > part.levels.total():
            values["level"] = level
        if part.active_base:
            values["active"] = draft.exactly(Share(part.active, part.active_base))
        said = f"{part.count} of {total.count} members"
        if folded(name) in there:
            for key, value in values.items():
                draft.put(("segments", there[folded(name)], key), value, said, column, file, "field")
        else:
            unknown: dict[str, Value] = dict.fromkeys(
                ("count", "level", "overlap", "stay", "active"), "unknown"
            )
            draft.add("segments", {"name": name, **unknown, **values}, name, said, column, file, "record")
    if small:
        draft.notes.append(f"{file}: groups of fewer than {limit} members left out: {small}")
    draft.notes += [f"{file}: {note}" for note in register.notes]


def _write_total(draft: Draft, register: Register) -> None:
    """How many members there are. Accounts of a forum or chat are taken for the members only where nothing else is known."""
    file, total = register.export.file.name, register.all.count
    if not lists_accounts(register.export.format):
        draft.put(("members_total",), total, f"{total} members on {register.as_of}", "", file)
        return
    stated = draft.set.get(("members_total",), draft.stands(("members_total",)))
    if stated in ("", "unknown"):
        draft.put(
            ("members_total",),
            total,
            f"{total} accounts on {register.as_of}; give the members with --members",
            "",
            file,
        )
    else:
        draft.notes.append(
            f"{file}: {total} accounts, of {stated} members; its shares are shares of the accounts"
        )


def _write_named(draft: Draft, found: Resonance) -> None:
    """Needs that a person named for what resonates: who has them, and whether they are met, nobody has asked yet."""
    there = {folded(name) for name in draft.scenario.records.get("needs", ())}
    there |= {folded(str(record["label"])) for record in draft.append.get("needs", ())}
    for group in found.named:
        if folded(group.name) in there or len(there) >= MOST_NEEDS:
            continue
        there.add(folded(group.name))
        times = sum(item.times for item in found.items if item.need == group.name)
        within: Value = "unknown" if group.within_purpose is None else group.within_purpose
        weight = group.needed_by
        judged: Value = "unknown" if weight is None else {"value": as_number(weight), "confidence": "low"}
        record: dict[str, Value] = {
            "label": group.name,
            "cited_by": judged,
            "satisfied": "unknown",
            "within_purpose": within,
        }
        asked = "nobody has asked" if weight is None else "is somebody's judgement; nobody was asked"
        said = f"named by a person for {len(group.answers)} items, {times} times; how many need it, {asked}"
        draft.add("needs", record, group.name, said, found.mapping_use, found.export.file.name, "record")


def as_number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _named_from_these(draft: Draft, found: Resonance) -> list[str]:
    """The needs that items match and that are known from such items only: no survey or interview has a share of them."""
    labels = draft.scenario.records.get("needs", ())
    stated = {
        folded(label): draft.scenario.stated.get(f"needs[{i}].cited_by") for i, label in enumerate(labels)
    }
    asked = {
        label
        for label, share in stated.items()
        if share is not None and share.kind != "unknown" and share.confidence != "low"  # low: a judgement
    }
    judged = {folded(group.name) for group in found.named}
    asked |= {
        label
        for r in draft.append.get("needs", ())
        if r["cited_by"] != "unknown" and (label := folded(str(r["label"]))) not in judged
    }
    asked |= {
        folded(address[1]) for address in draft.set if address[0] == "needs" and address[-1] == "cited_by"
    }
    return list(dict.fromkeys(i.need for i in found.items if i.need and folded(i.need) not in asked))


def write_resonance(draft: Draft, found: Resonance) -> None:
    _write_named(draft, found)
    file, fewest = found.export.file.name, draft.book.thresholds["resonance_fewest"]
    if of_their_own := _named_from_these(draft, found):
        draft.notes.append(
            f"{file}: {', '.join(of_their_own)}: nobody was asked who needs that, and it may be named for these very items. That items "
            "match it says nothing then, so no reading is written"
        )
    elif found.matched is None:
        draft.notes.append(
            f"{file}: no need is listed that the items could match; name some of what is proposed below, or import the needs first"
        )
    elif found.matched.n * fewest.type.scale < fewest.value:
        draft.notes.append(
            f"{file}: {found.matched.n} of at least {fewest} items, too few to set a share of them beside what people say "
        )
    else:
        said = f"{found.matched.count} of the {found.matched.n} items that resonate most match a named need"
        use = found.mapping_use
        draft.item(Origin.of_resonance(found), "member_value_now", found.matched.percent, said, use, "")
        if loose := found.matched.n - found.matched.count:
            draft.notes.append(
                f"{file}: {loose} of the {found.matched.n} items match no need by their words. If one is about a need in other "
                "words, the share above is too low: --write-mapping FILE lists them, so that you can say which is which"
            )
    draft.notes += [f"{file}: {note}" for note in (*found.export.notes, *found.notes)]


def write_attendance(draft: Draft, came: Attendance) -> None:
    """Who came is the least of who was active: others may have read or written."""
    percent, files = came.percent, ", ".join(m.export.file.name for m in came.meetings)
    draft.notes += _who_came(came)
    for meeting in came.meetings:
        tool = known_as(meeting.export.format)
        if tool is not None and tool.note:
            draft.notes.append(f"{meeting.export.file.name}: {tool.note}")
    if came.old:
        draft.notes.append(
            f"{came.old} of {len(came.meetings)} meetings lie more than 90 days back and do not count for active_share_90d"
        )
    if undated := [m.export.file.name for m in came.meetings if m.date is None]:
        draft.notes.append(
            f"no day can be read in {', '.join(undated)}: taken as recent; give it with --date, or say --date-order"
        )
    if came.too_many:
        draft.notes.append(
            f"{came.surely} people came within 90 days, and there are {came.members} members: some who came are none, or the number of "
            "members is old. No share is written; import the register along, with names or addresses, to tell members apart"
        )
    elif percent is None:
        draft.notes.append(
            f"{came.people} people came; how many members there are is not known, so no share follows: give --members N"
        )
    elif came.old == len(came.meetings):
        pass
    elif not percent:
        draft.notes.append("nobody who came is surely a member, so no share is written")
    elif draft.stands(("active_share_90d",)) in ("", "unknown") and ("active_share_90d",) not in draft.set:
        whom = "members by the register" if came.matched else "people"
        said = f"{came.surely} {whom} came within 90 days, of {came.members} members; others may have read or written"
        draft.put(("active_share_90d",), {"between": [percent, 100]}, said, "", files)


def _who_came(came: Attendance) -> Iterator[str]:
    """What is not certain of the people in the lists, counted."""
    nameless, guests = (sum(getattr(m, key) for m in came.meetings) for key in ("nameless", "guests"))
    if nameless:
        yield f"came without an address and told apart by name: {nameless}"
    if came.matched:
        yield f"matched with the register by name or address: {came.surely} of {came.recent} who came within 90 days are members"
    elif guests:
        yield (
            f"came as guests, so not counted as members: {guests}. If guests are members, say --guests-are-members, or import the "
            "register along"
        )
    for key, what in (
        ("second", "second devices of somebody who came, not counted again"),
        ("devices", "devices that name nobody, not counted (somebody may sit behind each)"),
        ("note_takers", "note-taking programs, not counted"),
    ):
        if many := sum(getattr(m, key) for m in came.meetings):
            yield f"{what}: {many}"


def write_groups(draft: Draft, counted: Counted) -> Cells:
    """Groups that a survey tells apart: their level and their overlap; how many belong to them where all were asked."""
    after = draft.as_it_stands()
    found = cells(counted, after, draft.book)
    there = {folded(name): name for name in draft.scenario.records.get("segments", ())}
    added = {folded(str(r["name"])): r for r in draft.append.get("segments", ())}
    file, column, kept = counted.export.file.name, counted.segment_column, 0
    for cell in found.cells:
        said = f"{draft.said(Share(cell.n, cell.of))} of those who said which"
        values: dict[str, Value] = {}
        if counted.mapping.population and counted.mapping.drawn_from_all:
            low, high = Share(cell.n, cell.of, counted.mapping.population).interval(draft.method)
            people = counted.mapping.population
            values["count"] = {"between": [int(low * people / 100), -int(-high * people // 100)]}
        if cell.level:
            values["level"] = cell.level
        if cell.overlap is not None:
            low, high, margin = cell.overlap.low, cell.overlap.high, draft.book.thresholds["margin_high"]
            wide = (high - low) * margin.type.scale > 2 * margin.value
            values["overlap"] = {"between": [low, high]} if wide else cell.overlap.percent
        if folded(cell.name) in there:
            for name, value in values.items():
                address = ("segments", there[folded(cell.name)], name)
                stands = as_plain(draft.set[address]) if address in draft.set else draft.node(address)
                if name == "count" and str(stands).isdigit():
                    kept += 1  # who answered is a sample; the number in the scenario was counted
                else:
                    draft.put(address, value, said, column, file, "field")
        elif folded(cell.name) in added:  # by a register in the same import: only what it left open
            record = added[folded(cell.name)]
            for name, value in values.items():
                if record[name] == "unknown":
                    record[name] = value
                    told = Written(
                        f"segments[{cell.name}].{name}",
                        "unknown",
                        written(value),
                        said,
                        column,
                        file,
                        "field",
                    )
                    draft.found.append(told)
        elif values:
            unknown: dict[str, Value] = dict.fromkeys(
                ("count", "level", "overlap", "stay", "active"), "unknown"
            )
            draft.add(
                "segments",
                {"name": cell.name, **unknown, **values},
                cell.name,
                said,
                column,
                file,
                "record",
            )
    if kept:
        draft.notes.append(
            f"how many belong to a group stays as counted in the scenario; {file} only says who answered"
        )
    if found.cells and not (counted.mapping.population and counted.mapping.drawn_from_all):
        draft.notes.append(
            f"how many belong to a group is not written, as {file} is not known to have asked all members, or a random part of all: "
            + ", ".join(f"{cell.name} {draft.said(Share(cell.n, cell.of))}" for cell in found.cells)
        )
    if found.small:
        draft.notes.append(f"groups of fewer than {found.limit} people left out: {found.small}")
    if found.cells and all(cell.overlap is None for cell in found.cells):
        draft.notes.append("the groups' overlap stays open: no need in the scenario says whom it serves")
    return found
