"""The default view: only the path to the decision, picked so that it can be read from facts to decision at one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.chapters import Pencil, conclusions_in
from sharedvalue.engine.graph.ends import decide_node, others
from sharedvalue.engine.graph.forks import Forks
from sharedvalue.engine.graph.parts import Draft, lower
from sharedvalue.engine.graph.truth import FAR, Truth, is_conclusion
from sharedvalue.engine.graph.words import Words
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import GroundBranch, GroundRule
from sharedvalue.engine.language.texts import placeholders

MOST_NODES = 25
RULES = 9  # on the way to the decision
ABSENT = 4  # conclusions that had to be missing
COURSES = 3  # ruled out, each with a node of its own; the others share one
FACTS_A_RULE = 3
ROOMY = 17  # below this, what could stay inside a label gets a node


class View:
    """Puts together the default view of one decision."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.draft = Draft(MOST_NODES)
        self.words, self.truth = Words.of(decision), Truth(decision.trace, decision)
        self.pencil = Pencil(self.draft, decision, self.words, self.truth)
        self.rules: dict[str, GroundRule] = {}
        self.decided: list[tuple[str, GroundRule]] = []
        self.book = decision.worlds.book

    def draw(self) -> Draft:
        decide_node(self.pencil, self.decision)
        chosen = self.deciding()
        if chosen is None:
            Forks(self).draw()
        else:
            self.certain(*chosen)
        self.with_room()
        self.pencil.joined()
        self.without_room()
        self.draft.without_detours()
        return self.draft

    def deciding(self) -> tuple[GroundBranch, GroundRule] | None:
        """The branch that decides in every world, with its rule; None where it depends on what is open."""
        branch = self.decision.trace.chosen
        if branch is None or self.decision.by_open_facts or len(self.decision.possible) > 1:
            return None
        rule = self.decision.trace.grounded.rules_for[branch.candidate][0]
        return (branch, rule) if self.truth.state(rule) == "holds" else None

    # --- one decision that holds in every world ---------------------------------------------------
    def certain(self, branch: GroundBranch, rule: GroundRule) -> None:
        course = self.pencil.course(branch, rule, "holds")
        assert course is not None
        self.draft.edge(course, "decision", "decides")
        self.decided.append((course, rule))
        claim = self.pencil.deciding_claim(rule)
        if claim is not None and self.pencil.claim(claim):
            self.draft.edge(f"claim:{claim}", course, "quotes")
        way = self.truth.way(rule)
        modes = tuple(self.mode_tests())
        doors = self.book.outcomes.outcomes[self.decision.outcome].doors if not way else ()
        shut = tuple(Test(name, "==", 0) for name in doors)  # a course that comes out where no other is open
        self.back_from([(course, (*way, *shut)), ("decision", modes)])
        misses = self.near_misses(branch.place)
        self.ruled_out(misses[:COURSES], misses[COURSES:])
        if claim is None:
            self.any_claim()
        self.facts(
            [
                (course, rule, way),
                *((self.pencil.grouped(r), r, self.looked_at(r)) for r in self.rules.values()),
            ]
        )
        self.facts_of_modes(modes)
        self.why_all(misses[:COURSES])

    def why_all(self, misses: list[tuple[GroundBranch, GroundRule]], facts: bool = True) -> None:
        """What stood against some courses, with the facts behind it (the rule's own line says the numbers, too)."""
        known = set(self.rules)
        for _, ruled in misses:
            self.why_ruled_out(ruled)
        if facts:
            found = [rule for key, rule in self.rules.items() if key not in known]
            self.facts([(self.pencil.grouped(rule), rule, self.looked_at(rule)) for rule in found])

    def looked_at(self, rule: GroundRule) -> tuple[Test, ...]:
        """The literals to show of a rule: those by which it holds, or the first way in which it could have."""
        return self.truth.way(rule) or next(iter(rule.alternatives), ())

    def mode_tests(self) -> Iterator[Test]:
        """What the modes of the decision rest on, besides the choice itself."""
        for name in self.decision.modes:
            for firing in self.decision.trace.concluded_by.get(f"mode:{name}", ()):
                if self.truth.state(firing.rule) == "holds":
                    yield from (
                        t for t in self.truth.way(firing.rule) if t.left not in ("outcome", "decided_by")
                    )

    def back_from(self, heads: Iterable[tuple[str, tuple[Test, ...]]]) -> None:
        """The rules and the missing conclusions that some literals rest on, nearest to the decision first."""
        waiting, absent = list(heads), 0
        while waiting:
            consequence, tests = waiting.pop(0)
            for name, wanted in self.conclusions_below(tests):
                if wanted:
                    waiting += self.concluding(name, consequence)
                elif self.truth.conclusion(name) is False and (
                    absent < ABSENT or self.pencil.conclusion_id(name) in self.draft
                ):
                    node = self.pencil.absent(name)
                    absent += 1
                    if node is not None:
                        self.draft.edge(node, consequence, "reads")

    def conclusions_below(self, tests: tuple[Test, ...]) -> list[tuple[str, bool]]:
        """The conclusions that literals name, and those that their measures count (of these, what is so)."""
        found = dict(conclusions_in(self.truth, tests))
        for test in tests:
            for name in (test.left, test.right):
                if isinstance(name, str) and name in self.truth.grounded.measures:
                    for leaf in self.truth.leaves(name):
                        if is_conclusion(self.truth.grounded, leaf):
                            found.setdefault(leaf, True)
        return list(found.items())

    def concluding(self, name: str, consequence: str) -> list[tuple[str, tuple[Test, ...]]]:
        """Draws the rules that give a conclusion; of one over records, also those for whom it does not hold."""
        found = []
        for rule in self.truth.grounded.rules_for.get(name, ()):
            known = self.pencil.grouped(rule) in self.draft
            holds = self.truth.state(rule) == "holds"
            if not (holds or rule.binding) or (not known and len(self.rules) >= RULES):
                continue
            node = self.pencil.fired(rule)
            if node is not None:
                self.draft.edge(node, consequence, "concludes", conclusion=self.words.concluded(name))
                if rule.key not in self.rules:
                    self.rules[rule.key] = rule
                    found.append((node, self.looked_at(rule)))
        return found

    # --- what was ruled out -----------------------------------------------------------------------
    def near_misses(self, before: int) -> list[tuple[GroundBranch, GroundRule]]:
        """The courses that were looked at before, those first that came nearest, and not all of one outcome."""
        passed = [
            (self.truth.miss(b.candidate).cost, -b.place, b, rule) for b, rule in self.truth.ruled_out(before)
        ]
        seen: dict[int, int] = {}
        ordered = []
        for cost, place, branch, rule in sorted(passed, key=lambda entry: entry[:2]):
            seen[branch.outcome] = seen.get(branch.outcome, -1) + 1
            ordered.append((cost + seen[branch.outcome], place, branch, rule))
        return [(branch, rule) for _, _, branch, rule in sorted(ordered, key=lambda entry: entry[:2])]

    def ruled_out(
        self,
        shown: list[tuple[GroundBranch, GroundRule]],
        rest: list[tuple[GroundBranch, GroundRule]],
        over: str = "decision",
    ) -> None:
        for branch, rule in shown:
            state = {False: "absent", True: "holds", None: "open"}[self.truth.conclusion(branch.candidate)]
            node = self.pencil.course(branch, rule, state)
            if node is not None:
                self.draft.edge(node, over, "chosen_over")
        if rest:
            others(self.pencil, rest, over)

    def why_ruled_out(self, rule: GroundRule) -> None:
        """The facts and rules that stood against a course, as far as there is room."""
        node = self.pencil.conclusion_id(rule.concludes[0])
        miss = self.truth.rule_miss(rule)
        if miss.cost >= FAR or node not in self.draft:
            return
        for failed, test in miss.failed:
            if self.truth.state(failed) == "defeated" and failed.rule != rule.rule:
                self.set_aside(failed, node)
                continue
            if is_conclusion(self.truth.grounded, test.left):
                rules = self.truth.grounded.rules_for.get(test.left, ())
                against = next((r for r in rules if self.truth.state(r) == "holds"), None)
            else:
                against = self.pencil.instead(failed, [test]) if failed.rule != rule.rule else None
            if against is None and self.truth.test(test) is False:
                self.facts([(node, failed, (test,))])
            elif against is not None:
                self.stands_against(against, node)

    def stands_against(self, rule: GroundRule, node: str) -> None:
        if self.pencil.fired(rule) is not None:
            self.rules.setdefault(rule.key, rule)
            self.draft.edge(self.pencil.grouped(rule), node, "defeats")

    def set_aside(self, rule: GroundRule, consequence: str) -> None:
        """A rule that was defeated, with what defeated it."""
        node = self.pencil.defeated(rule)
        if node is not None:
            self.draft.edge(node, consequence, "would_conclude")
            for defeater in self.pencil.defeaters(rule)[:2]:
                self.stands_against(defeater, node)

    def any_claim(self, courses: Iterable[tuple[str, GroundRule]] = ()) -> None:
        """Where the deciding rule quotes nothing: what a possible course leans on, or else a rule on the way."""
        rules = [(self.pencil.grouped(rule), rule) for rule in self.rules.values()]
        for group in (list(courses), rules):
            found = [
                (self.pencil.weight(claim, self.pencil.words.block(rule).modality), claim, node)
                for node, rule in group
                if (claim := self.pencil.deciding_claim(rule)) is not None and node in self.draft
            ]
            if found:
                _, claim, node = max(found)
                if self.pencil.claim(claim):
                    self.draft.edge(f"claim:{claim}", node, "quotes")
                return

    # --- facts ------------------------------------------------------------------------------------
    def facts(self, rules: list[tuple[str, GroundRule, tuple[Test, ...]]]) -> None:
        """The facts that rules read: a turn for each rule, so that none takes all the room."""
        turns = [
            (node, iter(self.values_of(tests)), rule, tests)
            for node, rule, tests in rules
            if node in self.draft
        ]
        for _ in range(FACTS_A_RULE):
            for node, values, rule, tests in turns:
                name = next(values, None)
                if name is not None:
                    self.value(name, node, rule, tests)

    def facts_of_modes(self, modes: tuple[Test, ...]) -> None:
        for test in modes:
            if (
                not is_conclusion(self.truth.grounded, test.left)
                and self.truth.grounded.variables[test.left].origin != "choice"
            ):
                for name in self.truth.leaves(test.left)[:2]:
                    if not is_conclusion(self.truth.grounded, name) and (node := self.pencil.fact(name)):
                        self.draft.edge(node, "decision", "compares")

    def value(self, name: str, consequence: str, rule: GroundRule, tests: tuple[Test, ...]) -> None:
        node = self.pencil.measure(name) if name in self.truth.grounded.measures else self.pencil.fact(name)
        if node is None:
            return
        threshold = next(
            (t for test in tests if test.left == name and (t := self.words.threshold(rule, test))), None
        )
        self.draft.edge(
            node,
            consequence,
            "compares" if threshold else "reads",
            threshold=str(threshold) if threshold else "",
        )

    def values_of(self, tests: tuple[Test, ...]) -> Iterator[str]:
        """The values that a rule rests on: facts, and measures over so many that one number says it better."""
        given: dict[str, None] = {}
        for test in tests:
            for name in (test.left, test.right):
                if (
                    isinstance(name, str)
                    and not is_conclusion(self.truth.grounded, name)
                    and name not in ("outcome", "decided_by")
                ):
                    leaves = [
                        leaf
                        for leaf in self.truth.leaves(name)
                        if not is_conclusion(self.truth.grounded, leaf)
                    ]
                    many = len({self.pencil.value_id(leaf) for leaf in leaves}) > 3
                    given.update(dict.fromkeys([name] if many else leaves))
        gates = [name for name in given if name in self.pencil.gates]
        others_given = [name for name in given if name not in self.pencil.gates]
        yield from others_given or gates

    # --- with room to spare -----------------------------------------------------------------------
    def with_room(self) -> None:
        """In a small graph more gets a node of its own, where this makes the picture no wider and no line longer."""
        depth = self.draft.depths()
        deepest = max(depth.values())
        for node, steps in depth.items():
            absent = node.startswith("conclusion:") and self.draft.graph.nodes[node]["state"] == "absent"
            if absent and steps < deepest and not self.draft.graph.in_degree(node):
                self.behind_absent(node, depth)
        for rule in list(self.rules.values()):
            if depth.get(self.pencil.grouped(rule), deepest) < deepest:
                self.thresholds(rule)

    def without_room(self) -> None:
        """What a rule on the way read and what has no node of its own stands within the rule: no number that decides is left out."""
        for node, rule in (*self.decided, *((self.pencil.grouped(r), r) for r in self.rules.values())):
            if node not in self.draft or self.truth.state(rule) != "holds":
                continue
            line = self.words.block(rule).line
            in_it = {mark.name for mark in placeholders(line)} if line is not None else set()
            told = [
                f"{lower(self.words.title(name))}: {self.words.value(name)}"
                for name in self.values_of(self.truth.way(rule))
                if self.pencil.value_id(name) not in self.draft
                and name not in in_it
                and not self.in_a_list(name)
            ]
            if told:
                self.draft.more(node, f"Also read: {'; '.join(told)}")

    def in_a_list(self, name: str) -> bool:
        """Whether a value belongs to one record of a list; of many, none is told apart."""
        parts = name_of(name)
        return parts is not None and parts.record is not None

    def thresholds(self, rule: GroundRule) -> None:
        for test in self.truth.way(rule):
            threshold = self.words.threshold(rule, test)
            if (
                threshold is not None
                and len(self.draft.graph) < ROOMY
                and (node := self.pencil.threshold(threshold))
            ):
                self.draft.edge(node, self.pencil.grouped(rule), "compares")

    def behind_absent(self, node: str, depth: dict[str, int]) -> None:
        """The facts for which a conclusion is missing."""
        for rule, test in self.truth.miss(node.removeprefix("conclusion:")).failed[:2]:
            if not is_conclusion(self.truth.grounded, test.left) and self.truth.test(test) is False:
                values = [self.pencil.value_id(name) for name in self.values_of((test,))]
                if all(depth.get(value, 0) <= depth[node] + 1 for value in values):
                    self.facts([(node, rule, (test,))])
