"""Counts the segments of a text as the network bills them: GSM 03.38 or UCS-2."""

from __future__ import annotations

import math

PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = set("^{}\\[~]|€\f")


def count_segments(body: str) -> int:
    """160 or 153 plain units a segment, 70 or 67 once a single character is not in GSM-7 (PLATFORM.md 1.7)."""
    if all(letter in PLAIN or letter in DOUBLE for letter in body):
        units = sum(2 if letter in DOUBLE else 1 for letter in body)
        return 1 if units <= 160 else math.ceil(units / 153)
    units = len(body.encode("utf-16-le")) // 2
    return 1 if units <= 70 else math.ceil(units / 67)
