"""Where a decision comes from, for machines: W3C PROV, as PROV-JSON and PROV-N."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharedvalue.engine.governance.form import ANSWERED
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.standing import standing

if TYPE_CHECKING:
    from prov.model import ProvDocument

SPACE = "https://sharedvalue.invalid/ns#"


def document(told: Told) -> ProvDocument:
    """The case, the rule book, the evidence, the people by their roles, and what they led to. No free words of people."""
    from prov.model import ProvDocument

    payload, record = told.payload, told.record
    made = ProvDocument()
    made.add_namespace("sv", SPACE)
    when = payload["recorded_at"]
    scenario = made.entity(
        "sv:scenario",
        {"prov:type": made.valid_qualified_name("sv:Scenario"), "sv:hash": payload["scenario"]["hash"]},
    )
    book = made.entity(
        "sv:rulebook",
        {
            "prov:type": made.valid_qualified_name("sv:RuleBook"),
            "sv:version": payload["rulebook"]["version"],
            "sv:hash": payload["rulebook"]["hash"],
        },
    )
    decision = made.entity(
        "sv:decision",
        {
            "prov:type": made.valid_qualified_name("sv:Decision"),
            "sv:outcome": payload["decision"]["outcome"],
            "sv:status": standing(payload).status.name,
        },
    )
    kept = made.entity(
        f"sv:{record.id}", {"prov:type": made.valid_qualified_name("sv:Record"), "sv:hash": record.hash}
    )
    program = made.agent(
        "sv:program",
        {
            "prov:type": made.valid_qualified_name("prov:SoftwareAgent"),
            "sv:release": payload["made_by"]["sharedvalue"],
        },
    )
    deciding = made.activity("sv:deciding", endTime=when)
    recording = made.activity("sv:recording", endTime=when)
    for used in (scenario, book):
        made.used(deciding, used)
        made.wasDerivedFrom(decision, used)
    for number, file in enumerate(payload["evidence"]["files"], start=1):
        evidence = made.entity(
            f"sv:evidence-{number}",
            {"prov:type": made.valid_qualified_name("sv:Evidence"), "sv:hash": file["hash"]},
        )
        if not told.others:
            evidence.add_attributes({"prov:label": file["name"]})
        made.wasDerivedFrom(scenario, evidence)
    made.wasGeneratedBy(decision, deciding, time=when)
    made.wasAssociatedWith(deciding, program)
    made.used(recording, decision)
    made.wasGeneratedBy(kept, recording, time=when)
    made.wasDerivedFrom(kept, decision)
    for number, role in enumerate(standing(payload).form.by, start=1):
        agent = made.agent(
            f"sv:role-{number}", {"prov:type": made.valid_qualified_name("prov:Agent"), "prov:label": role}
        )
        made.wasAssociatedWith(recording, agent)
        made.wasAttributedTo(kept, agent)
    if standing(payload).form.sponsor in ANSWERED:
        sponsor = made.agent("sv:sponsor", {"prov:type": made.valid_qualified_name("prov:Organization")})
        made.wasAssociatedWith(recording, sponsor)
    if payload["answers"] is not None:
        earlier = made.entity(
            f"sv:R{payload['answers']:04d}", {"prov:type": made.valid_qualified_name("sv:Record")}
        )
        made.wasRevisionOf(kept, earlier)
    return made


def prov_json(told: Told) -> str:
    """PROV-JSON, read back before it is handed out: it says the same."""
    return _written(told, "json")


def prov_n(told: Told) -> str:
    """PROV-N, read back likewise."""
    return _written(told, "provn") + "\n"


def _written(told: Told, kind: str) -> str:
    from prov.model import ProvDocument

    made = document(told)
    text = made.serialize(format=kind, indent=1) if kind == "json" else made.serialize(format=kind)
    assert isinstance(text, str)
    if ProvDocument.deserialize(content=text, format=kind) != made:
        raise AssertionError(f"the {kind} of PROV does not read back as what was written")
    return text.rstrip("\n") if kind == "provn" else text
