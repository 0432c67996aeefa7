"""Heads of a ledger: what is told when it was put back or rewritten, and proofs that an independent verifier accepts."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.heads import head, proof, read_head
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.merkle import consistency, leaf, root
from sharedvalue.engine.governance.verify import verify
from tests.cli.calling import call, refused
from tests.governance.common import filled, meddle, small


# --- an independent verifier: RFC 9162, section 2.1.4.2, word for word -----------------------------------------------
def grew(first: int, second: int, first_root: bytes, second_root: bytes, path: list[bytes]) -> bool:
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    if first & (first - 1) == 0:
        path = [first_root, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr = hashlib.sha256(b"\x01" + c + fr).digest()
            sr = hashlib.sha256(b"\x01" + c + sr).digest()
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\x01" + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


def test_every_growth_up_to_forty_records_is_shown_and_no_other() -> None:
    leaves = [leaf(f"sha256:{number:064x}") for number in range(40)]
    for second in range(1, 41):
        for first in range(1, second + 1):
            path = consistency(leaves[:second], first)
            one, other = root(leaves[:first]), root(leaves[:second])
            assert grew(first, second, one, other, path)
            assert not grew(first, second, leaf("another"), other, path)
            assert not grew(first, second, one, leaf("another"), path)
            if path:
                assert not grew(first, second, one, other, path[:-1])


def test_root_is_the_one_of_the_published_test_vectors() -> None:
    """Of the test data of Certificate Transparency: the leaves are the bytes themselves there."""
    data = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
    leaves = [hashlib.sha256(b"\x00" + one).digest() for one in data]
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_proof_of_a_ledger_is_accepted_by_whoever_has_the_two_heads(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 5)
    with open_ledger(str(path)) as ledger:
        then = head(ledger)
    with open_ledger(str(path), writing=True) as ledger:
        for number in range(6):
            ledger.append(small(f"more {number}"), {})
        now, found = head(ledger), proof(ledger, read_head(then.line))
    hashes = [bytes.fromhex(one) for one in found["hashes"]]
    assert grew(5, 11, bytes.fromhex(then.root), bytes.fromhex(now.root), hashes)
    assert read_head(f"# in an e-mail\n> {now.line}\n") == now


def test_ledger_that_was_put_back_is_told_unasked_and_takes_no_more(tmp_path: Path) -> None:
    path, earlier = tmp_path / "l.sqlite", tmp_path / "earlier.sqlite"
    filled(path, 2)
    shutil.copy(path, earlier)
    filled(path, 1)
    shutil.copy(earlier, path)
    with open_ledger(str(path)) as ledger:
        assert "(3 records): R0003: it is not there" in ledger.changed
        found = verify(ledger)
        assert found.broken is not None
    with pytest.raises(UserError, match="SV512"), open_ledger(str(path), writing=True):
        pass
    assert "WARNING" in call("ledger", "head", "--ledger", str(path)).err
    assert call("ledger", "verify", "--ledger", str(path)).code == 1
    assert call("ledger", "head", "--accept", "--ledger", str(path)).code == 0
    assert filled(path, 1)[0].number == 3
    assert call("ledger", "verify", "--ledger", str(path)).code == 0


def test_ledger_that_was_rewritten_with_care_is_told(tmp_path: Path) -> None:
    path, other = tmp_path / "l.sqlite", tmp_path / "other.sqlite"
    filled(path, 3)
    shutil.copy(path, other)
    with open_ledger(str(path)) as ledger:
        line = head(ledger).line
    meddle(other, "DELETE FROM records WHERE number = 3")
    meddle(other, "UPDATE head SET count = 2, hash = (SELECT hash FROM records WHERE number = 2)")
    with open_ledger(str(other), writing=True) as ledger:
        ledger.append(small("another third"), {})
        assert verify(ledger).sound, "it is one that nobody here has seen before"
        assert not verify(ledger, against=[read_head(line)]).sound
    assert call("ledger", "verify", "--ledger", str(other), "--against", line).code == 1
    shutil.copy(other, path)
    with open_ledger(str(path)) as ledger:
        assert "the ledger was rewritten" in ledger.changed


def test_head_is_one_line_and_a_file_that_holds_it_will_do(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 2)
    said = call("ledger", "head", "--ledger", str(path)).out
    assert len(said.splitlines()) == 1
    (tmp_path / "head.txt").write_text(said)
    filled(path, 1)
    verified = call("ledger", "verify", "--ledger", str(path), "--against", str(tmp_path / "head.txt"))
    assert verified.code == 0
    assert "grew out of the head with 2 records" in verified.out
    shown = json.loads(call("ledger", "proof", "--ledger", str(path), "--since", said).out)
    assert (shown["from"]["records"], shown["to"]["records"]) == (2, 3)
    assert refused("ledger", "verify", "--ledger", str(path), "--against", "nothing") == "SV101"


MEDDLED = {
    "text where bytes belong": ("UPDATE records SET payload = 'text' WHERE number = 2", "R0002"),
    "a number where bytes belong": ("UPDATE records SET payload = 1.5 WHERE number = 2", "R0002"),
    "nothing where bytes belong": ("UPDATE records SET signature = 'x' WHERE number = 2", "R0002"),
    "a bogus signature": ("UPDATE records SET signature = 'AAAA' WHERE number = 3", "R0003"),
    "a second head": ("INSERT INTO head VALUES (2, 9, 'x')", "R0004"),
    "a text for a count": ("UPDATE head SET count = 'many'", "R0004"),
    "a text for a number": ("UPDATE records SET payload = CAST(number AS TEXT) WHERE number = 2", "R0002"),
    "a number for a hash": ("UPDATE records SET previous = 1.5 WHERE number = 3", "R0003"),
}


@pytest.mark.parametrize("what", MEDDLED)
def test_what_was_meddled_with_is_broken(what: str, tmp_path: Path) -> None:
    statement, where = MEDDLED[what]
    path = tmp_path / "l.sqlite"
    filled(path, 4)
    meddle(path, statement)
    with open_ledger(str(path)) as ledger:
        found = verify(ledger)
    assert found.broken is not None
    assert found.broken.record == where


@pytest.mark.parametrize("statement", ["CREATE TABLE more (a)", "INSERT INTO about VALUES ('also', 'x')"])
def test_what_does_not_belong_there_is_remarked(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    filled(path, 1)
    meddle(path, statement)
    with open_ledger(str(path)) as ledger:
        found = verify(ledger)
    assert found.sound
    assert len(found.remarks) == 2, "that, and the guards that were taken away"
