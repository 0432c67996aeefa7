"""The catalogue of every SV code: what it means, why it is refused, and an example wrong and mended.

Blocks: 1xx the file, 2xx the scenario, 3xx the rule book, 4xx evidence, 5xx the ledger, 9xx budgets. A test holds the
catalogue and the source to each other, both ways.
"""

from __future__ import annotations

from dataclasses import dataclass

BLOCKS = {
    "1": "the file itself, or the command",
    "2": "a scenario",
    "3": "the rule book, and house rules laid over it",
    "4": "evidence",
    "5": "the ledger",
    "9": "budgets: what would take too long or too much",
}


@dataclass(frozen=True)
class ErrorCode:
    """One code. `wrong` and `mended` are short examples as they would be written; each may be empty."""

    code: str
    title: str
    means: str
    why: str
    wrong: str = ""
    mended: str = ""

    @property
    def block(self) -> str:
        return BLOCKS.get(self.code[2], "")

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "about": self.block,
            "title": self.title,
            "means": self.means,
            "why": self.why,
            "wrong": self.wrong,
            "mended": self.mended,
        }


_ALL = (
    # ---- 1xx: the file ----------------------------------------------------------------------------------------------
    ErrorCode(
        "SV101",
        "There is no such file or directory",
        "The path that was given leads nowhere, or a house rule directory holds no YAML file.",
        "Without the file there is nothing to decide, and an answer without it would be about something else.",
        "sharedvalue decide scenaros/my-community.yaml",
        "sharedvalue decide scenarios/my-community.yaml",
    ),
    ErrorCode(
        "SV102",
        "A directory where a file was expected",
        "The path is that of a directory. A scenario is one file; house rules (--rules) are a directory.",
        "Which of its files is meant cannot be guessed.",
        "sharedvalue decide scenarios/",
        "sharedvalue decide scenarios/*.yaml",
    ),
    ErrorCode(
        "SV103",
        "The file cannot be read or written",
        "The system refuses access, the disk is full, or the path is a device or a pipe and not a regular file.",
        "Reading a device could go on for ever, and half a file is worse than none.",
    ),
    ErrorCode(
        "SV104",
        "The file is too large",
        "The file has more bytes than any scenario or rule file needs. The message says the limit.",
        "A scenario has a few kilobytes. A file this large is the wrong one, or made to do harm.",
    ),
    ErrorCode(
        "SV105",
        "The file is empty",
        "The file has no content, or comments only.",
        "An empty scenario says nothing; even the shortest one says whether there is a sponsor.",
        "# to be filled in",
        "scenario: 1\nfacts:\n  has_sponsor: true",
    ),
    ErrorCode(
        "SV106",
        "The file is not text in UTF-8",
        "Some bytes of the file are no UTF-8 text. UTF-16 that says so in its first two bytes is read, too.",
        "Guessing an encoding would turn names into other names without a word. Save the file as UTF-8.",
    ),
    ErrorCode(
        "SV107",
        "The file is not YAML",
        "The file does not read as YAML: an indentation that does not fit, a tab, a text with a colon that is not in "
        "quotes, a second document, or a key that is not a single word. JSON is YAML, too.",
        "A file that can be read in two ways could mean either.",
        "title: Our community: a case",
        'title: "Our community: a case"',
    ),
    ErrorCode(
        "SV108",
        "A key stands twice",
        "The same key stands twice in one table.",
        "YAML would silently let the last one win, and you would not know which value decided.",
        "member_value_now: 60\nmember_value_now: 30",
        "member_value_now: 60",
    ),
    ErrorCode(
        "SV109",
        "Anchors, aliases and tags are not allowed",
        "The file uses & or * to repeat a part, or ! to name a type.",
        "A few lines of aliases can unfold into millions of values, and tags can ask for any type. Neither is needed.",
        "member_value_now: &v 60\nmember_value_outlook: *v",
        "member_value_now: 60\nmember_value_outlook: 60",
    ),
    ErrorCode(
        "SV110",
        "The file is too deep, or holds too much",
        "Lists and tables are nested deeper than any scenario or rule needs, or there are too many entries or files.",
        "Bounded reading answers every file within seconds. The message says the limit.",
    ),
    ErrorCode(
        "SV111",
        "A link leads out of the house rule directory",
        "A file in the directory given with --rules is a link to somewhere outside it.",
        "House rules may come from others; they shall not make files elsewhere on your machine readable.",
    ),
    ErrorCode(
        "SV112",
        "The file is there already",
        "What was to be written would replace a file that exists.",
        "A scenario holds work that nobody wants to lose. Give another name, or say --force.",
        "sharedvalue scenario new my-community.yaml",
        "sharedvalue scenario new my-community.yaml --force",
    ),
    ErrorCode(
        "SV113",
        "The file is not a table",
        "A table of communities is CSV, Parquet or XLSX, with one row of column names above one row a community.",
        "What cannot be read as rows and columns cannot be decided row by row.",
        "sharedvalue portfolio communities.docx",
        "sharedvalue portfolio communities.csv",
    ),
    ErrorCode(
        "SV120",
        "The suffix of the file says no format",
        "What is written follows from the suffix of its name, and this one is not known.",
        "A picture in a format that nobody asked for helps nobody.",
        "sharedvalue graph case.yaml -o why.jpg",
        "sharedvalue graph case.yaml -o why.png",
    ),
    ErrorCode(
        "SV121",
        "The file cannot be written",
        "The directory is not there or may not be written in, the name is that of a directory, or the disk is full.",
        "Nothing is left half-written: the file is replaced only once all of it is there.",
        "sharedvalue graph case.yaml -o no-such-directory/why.svg",
        "sharedvalue graph case.yaml -o why.svg",
    ),
    ErrorCode(
        "SV130",
        "The command was not understood",
        "A command, an option or its value is not one that sharedvalue has. Every command says with --help what it takes.",
        "Running something near to what was meant could write the wrong file, or answer another question.",
        "sharedvalue decide --jsn case.yaml",
        "sharedvalue decide --json case.yaml",
    ),
    # ---- 2xx: the scenario --------------------------------------------------------------------------------------------
    ErrorCode(
        "SV201",
        "A scenario is a table",
        "The file is YAML, but its outermost layer is a list or a single text, not keys with values.",
        "The facts are found by their names.",
        "- has_sponsor: true",
        "scenario: 1\nfacts:\n  has_sponsor: true",
    ),
    ErrorCode(
        "SV202",
        "The format version is missing or unknown",
        "A scenario begins with the version of its format. This release reads 'scenario: 1'.",
        "A later format may give a key another meaning; reading it as this one could decide wrongly.",
        "scenario: 7",
        "scenario: 1",
    ),
    ErrorCode(
        "SV203",
        "Something required is missing",
        "A fact without which nothing can be decided (has_sponsor), a field that names a record, or the date that evidence "
        "needs, is missing or open.",
        "All else may be left out and then counts as unknown; these cannot.",
        "facts: {member_value_now: 60}",
        "facts: {has_sponsor: true, member_value_now: 60}",
    ),
    ErrorCode(
        "SV204",
        "Unknown fact, field or record",
        "The rule book has no fact of this name, a record has no such field, or there is no record of this name.",
        "A misspelt fact would count as unknown without a word, and the answer would be another one.",
        "sponsor_value_nwo: 30",
        "sponsor_value_now: 30",
    ),
    ErrorCode(
        "SV205",
        "Not a value of this fact",
        "The value has the wrong type, lies out of range, is finer than the fact is kept, or is no date.",
        "Every value has a meaning for the rules only within its range. NaN and infinities are no values.",
        "member_value_now: 160",
        "member_value_now: 60",
    ),
    ErrorCode(
        "SV206",
        "Two records have one name",
        "Two records of a list have the same name; upper and lower case count as the same.",
        "Records are spoken of by their names, as in segments[experts].overlap.",
        "segments:\n  - {name: experts, ...}\n  - {name: Experts, ...}",
        "segments:\n  - {name: experts, ...}\n  - {name: experts abroad, ...}",
    ),
    ErrorCode(
        "SV207",
        "These facts cannot be together",
        "Each value is possible by itself, but the rule book says that they cannot hold together.",
        "A decision about what cannot be would be about no community at all.",
        "sponsor_engaged: not_contacted\npotential_judged_with_sponsor: true",
        "sponsor_engaged: not_contacted\npotential_judged_with_sponsor: false",
    ),
    ErrorCode(
        "SV208",
        "Not an outcome that can be asked for",
        "The outcome has no such name, or it is already the outcome of the case.",
        "A way to where one stands has no steps.",
        "--to KEEP_CORSE",
        "--to KEEP_COURSE",
    ),
    ErrorCode(
        "SV209",
        "Nothing of this name",
        "What was asked about is neither an error code nor a word of the rule book (a rule, claim, source, fact, measure, "
        "threshold, outcome, mode, status, action, risk or constraint).",
        "An answer about something else would mislead.",
        "sharedvalue explain overlap_stong",
        "sharedvalue explain overlap_strong",
    ),
    ErrorCode(
        "SV230",
        "No world fits what is given",
        "Ranges and unknown facts leave no combination that the rule book allows.",
        "As with SV207, but the conflict shows only when all open values are tried together.",
        "segments: left out, and what is given of them cannot all hold",
        "widen one of the ranges, or write unknown",
    ),
    ErrorCode(
        "SV240",
        "A sweep leaves something open",
        "A fact that the outcome, its modes or the deciding rule can hang on is neither stated nor varied. The message names it.",
        "Each world of a sweep is complete; a value that nobody stated would be a guess. Unknown facts are what `decide` is for.",
        "sharedvalue sweep case.yaml --vary contribution=0..100",
        "sharedvalue sweep case.yaml --vary contribution=0..100 --vary-unknown",
    ),
    ErrorCode(
        "SV241",
        "Nothing of this name to ask about",
        "why and why-not ask about the decision, an outcome, a mode, a conclusion, a rule or a fact of this case, and none has this name.",
        "An answer about something near to what was meant would be an answer to another question.",
        "sharedvalue why case.yaml need_fixd",
        "sharedvalue why case.yaml need_fixed",
    ),
    # ---- 3xx: the rule book -------------------------------------------------------------------------------------------
    ErrorCode(
        "SV301",
        "This does not read as a condition",
        "A condition is written in a small language: names, numbers, 'choices', + - * /, comparisons, in, and, or, not, "
        "if else, and sum, min, max, count, any, all, median, abs. Nothing else is read, and nothing is ever run.",
        "A house rule book is text from others. It may make an answer wrong, but it can call nothing.",
        "when: __import__('os').system('ls')",
        "when: member_value < value_unmet",
    ),
    ErrorCode(
        "SV302",
        "The wrong kind of value for a key",
        "A key of the rule book holds a list where a text belongs, a text where a table belongs, and the like.",
        "Each key has one form, so that a board can read every rule in the same way.",
        "conclude: {need_fixed: true}",
        "conclude: need_fixed",
    ),
    ErrorCode(
        "SV303",
        "A required key is missing",
        "A rule, fact, measure or threshold lacks something that it must say, such as its reason.",
        "A rule without a 'because' could decide, but nobody could ask it why.",
        "H01: {chapter: M, kind: house, title: ..., when: ..., conclude: ...}",
        "H01: {chapter: M, kind: house, title: ..., when: ..., conclude: ..., because: ...}",
    ),
    ErrorCode(
        "SV304",
        "Not one of the words allowed here",
        "The key takes one of a few words, and this is not among them.",
        "A misspelt word would otherwise be ignored.",
        "kind: hause",
        "kind: house",
    ),
    ErrorCode(
        "SV305",
        "A key that nobody reads",
        "The table holds a key that has no meaning here; most often it is misspelt.",
        "A key that is dropped in silence takes a rule's meaning with it.",
        "becuase: ...",
        "because: ...",
    ),
    ErrorCode(
        "SV306",
        "A type that the language does not know",
        "The types are percent, count, months, weight, number, yes_no, {choice: [..]}, {level: [..]}, text, date and "
        "records.",
        "What is not typed cannot be checked, varied or proven.",
        "type: integer",
        "type: count",
    ),
    ErrorCode(
        "SV307",
        "A threshold that rests on others names no source",
        "A threshold whose basis is a study or a rule of thumb must name the source.",
        "A number that claims to be found by others must say by whom. Otherwise it is a house line.",
        "basis: study",
        "basis: study\nsources: [L20]",
    ),
    ErrorCode(
        "SV308",
        "Not a value that this threshold may have",
        "The number lies outside the range of its unit, or is finer than the unit is kept.",
        "A line that no value can reach would switch rules off without a word.",
        "value_met: {value: 160, because: ...}",
        "value_met: {value: 65, because: ...}",
    ),
    ErrorCode(
        "SV309",
        "A name that is taken, or cannot be a name",
        "Two things of the rule book share a name, or a name has other signs than a-z, 0-9 and _, or is a reserved word.",
        "In a condition, a name means one thing only.",
        "conclude: value_met",
        "conclude: my_value_is_met",
    ),
    ErrorCode(
        "SV310",
        "The rule book knows nothing of this name",
        "A condition, a text or a list names a fact, measure, threshold, conclusion, claim, action, risk, mode, outcome or "
        "rule that is not there.",
        "A rule that reads what does not exist would never fire, or always.",
        "when: sponsor_vlaue < value_unmet",
        "when: sponsor_value < value_unmet",
    ),
    ErrorCode(
        "SV311",
        "Types that do not go together",
        "A number is compared with a word, months with points, a record stands where a value belongs, and the like.",
        "Such a comparison has no meaning, though it would have a result.",
        "when: sponsor_stance > 3",
        "when: sponsor_stance == 'fixed'",
    ),
    ErrorCode(
        "SV312",
        "A number outside thresholds.yaml",
        "A condition or measure holds a number of its own. Only 0, 1, 2, 10, 100, 1000 and 10000 may stand there, for "
        "arithmetic.",
        "Every line in the sand has a name, a basis and a reason, so that it can be seen and changed.",
        "when: member_value < 45",
        "when: member_value < value_unmet",
    ),
    ErrorCode(
        "SV313",
        "Arithmetic in a rule",
        "A rule computes. Arithmetic and aggregates stand in measures.yaml; rules compare what stands there.",
        "A number that is computed gets a name, so that every explanation can show it.",
        "when: member_value_now + member_value_outlook < value_met",
        "when: member_value < value_met",
    ),
    ErrorCode(
        "SV314",
        "A choice is compared with a word that it cannot be",
        "The word is not among the values of the fact.",
        "The comparison would always come out the same, and the rule would be dead.",
        "when: sponsor_stance == 'flexible'",
        "when: sponsor_stance == 'negotiable'",
    ),
    ErrorCode(
        "SV315",
        "A division inside a formula",
        "A division must be the outermost operation of a measure; give the quotient a measure of its own.",
        "Values are whole tenths, never floating points. One division, rounded down once, is the same in every reading. "
        "Divided by zero, it is 0.",
        "is: 1 + a / b",
        "is: (a + b) / b",
    ),
    ErrorCode(
        "SV316",
        "This depends on itself",
        "Rules and measures lean on each other in a circle; the message names the way round.",
        "What waits for itself has no answer. A circle through 'not' could even have two.",
        "H01: when: b, conclude: a\nH02: when: a, conclude: b",
        "let one of them read a fact instead",
    ),
    ErrorCode(
        "SV317",
        "A condition that can hold in too many ways",
        "Written out as plain alternatives, the condition of a rule has more of them than can be read and proven.",
        "A rule that nobody can survey should be two rules.",
        "when: (a or b) and (c or d) and (e or f) and ...",
        "conclude something from (a or b) first",
    ),
    ErrorCode(
        "SV318",
        "A text names what is not there",
        "Between braces in a text stands something that is no fact, measure, threshold or word list, or a brace stands "
        "alone.",
        "The text would reach a leader with a hole in it.",
        "because: Members get {member_valu} of 100.",
        "because: Members get {member_value} of 100.",
    ),
    ErrorCode(
        "SV319",
        "The choice is not in order",
        "Branches of the decision chapter share a place, or the last one may find nothing.",
        "Exactly one candidate is chosen, always, and the order says which.",
        "place: 8 (taken by Z02.repair)",
        "place: 25",
    ),
    ErrorCode(
        "SV320",
        "A rule that can never fire",
        "The condition of the rule contradicts itself, or the cases before it leave nothing over.",
        "A dead rule reads like a promise.",
        "when: member_value_met and not member_value_met",
        "when: member_value_met and not sponsor_value_met",
    ),
    ErrorCode(
        "SV321",
        "A claim that nothing carries",
        "No rule, fact, measure, action or risk cites this claim of the article.",
        "The rule book promises that everything the article says is in it.",
        "",
        "cites: [K46]",
    ),
    ErrorCode(
        "SV322",
        "A fact that nothing reads",
        "No rule, measure, text, action or risk reads the fact.",
        "Nobody should be asked for what changes nothing and is said nowhere.",
    ),
    ErrorCode(
        "SV323",
        "A rule that others need cannot be switched off",
        "A house rule file switches a rule off, and other rules, measures or texts read what only that rule concludes.",
        "They would wait for something that nobody can say any more.",
        "off: {M01: we see it otherwise}",
        "rules: {M01: {chapter: M, ...}}, a rule of your own in its place",
    ),
    # ---- 4xx: evidence ------------------------------------------------------------------------------------------------
    ErrorCode(
        "SV401",
        "Evidence from the future",
        "An item of evidence is dated after as_of, the day from which the ages of evidence are counted.",
        "Staleness is counted backward from as_of, so that a replay gives the same answer.",
        "as_of: 2026-11-24 ... date: 2027-01-01",
        "as_of: 2027-01-01 ... date: 2027-01-01",
    ),
    ErrorCode(
        "SV402",
        "A population must have members",
        "The survey size that a population needs was asked for a number below 1, or not a whole number.",
        "There is nobody to ask.",
        "sharedvalue evidence sample 0",
        "sharedvalue evidence sample 200",
    ),
    # ---- 9xx: budgets -------------------------------------------------------------------------------------------------
    ErrorCode(
        "SV901",
        "More records than one decision can tell apart",
        "A list has more records than one case may have. The message says the limit.",
        "Rules run for every record and every pair; beyond a few dozen groups nobody could read the answer. Many "
        "communities at once are a portfolio, one row each.",
        "segments: [10,000 entries]",
        "segments: [five groups that differ]",
    ),
    ErrorCode(
        "SV902",
        "What was written is larger than the rules can be made for",
        "Rules over records and conditions were to be written out flat, and that would take more steps than the limit.",
        "A rule book or case that keeps the machine busy for minutes answers nobody. The message says the limit.",
        "for: {a: needs, b: needs, c: needs, d: needs}",
        "for: {a: needs}",
    ),
    ErrorCode(
        "SV910",
        "More worlds than a sweep goes through",
        "The grid has more combinations than the limit, even where values that no rule tells apart are read once.",
        "It would take hours and prove no more than a sample or larger steps would show.",
        "sharedvalue sweep case.yaml --vary ... (10 facts in points) -o all.csv",
        "sharedvalue sweep case.yaml --vary ... --samples 1000000",
    ),
    ErrorCode(
        "SV911",
        "A row was left undecided",
        "Rows of a table in which something is open are decided one by one, within a stated time. It ran out before this row.",
        "A table of thousands of half-empty rows would otherwise run for a long time without saying so.",
        "sharedvalue portfolio communities.csv",
        "sharedvalue portfolio communities.csv --seconds 600",
    ),
)

CODES = {entry.code: entry for entry in _ALL}
