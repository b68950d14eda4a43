"""Seals what identifies a patient or repeats their words; holds the keys and never logs a value."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.2: random 96-bit nonces
KEY_BYTES = 32


class KeysError(Exception):
    """BOT_KEYS is not a list of id:base64 keys; the message says what to do."""


class SealError(Exception):
    """A sealed value cannot be opened: a key is missing, or the row was tampered with."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Encryption keys by id, newest first; the newest seals, every key opens."""

    keys: tuple[tuple[str, bytes], ...]

    def seal(self, place: str, row_id: UUID, value: str) -> bytes:
        """AES-256-GCM over `value`, bound to `place` (table.column) and the row's id."""
        key_id, key = self.keys[0]
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, value.encode(), _bound_to(place, row_id))
        return bytes([len(key_id)]) + key_id.encode() + nonce + sealed

    def open(self, place: str, row_id: UUID, sealed: bytes) -> str:
        """What was sealed.

        :raises SealError: unknown key, wrong place, wrong row, or changed bytes.
        """
        length = sealed[0] if sealed else 0
        key_id, rest = sealed[1 : 1 + length].decode("ascii", "replace"), sealed[1 + length :]
        key = dict(self.keys).get(key_id)
        if key is None:
            raise SealError(f"{place} of {row_id}: sealed with key {key_id}, which BOT_KEYS does not hold")
        try:
            return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound_to(place, row_id)).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError(f"{place} of {row_id}: cannot be opened") from error

    def digest(self, kind: str, value: str) -> bytes:
        """The keyed hash by which a value is found, under the newest key."""
        return _digest(self.keys[0][1], kind, value)

    def digests(self, kind: str, value: str) -> list[bytes]:
        """The keyed hashes under every key, so that a lookup survives a rotation."""
        return [_digest(key, kind, value) for _, key in self.keys]


def _bound_to(place: str, row_id: UUID) -> bytes:
    return f"{place}:{row_id}".encode()


def _digest(key: bytes, kind: str, value: str) -> bytes:
    index_key = hmac.new(key, f"index:{kind}".encode(), sha256).digest()
    return hmac.new(index_key, value.encode(), sha256).digest()


def read_keys(text: str) -> Keyring:
    """BOT_KEYS as a keyring.

    :raises KeysError: in one line, without the key.
    """
    keys = []
    for number, part in enumerate(filter(None, (p.strip() for p in text.split(","))), 1):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key_id) > 32 or len(key) != KEY_BYTES:
            raise KeysError(f"BOT_KEYS: key {number} is not id:base64 of {KEY_BYTES} bytes. See config/example.env")
        keys.append((key_id, key))
    if not keys:
        raise KeysError("BOT_KEYS: holds no key. See config/example.env")
    return Keyring(tuple(keys))


def keep_generated_key(data_dir: Path) -> Keyring:
    """The key made for this machine: written once, atomically, readable by its owner only."""
    path = data_dir / "bot_keys"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = f"local:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"
        draft = path.with_name(f"bot_keys.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(made, encoding="ascii")
        try:
            os.link(draft, path)  # fails where another process was first: then its key is the key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return read_keys(path.read_text(encoding="ascii"))
