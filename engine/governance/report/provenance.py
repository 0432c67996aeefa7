"""Where a decision comes from, for machines: W3C PROV, as PROV-JSON and PROV-N. It says what rests on what as the report does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sharedvalue.engine.governance.form import ANSWERED
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.standing import standing

if TYPE_CHECKING:
    from prov.model import ProvDocument

Json = dict[str, Any]
SPACE = "https://sharedvalue.invalid/ns#"


def document(told: Told) -> ProvDocument:
    """Facts and what they rest on, the rule book, the proposal, the decision, the people by their roles. No free words of people."""
    from prov.model import ProvDocument

    made = ProvDocument()
    made.add_namespace("sv", SPACE)
    return _Drawn(told, made).document()


class _Drawn:
    def __init__(self, told: Told, made: ProvDocument) -> None:
        self.told, self.payload, self.made = told, told.payload, made
        self.when = told.payload["recorded_at"]

    def entity(self, local: str, kind: str, **more: Any) -> Any:
        given = {f"sv:{key}": value for key, value in more.items() if value not in ("", None)}
        type_of = self.made.valid_qualified_name(f"sv:{kind}")
        attributes: dict[Any, Any] = {"prov:type": type_of, **given}
        return self.made.entity(f"sv:{local}", attributes)

    def agent(self, local: str, kind: str, **more: Any) -> Any:
        attributes: dict[Any, Any] = {"prov:type": self.made.valid_qualified_name(kind), **more}
        return self.made.agent(f"sv:{local}", attributes)

    def document(self) -> ProvDocument:
        made, payload = self.made, self.payload
        scenario = self.entity("scenario", "Scenario", hash=payload["scenario"]["hash"])
        rulebook = payload["rulebook"]
        book = self.entity("rulebook", "RuleBook", version=rulebook["version"], hash=rulebook["hash"])
        outcome = payload["decision"]["outcome"]
        proposal = self.entity("proposal", "Proposal", outcome=outcome)
        program = self.agent(
            "program", "prov:SoftwareAgent", **{"sv:release": payload["made_by"]["sharedvalue"]}
        )
        proposing = made.activity("sv:proposing", endTime=self.when)
        made.wasAssociatedWith(proposing, program)
        made.wasGeneratedBy(proposal, proposing, time=self.when)
        for used in (scenario, book):
            made.used(proposing, used)
            made.wasDerivedFrom(proposal, used)
        self.files(scenario)
        self.facts(scenario, proposal)
        self.people(proposal)
        return made

    def files(self, scenario: Any) -> None:
        for number, file in enumerate(self.payload["evidence"]["files"], start=1):
            kept = self.entity(f"evidence-file-{number}", "EvidenceFile", hash=file["hash"])
            if not self.told.others:
                kept.add_attributes({"prov:label": file["name"]})
            self.made.wasDerivedFrom(scenario, kept)

    def facts(self, scenario: Any, proposal: Any) -> None:
        """Each fact that the report tells, what it rests on, and whether the proposal rests on it."""
        facts, stated = (
            self.told.facts,
            self.agent("leader", "prov:Agent", **{"prov:label": "who stated the facts"}),
        )
        known = [fact for fact in facts.told if fact["rests_on"] != "nothing"]
        for number, fact in enumerate(known, start=1):
            title, said, _rests, day, sure, turns = facts.row(fact)
            entity = self.entity(
                f"fact-{number}",
                "Fact",
                name=fact["name"],
                value=said,
                restsOn=fact["rests_on"],
                asOf=day,
                sure=sure,
            )
            entity.add_attributes({"prov:label": title})
            self.made.wasDerivedFrom(scenario, entity)
            if turns == "yes":
                self.made.wasDerivedFrom(proposal, entity)
            if not fact["items"]:
                self.made.wasAttributedTo(entity, stated)
            for position, item in enumerate(fact["items"], start=1):
                source = self.entity(
                    f"fact-{number}-item-{position}", "Evidence", source=item["source"], date=item["date"]
                )
                self.made.wasDerivedFrom(entity, source)

    def people(self, proposal: Any) -> None:
        """The decision apart from the proposal, who took it, what the sponsor answered, and the record of it all."""
        made, record, stands = self.made, self.told.record, standing(self.payload)
        taken = self.entity(
            "decision",
            "Decision",
            status=stands.status.name,
            follows=stands.follows,
            taken=stands.form.decision,
        )
        kept = self.entity(record.id, "Record", hash=record.hash)
        deciding = made.activity("sv:deciding", endTime=self.when)
        recording = made.activity("sv:recording", endTime=self.when)
        made.used(deciding, proposal)
        made.wasGeneratedBy(taken, deciding, time=self.when)
        made.wasDerivedFrom(taken, proposal)
        made.used(recording, taken)
        made.wasGeneratedBy(kept, recording, time=self.when)
        made.wasDerivedFrom(kept, taken)
        for number, role in enumerate(stands.form.by, start=1):
            agent = self.agent(f"role-{number}", "prov:Agent", **{"prov:label": role})
            made.wasAssociatedWith(deciding, agent)
            made.wasAttributedTo(taken, agent)
        if stands.form.sponsor in ANSWERED:
            answer = self.entity("sponsors-answer", "Answer", answer=stands.form.sponsor)
            sponsor = self.agent("sponsor", "prov:Organization")
            made.wasAttributedTo(answer, sponsor)
            made.wasDerivedFrom(answer, proposal)
            made.used(deciding, answer)
        if self.payload["answers"] is not None:
            earlier = self.entity(f"R{self.payload['answers']:04d}", "Record")
            made.wasRevisionOf(kept, earlier)


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
