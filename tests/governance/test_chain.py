"""The chain: its hash is what the docs say, and verify finds whatever was done to it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.chain import canonical, first_link, link, read_receipt, receipt
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.signing import make_key, read_key
from sharedvalue.engine.governance.verify import Verified, verify
from tests.governance.common import drafted, filled, meddle, never_seen, small

SAFE = st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "P")), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | SAFE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE, inner, max_size=4),
    max_leaves=12,
)


def checked(path: Path, *receipts: str, keys: tuple[str, ...] = ()) -> Verified:
    """As somebody finds it who has not seen this ledger before."""
    never_seen()
    with open_ledger(str(path)) as ledger:
        return verify(ledger, receipts, keys)


@given(st.dictionaries(SAFE, VALUES, max_size=5))
def test_canonical_form_is_sorted_json_without_spaces(value: dict[str, object]) -> None:
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == plain.encode()


def test_hash_of_a_record_can_be_computed_by_hand(tmp_path: Path) -> None:
    first, second = filled(tmp_path / "l", 2)
    ledger_id = first.payload["ledger"]
    start = "sha256:" + hashlib.sha256(b"sharedvalue ledger 1\n" + ledger_id.encode()).hexdigest()
    assert first.previous == start
    for record, previous in ((first, start), (second, first.hash)):
        by_hand = hashlib.sha256(b"sharedvalue record 1\n" + previous.encode() + b"\n" + record.raw)
        assert record.hash == f"sha256:{by_hand.hexdigest()}"


def test_untouched_ledger_is_sound(tmp_path: Path) -> None:
    records = filled(tmp_path / "l")
    found = checked(tmp_path / "l", records[1].receipt, records[3].hash)
    assert found.sound
    assert (found.count, found.head, len(found.receipts)) == (4, records[3].hash, 2)


@pytest.mark.parametrize(
    "statements, broken",
    [
        (["UPDATE records SET payload = replace(CAST(payload AS TEXT), 'record 2', 'record X') WHERE number = 2"], "R0002"),
        (["UPDATE records SET hash = 'sha256:00' WHERE number = 3"], "R0003"),
        (["UPDATE records SET previous = hash WHERE number = 3"], "R0003"),
        (["DELETE FROM records WHERE number = 2"], "R0002"),
        (["DELETE FROM records WHERE number = 1"], "R0001"),
        (["DELETE FROM records WHERE number = 4"], "R0004"),
        (["DELETE FROM records WHERE number > 1"], "R0002"),
        (["DELETE FROM records"], "R0001"),
        (["DELETE FROM head"], "R0004"),
        (
            [
                "UPDATE records SET number = 99 WHERE number = 2",
                "UPDATE records SET number = 2 WHERE number = 3",
                "UPDATE records SET number = 3 WHERE number = 99",
            ],
            "R0002",
        ),
        (
            [
                "UPDATE records SET number = -number WHERE number > 2",
                "UPDATE records SET number = 1 - number WHERE number < 0",
                "INSERT INTO records SELECT 3, previous, 'sha256:1', payload, NULL FROM records WHERE number = 2",
            ],
            "R0003",
        ),
        (["UPDATE records SET payload = CAST('{}' AS BLOB) WHERE number = 1"], "R0001"),
        (["UPDATE about SET value = 'another' WHERE name = 'ledger'"], "R0001"),
    ],
)  # fmt: skip
def test_verify_names_the_first_broken_record(tmp_path: Path, statements: list[str], broken: str) -> None:
    filled(tmp_path / "l")
    meddle(tmp_path / "l", *statements)
    found = checked(tmp_path / "l")
    assert found.broken is not None
    assert found.broken.record == broken


def rewritten(path: Path, keep: int) -> None:
    """Cuts the tail off and sets the end right, as somebody who knows the chain could."""
    connection = sqlite3.connect(path)
    (last,) = connection.execute("SELECT hash FROM records WHERE number = ?", (keep,)).fetchone()
    connection.close()
    meddle(
        path,
        f"DELETE FROM records WHERE number > {keep}",
        f"UPDATE head SET count = {keep}, hash = '{last}'",
    )


def test_tail_cut_off_with_care_is_found_by_a_receipt_and_only_so(tmp_path: Path) -> None:
    records = filled(tmp_path / "l")
    rewritten(tmp_path / "l", 2)
    assert checked(tmp_path / "l").sound
    found = checked(tmp_path / "l", records[3].receipt)
    assert found.broken is not None
    assert found.broken.record == "R0004"


def test_chain_computed_anew_is_found_by_a_receipt(tmp_path: Path) -> None:
    records = filled(tmp_path / "l", 2)
    payload = {**records[1].payload, "text": "another"}
    raw = canonical(payload)
    forged = link(records[1].previous, raw)
    meddle(
        tmp_path / "l",
        f"UPDATE records SET payload = x'{raw.hex()}', hash = '{forged}' WHERE number = 2",
        f"UPDATE head SET hash = '{forged}'",
    )
    assert checked(tmp_path / "l").sound
    assert not checked(tmp_path / "l", records[1].receipt).sound


def test_payload_in_another_form_is_broken_though_its_hash_fits(tmp_path: Path) -> None:
    (record,) = filled(tmp_path / "l", 1)
    raw = json.dumps(record.payload, indent=1).encode()
    forged = link(record.previous, raw)
    meddle(
        tmp_path / "l",
        f"UPDATE records SET payload = x'{raw.hex()}', hash = '{forged}'",
        f"UPDATE head SET hash = '{forged}'",
    )
    assert not checked(tmp_path / "l").sound


def test_changed_or_missing_rule_book_file_breaks_the_record_that_needs_it(tmp_path: Path) -> None:
    made = drafted("the-sweet-spot")
    for name, statement in (
        (
            "changed",
            "UPDATE files SET content = CAST('x' AS BLOB) WHERE hash = (SELECT min(hash) FROM files)",
        ),
        ("gone", "DELETE FROM files WHERE hash = (SELECT min(hash) FROM files)"),
    ):
        path = tmp_path / name
        with open_ledger(str(path), writing=True) as ledger:
            ledger.append(small(), {})
            ledger.append(made.payload, made.contents)
        assert checked(path).sound
        meddle(path, statement)
        found = checked(path)
        assert found.broken is not None
        assert found.broken.record == "R0002"


def test_signatures_are_checked_and_cannot_be_taken_away(tmp_path: Path) -> None:
    signer = make_key(tmp_path / "key.pem")
    assert read_key(tmp_path / "key.pem").public == signer.public
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    path = tmp_path / "l"
    with open_ledger(str(path), writing=True) as ledger:
        ledger.append(small("one"), {}, signer)
        ledger.append(small("two"), {}, signer)
    assert checked(path, keys=(signer.public,)).signed == {signer.public: 2}
    other = make_key(tmp_path / "other.pem")
    assert not checked(path, keys=(other.public,)).sound
    meddle(
        path,
        "UPDATE records SET signature = (SELECT signature FROM records WHERE number = 1) WHERE number = 2",
    )
    assert not checked(path).sound
    meddle(path, "UPDATE records SET signature = NULL WHERE number = 2")
    found = checked(path)
    assert found.broken is not None
    assert "taken away" in found.broken.what


def test_key_is_never_replaced_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    make_key(tmp_path / "key.pem")
    with pytest.raises(UserError, match="SV510"):
        make_key(tmp_path / "key.pem")
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\0" * 50):
        (tmp_path / "bad.pem").write_bytes(content)
        with pytest.raises(UserError, match="SV510"):
            read_key(tmp_path / "bad.pem")
    with pytest.raises(UserError, match="SV510"):
        read_key(tmp_path / "nowhere.pem")


def test_receipt_reads_back() -> None:
    hashed = first_link("x")
    assert read_receipt(receipt(7, hashed)) == (7, hashed)
    assert read_receipt(hashed) == (None, hashed)
    for wrong in ("", "R0007", "R0007:abc", "R0:" + "a" * 64, "a" * 63, "R7:" + "g" * 64):
        with pytest.raises(UserError, match="SV508"):
            read_receipt(wrong)
