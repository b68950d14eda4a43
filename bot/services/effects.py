"""Carries out what a step orders, in the step's own transaction; one `case` for each effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.flows import effects as order
from bot.flows.conversation import Conversation
from bot.runtime import Runtime
from bot.services import alerts, desk
from bot.services.plain import words_or_plain
from bot.services.speaking import Voice, say
from bot.storage import check_ins, findings, outbox, patients, phones
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.findings import ScoreRow
from bot.storage.outbox import Kind
from bot.vocabulary import Asked, CheckInId, CheckInState, Finding, TextId


@dataclass(frozen=True, slots=True)
class Scene:
    """What effects act upon. `before` is the conversation as the text or the clock found it."""

    tx: Tx
    rt: Runtime
    voice: Voice
    before: Conversation
    after: Conversation
    cause: str  # what the effects' rows are keyed by: the text, the check-in, the timer
    text_id: TextId | None = None
    finding: Finding | None = None
    due: CheckInId | None = None
    closes_at: datetime | None = None

    @property
    def now(self) -> datetime:
        return self.voice.now


def perform_all(effects: tuple[order.Effect, ...], scene: Scene) -> None:
    """Performs every effect in order; their place in the order is part of their rows' keys."""
    for number, effect in enumerate(effects):
        perform(effect, scene, f"{scene.cause}:{number}")


def perform(effect: order.Effect, scene: Scene, key: str) -> None:
    """Writes the rows that the effect asks for; sends nothing."""
    tx, now, conversation = scene.tx, scene.now, scene.after
    match effect:
        case order.Say():
            _say(effect, scene, key)
        case order.Ask():
            _ask(effect, scene, key)
        case order.TakeScores():
            _take_scores(scene)
        case order.RaiseAlert():
            alerts.raise_alert(
                tx,
                scene.rt,
                alerts.Cause(scene.voice.party, None, scene.text_id),
                level=effect.level,
                flags=effect.flags,
                reason=effect.reason,
                now=now,
            )
        case order.MakeWorkItem():
            desk.make_item(tx, scene.rt, effect, scene.voice.party, scene.text_id, key, now)
        case order.BeginCheckIn():
            if scene.due is not None:
                check_ins.mark_sent(tx, scene.due, now)
        case order.EndCheckIn():
            if scene.before.check_in is not None:
                check_ins.end_check_in(tx, scene.before.check_in.id, effect.state, now)
        case order.SkipCheckIn():
            if scene.due is not None:
                check_ins.end_check_in(tx, scene.due, CheckInState.SKIPPED, now)
        case order.StopTexts():
            phones.stop_texts(tx, conversation.phone_id, effect.how, now)
            outbox.drop_waiting(tx, conversation.phone_id, now)
            note(tx, who="patient", did="stopped_texts", now=now, patient_id=conversation.patient_id)
        case order.StartTexts():
            phones.start_texts(tx, conversation.phone_id)
            note(tx, who="patient", did="started_texts", now=now, patient_id=conversation.patient_id)
        case order.MarkDied():
            patients.mark_died(tx, conversation.patient_id, now)
            note(tx, who=BOT, did="marked_died", now=now, patient_id=conversation.patient_id)
        case _:
            assert_never(effect)


def _say(effect: order.Say, scene: Scene, key: str) -> None:
    if _answered_by_provider(effect, scene):
        return
    voice = scene.voice
    say(
        scene.tx,
        voice,
        words_or_plain(scene.tx, scene.rt, voice, key, lambda: voice.message(effect.message, effect.lead)),
        dedupe_key=key,
        kind=Kind.LAST_WORD if effect.last_word else Kind.REPLY,
        key=effect.message,
    )


def _answered_by_provider(effect: order.Say, scene: Scene) -> bool:
    """Who answers STOP: in app mode we do, else Twilio has answered a bare keyword already (PLATFORM.md 1.6)."""
    by_keyword = scene.finding is not None and scene.finding.keyword is not None
    return effect.message == "stopped" and by_keyword and scene.rt.settings.opt_out_mode != "app"


def _ask(effect: order.Ask, scene: Scene, key: str) -> None:
    check_in = scene.after.check_in
    if check_in is None:
        return
    voice = scene.voice
    words = words_or_plain(
        scene.tx,
        scene.rt,
        voice,
        key,
        lambda: voice.question(check_in, effect.question, lead=effect.lead, again=effect.again),
    )
    first = scene.due is not None
    say(
        scene.tx,
        voice,
        words,
        dedupe_key=key,
        kind=Kind.CHECK_IN if first else Kind.REPLY,
        expires_at=scene.closes_at if first else scene.now + timedelta(hours=4),
    )


def _take_scores(scene: Scene) -> None:
    """Keeps the numbers whatever question stands open; a relief given without a word about when is today's."""
    party, finding = scene.voice.party, scene.finding
    if finding is None or scene.text_id is None or party.procedure is None:
        return
    day = party.day(scene.now) or 0
    wanted = {question.asked: question.value for question in scene.before.open_questions}
    for kind, value, asked in (("pain", finding.pain, Asked.PAIN), ("relief", finding.relief, Asked.RELIEF)):
        if value is not None:
            row = ScoreRow(kind, value, day, wanted.get(asked, "none"), scene.now)
            findings.keep_score(scene.tx, party.procedure.id, scene.text_id, row)
