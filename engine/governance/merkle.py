"""A tree of hashes over the records, as RFC 6962 (Certificate Transparency) has it: whether one ledger grew out of another can be
shown in a few hashes, without the records.

A leaf is the hash of a record (`chain.link`), as text. The root of the first n records never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf(link_hash: str) -> bytes:
    return hashlib.sha256(b"\x00" + link_hash.encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over some leaves; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return node(root(leaves[:half]), root(leaves[half:]))


def split(count: int) -> int:
    """The largest power of two that is smaller."""
    return int(1 << (count - 1).bit_length() - 1)


def consistency(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The hashes that show that the tree over all leaves grew out of the one over the `first`."""
    return _part(leaves, first, True) if 0 < first < len(leaves) else []


def _part(leaves: Sequence[bytes], first: int, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    half = split(len(leaves))
    if first <= half:
        return [*_part(leaves[:half], first, whole), root(leaves[half:])]
    return [*_part(leaves[half:], first - half, False), root(leaves[:half])]
