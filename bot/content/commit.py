"""Which commit a folder was checked out at, read from git's own files; a copy without git has none."""

from __future__ import annotations

import re
from pathlib import Path

HASH = re.compile(r"^[0-9a-f]{40}$")


def find_commit(folder: Path) -> str | None:
    """Twelve digits of the commit; None where there is no repository, or one that we cannot read."""
    try:
        for parent in (folder.resolve(), *folder.resolve().parents):
            if (parent / ".git").exists():
                return _head(_git_dir(parent / ".git"))
    except OSError:
        return None  # allowed: it is only shown
    return None


def _git_dir(place: Path) -> Path:
    """A worktree has a file there that says where its folder is."""
    if place.is_dir():
        return place
    told = place.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
    return (place.parent / told).resolve()


def _head(git: Path) -> str | None:
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if head.startswith("ref:"):
        head = _ref(git, head.removeprefix("ref:").strip())
    return head[:12] if HASH.match(head) else None


def _ref(git: Path, name: str) -> str:
    common = git / "commondir"
    shared = (git / common.read_text(encoding="utf-8").strip()).resolve() if common.is_file() else git
    for place in (git / name, shared / name):
        if place.is_file():
            return place.read_text(encoding="utf-8").strip()
    packed = shared / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")
