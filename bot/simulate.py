"""A conversation with the bot in a terminal: the real triage, table and words; no database, nothing is sent.

Whoever has never seen it needs no help text: after each text one line says what can be done next, in their language.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from bot.content.load import ClinicContent, load_content
from bot.content.messages import fold_for_sms
from bot.content.protocols import Protocol
from bot.flows.advance import Step, advance
from bot.flows.conversation import Conversation, OpenCheckIn
from bot.flows.cues import SPEAKS, Cue, cue_of, read_in_context
from bot.flows.effects import Ask, EndCheckIn, MakeWorkItem, Notify, PlanDiary, RaiseAlert, Say
from bot.flows.moment import Rules
from bot.planning.around import TextingDay, plan_diary, plan_notice, rule_for
from bot.planning.check_ins import PlannedCheckIn, plan_check_ins
from bot.planning.reminders import next_reminder, reminder_number, reminder_times
from bot.services.hearing import hear_words
from bot.services.party import Party
from bot.services.speaking import Voice
from bot.settings import read_settings
from bot.storage.patients import Patient
from bot.storage.phones import Phone
from bot.storage.procedures import Procedure
from bot.triage.phrases import PhraseBook, phrase_book
from bot.triage.sort import Lexicon, compile_lexicon
from bot.vocabulary import (
    CheckInId,
    ConversationId,
    Finding,
    LanguageCode,
    Level,
    PastScore,
    PatientFacts,
    PatientId,
    PhoneId,
    ProcedureId,
)

BASELINE = 7
HINTS = {
    "en": "Write as the patient would. Just Enter: time goes on. +30: half an hour. /es: español. /quit: stop.",
    "es": "Escriba como el paciente. Solo Enter: pasa el tiempo. +30: media hora. /en: English. /quit: salir.",
}
OPENING = {
    "en": "You are Sam Rivera, 16. You had a pars injection this morning; your usual pain is 7 of 10.",
    "es": "Usted es Sam Rivera, de 16 años. Esta mañana le pusieron una inyección; su dolor de siempre es 7 de 10.",
}
LANGUAGES = {
    "en": "en", "english": "en", "ingles": "en", "inglés": "en",
    "es": "es", "spanish": "es", "español": "es", "espanol": "es",
}  # by rows, not an item a line  # fmt: skip
WHICH_LANGUAGE = "English or Spanish? / ¿Inglés o español?  [en/es] "
MOVE = re.compile(r"^(?:\+|/wait)\s*(\d+)\s*([mhd]?)$")
UNITS = {"": "minutes", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(slots=True)
class Simulation:
    """The state of one talk."""

    content: ClinicContent
    lexicon: Lexicon
    book: PhraseBook
    rules: Rules
    party: Party
    conversation: Conversation
    planned: list[PlannedCheckIn]
    now: datetime
    history: tuple[PastScore, ...] = ()
    sent_at: datetime | None = None

    def go_on(self) -> bool:
        """Moves the clock to the next thing that happens, and lets it; False when nothing more will."""
        nexts = [at for at in (self._waits_until(), self.planned[0].due_at if self.planned else None) if at is not None]
        if not nexts:
            return False
        self.wait_until(max(self.now, min(nexts)))
        return True

    def wait_until(self, then: datetime) -> None:
        """Moves the clock; silence, reminders and check-ins happen on the way, each at its time."""
        while True:
            waits, planned = self._waits_until(), self.planned[0] if self.planned else None
            if planned is not None and planned.due_at <= then and (waits is None or planned.due_at <= waits):
                self._begin(self.planned.pop(0))
            elif waits is not None and waits <= then:
                self.now = max(self.now, waits)
                self._time_is_up(waits)
            else:
                break
        self.now = max(self.now, then)

    def _waits_until(self) -> datetime | None:
        waits = [at for at in (self.conversation.clarify_due_at, self.conversation.remind_at) if at is not None]
        return min(waits, default=None)

    def _begin(self, planned: PlannedCheckIn) -> None:
        """The check-in or the notice whose hour has come."""
        protocol = self._protocol()
        questions, afterwards = protocol.asked_by()[planned.name]
        due = OpenCheckIn(CheckInId(uuid4()), planned.name, questions, afterwards)
        self.now = max(self.now, planned.due_at)
        print(f"\n--- {self.now.astimezone(self.party.patient.zone):%a %b %d, %H:%M} ({planned.name}) ---")
        notice = protocol.notice(planned.name)
        if notice is not None:
            says = notice.says_unsedated or notice.says
            self.show(advance(self.conversation, Cue.NOTICE_DUE, rules=self.rules, now=self.now, notices=says), None)
            return
        self.sent_at = self.now
        self.show(self._advance(Cue.CHECK_IN_DUE, due=due), None)

    def _time_is_up(self, due_at: datetime) -> None:
        silent = self.conversation.clarify_due_at == due_at
        print(f"\n--- {due_at.astimezone(self.party.patient.zone):%a %b %d, %H:%M} ---")
        number = None if silent else reminder_number(self._reminders(), due_at)
        reminder = None if number is None else f"reminder_{number}"
        self.show(self._advance(Cue.SILENCE if silent else Cue.REMIND, reminder=reminder), None)

    def _advance(
        self,
        cue: Cue,
        *,
        due: OpenCheckIn | None = None,
        finding: Finding | None = None,
        reminder: str | None = None,
    ) -> Step:
        open_one = due or self.conversation.check_in
        at = None if open_one is None else next_reminder(self._reminders(open_one.name), self.now)
        return advance(
            self.conversation,
            cue,
            rules=self.rules,
            now=self.now,
            due=due,
            finding=finding,
            reminder=reminder,
            next_reminder_at=at,
        )

    def _reminders(self, name: str | None = None) -> tuple[datetime | None, ...]:
        name = name or (self.conversation.check_in.name if self.conversation.check_in else "")
        rules, texting = self._protocol().rules_of(name), self.content.clinic.texting
        if rules is None or self.sent_at is None:
            return ()
        zone = self.party.patient.zone
        return reminder_times(self.sent_at, zone, rules.reminders, texting.opens, texting.closes)

    def _protocol(self) -> Protocol:
        return next(iter(self.content.protocols.values()))

    def reply(self, words: str) -> None:
        """The patient writes."""
        finding = self._hear(words)
        self.speak(next((SPEAKS[s] for s in finding.signals if s in SPEAKS), self.party.language))
        print(f"   [{finding.level}{', pages on-call staff' if finding.level.pages else ''}; flags: {_flags(finding)}]")
        for evidence in finding.evidence:
            print(f"   [{evidence.quote!r} -> {evidence.flag} ({evidence.rule})]")
        self.show(self._advance(cue_of(finding, self.conversation), finding=finding), finding)

    def _hear(self, words: str) -> Finding:
        day = self.party.day(self.now)
        facts = PatientFacts(day=day, baseline=BASELINE, history=self.history)
        finding = hear_words(words, self.conversation, facts, self.lexicon, self.book)
        finding = read_in_context(finding, self.conversation, self.content.clarifying)
        if finding.pain is not None and day is not None:
            self.history += (PastScore(day, finding.pain),)
        return finding

    def speak(self, language: str) -> None:
        """The bot speaks this language from now on."""
        self.party = replace(self.party, language=LanguageCode(language))

    def show(self, step: Step, finding: Finding | None) -> None:
        """Prints what the bot says and does."""
        level = Level.URGENT if finding is None else finding.level
        voice = Voice(self.content, self.party, step.conversation.id, self.now, level)
        for effect in step.effects:
            match effect:
                case Say():
                    self._say(voice.message(effect.message, effect.lead))
                case Ask() if step.conversation.check_in is not None:
                    check_in = step.conversation.check_in
                    self._say(voice.question(check_in, effect.question, lead=effect.lead, again=effect.again))
                case Notify():
                    for message in effect.messages:
                        self._say(voice.message(message))
                case PlanDiary():
                    self._plan_diary(voice)
                case RaiseAlert():
                    print(f"   [on-call is paged: {effect.level}]")
                case MakeWorkItem():
                    print(f"   [for staff: {effect.kind}, {effect.due}]")
                case EndCheckIn():
                    print(f"   [check-in {effect.state}]")
                case _:
                    pass
        self.conversation = step.conversation

    @staticmethod
    def _say(words: str) -> None:
        print(f"bot> {fold_for_sms(words)}")

    def _plan_diary(self, voice: Voice) -> None:
        texting, protocol = self.content.clinic.texting, self._protocol()
        procedure = self.party.procedure
        day = TextingDay(texting.opens, texting.closes, protocol.until)
        entries: tuple[PlannedCheckIn, ...] = ()
        if procedure is not None:
            entries = plan_diary(protocol.diary, procedure.at, self.party.patient.zone, day, self.now)
        self.planned = sorted([*self.planned, *entries], key=lambda planned: planned.due_at)
        self._say(voice.message("diary_on" if entries else "diary_late"))


def _flags(finding: Finding) -> str:
    return ", ".join(finding.flags) or "none"


def new_simulation() -> Simulation:
    """Sam Rivera, 16, whose procedure was this morning."""
    content = load_content(read_settings().config_dir)
    zone, protocol = content.clinic.zone, next(iter(content.protocols.values()))
    at = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    patient_id, born_on = PatientId(uuid4()), date(2009, 5, 1)
    procedure = Procedure(ProcedureId(uuid4()), patient_id, protocol.id, at, baseline_pain=BASELINE, sedation=False)
    patient = Patient(patient_id, "SIM", "Sam Rivera", born_on, LanguageCode("en"), zone)
    phone = Phone(PhoneId(uuid4()), "+19135550199", None, None, None)
    return Simulation(
        content=content,
        lexicon=compile_lexicon(content.words, content.red_flags, content.ear),
        book=phrase_book(content.phrases.values(), content.other_languages.languages),
        rules=Rules.of(content.red_flags, content.escalation.unclear, content.faq, content.protocols.values()),
        party=Party(patient, phone, None, procedure, patient.language),
        conversation=Conversation(ConversationId(uuid4()), patient_id, phone.id),
        planned=_planned(content, procedure, born_on),
        now=at,
    )


def _planned(content: ClinicContent, procedure: Procedure, born_on: date) -> list[PlannedCheckIn]:
    protocol, zone, texting = content.protocols[procedure.protocol], content.clinic.zone, content.clinic.texting
    on = procedure.at.astimezone(zone).date()
    rules = [rule_for(r, protocol.until, procedure_on=on, pupil_born_on=born_on) for r in protocol.check_ins]
    day = TextingDay(texting.opens, texting.closes, protocol.until)
    notices = [plan_notice(notice, procedure.at, zone, day) for notice in protocol.notices]
    after = [notice for notice in notices if notice is not None and notice.due_at > procedure.at]
    planned = [*after, *plan_check_ins(procedure.at, zone, rules, procedure.at)]
    return sorted(planned, key=lambda one: one.due_at)


def talk() -> None:
    """Reads lines until /quit, the end of the input, or the end of the follow-up."""
    simulation = new_simulation()
    chosen = (_read_line(WHICH_LANGUAGE) or "").strip().lower()
    language = LANGUAGES.get(chosen.removeprefix("/"))
    simulation.speak(language or "en")
    print(f"\n{OPENING[simulation.party.language]}")
    while simulation.conversation.question is None and simulation.go_on():
        pass
    if language is None and chosen:
        _take(simulation, chosen)  # whoever does not choose has answered already
    print(f"({HINTS[simulation.party.language]})")
    while (line := _read_line("you> ")) is not None and line.strip() != "/quit":
        if not _take(simulation, line.rstrip("\n")):
            return
        print(f"({HINTS[simulation.party.language]})")


def _take(simulation: Simulation, line: str) -> bool:
    """One line of whoever sits there: a move of the clock, a language, or the patient's words. False: nothing more."""
    words = line.strip()
    move = MOVE.match(words)
    if not words or words == "/next":
        return simulation.go_on()
    if move is not None:
        simulation.wait_until(simulation.now + timedelta(**{UNITS[move[2]]: int(move[1])}))
        print(f"   [it is {simulation.now.astimezone(simulation.party.patient.zone):%a %b %d, %H:%M}]")
    elif words in ("/en", "/es"):
        simulation.speak(words[1:])
        print(f"   [language: {words[1:]}]")
    elif not words.startswith("/"):
        simulation.reply(line)
    return True


def _read_line(prompt: str) -> str | None:
    print(prompt, end="" if sys.stdin.isatty() else "\n", flush=True)
    line = sys.stdin.readline()
    return line if line else None
