"""Carries out what a step orders, in the step's own transaction; one `case` for each effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.content.protocols import Question
from bot.flows import effects as order
from bot.flows.conversation import Conversation
from bot.planning.around import TextingDay, plan_diary
from bot.planning.check_ins import PlannedCheckIn, instant
from bot.runtime import Runtime
from bot.services import alerts, desk
from bot.services.plain import words_or_plain
from bot.services.speaking import REPLY_LIVES, Voice, say
from bot.storage import check_ins, findings, outbox, patients, phones, procedures, texts
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.findings import ScoreRow
from bot.storage.outbox import Kind
from bot.storage.work_items import keep_work_item
from bot.vocabulary import Asked, CheckInId, CheckInState, Finding, TextId

AN_HOUR = timedelta(hours=1)


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
    """Performs every effect in order; their place in the order is part of their rows' keys, and what is said first also
    leaves first."""
    for number, effect in enumerate(effects):
        perform(effect, replace(scene, voice=replace(scene.voice, place=number)), f"{scene.cause}:{number}")


def perform(effect: order.Effect, scene: Scene, key: str) -> None:
    """Writes the rows that the effect asks for; sends nothing."""
    tx, now, conversation = scene.tx, scene.now, scene.after
    match effect:
        case order.Say():
            _say(effect, scene, key)
        case order.Ask():
            _ask(effect, scene, key)
        case order.Notify() | order.PlanDiary():
            _around_the_procedure(effect, scene, key)
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
    if _answered_by_provider(effect, scene) or (not effect.last_word and _has_said_enough(scene)):
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
    if check_in is None or _has_said_enough(scene):
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
        expires_at=scene.closes_at if first else _ask_until(scene),
    )


def _ask_until(scene: Scene) -> datetime:
    """An answer to a text may come at any hour; what the bot begins itself dies before the quiet hours."""
    later = scene.now + REPLY_LIVES
    if scene.finding is not None:
        return later
    zone = scene.voice.party.patient.zone
    closes = instant(scene.now.astimezone(zone).date(), scene.rt.content.clinic.texting.closes, zone)
    return min(later, closes)


def _around_the_procedure(effect: order.Notify | order.PlanDiary, scene: Scene, key: str) -> None:
    if isinstance(effect, order.Notify):
        _notify(effect, scene, key)
    else:
        _plan_diary(scene, key)


def _notify(effect: order.Notify, scene: Scene, key: str) -> None:
    """The texts of a notice, in order; it is then done, and nothing waits for an answer."""
    if scene.due is None:
        return
    for number, message in enumerate(effect.messages):
        voice = replace(scene.voice, place=number)
        say(
            scene.tx,
            voice,
            voice.message(message),
            dedupe_key=f"{key}:{number}",
            kind=Kind.CHECK_IN,
            expires_at=scene.closes_at,
        )
    check_ins.mark_sent(scene.tx, scene.due, scene.now)


def _plan_diary(scene: Scene, key: str) -> None:
    """The entries that are still to come today; enrolled twice or asked twice, they are planned once."""
    procedure, content = scene.voice.party.procedure, scene.rt.content
    planned: tuple[PlannedCheckIn, ...] = ()
    if procedure is not None:
        protocol = content.protocols[procedure.protocol]
        day = TextingDay(content.clinic.texting.opens, content.clinic.texting.closes, protocol.until)
        planned = plan_diary(protocol.diary, procedure.at, scene.voice.party.patient.zone, day, scene.now)
        for entry in planned:
            check_ins.keep_check_in(
                scene.tx, procedure.id, entry.name, entry.due_at, entry.closes_at, CheckInState.PLANNED
            )
    words = scene.voice.message("diary_on" if planned else "diary_late")
    say(scene.tx, scene.voice, words, dedupe_key=key, kind=Kind.REPLY)


def _has_said_enough(scene: Scene) -> bool:
    """The guard against endless talk with a machine: after so many automatic texts an hour, a text that neither raises
    a flag nor answers anything gets no further answer; the first such text goes to a person, and its writer is told."""
    finding, phone = scene.finding, scene.voice.party.phone
    if finding is None or finding.level.pages or finding.flag_word or finding.keyword is not None:
        return False
    if scene.after.answered != scene.before.answered or scene.before.check_in != scene.after.check_in:
        return False
    most = scene.rt.content.clinic.texting.most_per_hour
    if texts.count_automatic(scene.tx, phone.id, scene.now - AN_HOUR) < most:
        return False
    key = f"many:{phone.id}:{scene.now:%Y%m%d%H}"
    due_at = desk.due_at(scene.rt, order.Due.IN_AN_HOUR, scene.now)
    patient_id = scene.voice.party.patient.id
    first = keep_work_item(
        scene.tx,
        key,
        kind="many_texts",
        due_at=due_at,
        now=scene.now,
        patient_id=patient_id,
        phone_id=phone.id,
        text_id=scene.text_id,
    )
    if first is not None:
        say(scene.tx, scene.voice, scene.voice.message("many_texts"), dedupe_key=key, kind=Kind.REPLY)
    return True


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
    question = scene.before.question
    if finding.choice is not None and question is not None and question.is_choice:
        row = ScoreRow(question.value, finding.choice, day, question.value, scene.now)
        findings.keep_score(scene.tx, party.procedure.id, scene.text_id, row)
    if finding.pain is not None and wanted.get(Asked.PAIN) == Question.BASELINE_PAIN:
        procedures.keep_baseline(scene.tx, party.procedure.id, finding.pain)
