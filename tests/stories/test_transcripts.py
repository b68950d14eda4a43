"""Golden transcripts: every way a conversation goes, as the phones show it; a change of behaviour is a readable diff.

`pytest tests/stories/test_transcripts.py --regenerate-transcripts` writes them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.screen import a_screen
from tests.stories.told import STORIES, Story

FOLDER = Path(__file__).parent / "transcripts"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_story_is_told_as_it_stands_in_its_transcript(
    story: Story, parts: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Played through HTTP on a real PostgreSQL, and compared word for word."""
    parts["settings"] = {"opt_out_mode": story.opt_out_mode}
    with a_screen(parts, tmp_path, start=story.start) as screen:
        story.tell(screen)
        written = f"{story.title}\n{'=' * len(story.title)}\n\n{screen.written}"
    path = FOLDER / f"{story.name}.txt"
    if request.config.getoption("--regenerate-transcripts"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_every_transcript_has_its_story() -> None:
    """A file that no story writes any more would lie."""
    assert {path.stem for path in FOLDER.glob("*.txt")} == {story.name for story in STORIES}
