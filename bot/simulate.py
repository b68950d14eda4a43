"""A conversation with the bot in a terminal: the real triage, table and words; no database, nothing is sent."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from bot.content.load import ClinicContent, load_content
from bot.content.messages import fold_for_sms
from bot.flows.advance import Step, advance
from bot.flows.conversation import Conversation, OpenCheckIn
from bot.flows.cues import Cue, cue_of, read_in_context
from bot.flows.effects import Ask, EndCheckIn, MakeWorkItem, RaiseAlert, Say
from bot.flows.moment import Rules
from bot.planning.check_ins import CheckInRule, PlannedCheckIn, plan_check_ins
from bot.services.party import Party
from bot.services.speaking import Voice
from bot.settings import read_settings
from bot.storage.patients import Patient
from bot.storage.phones import Phone
from bot.storage.procedures import Procedure
from bot.triage.sort import Lexicon, compile_lexicon, sort_reply
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

HELP = "Write as the patient would.  /next: next check-in   /wait MINUTES   /en  /es: language   /quit"
BASELINE = 7


@dataclass(slots=True)
class Simulation:
    """The state of one talk."""

    content: ClinicContent
    lexicon: Lexicon
    rules: Rules
    party: Party
    conversation: Conversation
    planned: list[PlannedCheckIn]
    now: datetime
    history: tuple[PastScore, ...] = ()

    def next_check_in(self) -> None:
        """Moves the clock to the next check-in and starts it."""
        if not self.planned:
            print("   (there are no more check-ins)")
            return
        planned = self.planned.pop(0)
        self.now = planned.due_at
        protocol = next(iter(self.content.protocols.values()))
        due = OpenCheckIn(CheckInId(uuid4()), planned.name, protocol.questions_of(planned.name))
        print(f"\n--- {planned.name}, {self.now.astimezone(self.party.patient.zone):%a %b %d %H:%M} ---")
        self.show(advance(self.conversation, Cue.CHECK_IN_DUE, rules=self.rules, now=self.now, due=due), None)

    def wait(self, minutes: int) -> None:
        """Moves the clock, and lets an unanswered clarifying question run out."""
        self.now += timedelta(minutes=minutes)
        due_at = self.conversation.clarify_due_at
        if due_at is not None and due_at <= self.now:
            self.show(advance(self.conversation, Cue.SILENCE, rules=self.rules, now=self.now), None)

    def reply(self, words: str) -> None:
        """The patient writes."""
        day = self.party.day(self.now)
        facts = PatientFacts(day=day, baseline=BASELINE, history=self.history)
        finding = sort_reply(words, asked=self.conversation.asked, facts=facts, lexicon=self.lexicon)
        finding = read_in_context(finding, self.conversation, self.content.clarifying)
        if finding.pain is not None and day is not None:
            self.history += (PastScore(day, finding.pain),)
        print(f"   [{finding.level}{' PAGES' if finding.level.pages else ''}: {', '.join(finding.flags) or '-'}]")
        for evidence in finding.evidence:
            print(f"   [{evidence.quote!r} -> {evidence.flag}, {evidence.rule}]")
        cue = cue_of(finding, self.conversation)
        step = advance(self.conversation, cue, rules=self.rules, now=self.now, finding=finding)
        self.show(step, finding)

    def show(self, step: Step, finding: Finding | None) -> None:
        """Prints what the bot says and does."""
        level = Level.URGENT if finding is None else finding.level
        voice = Voice(self.content, self.party, step.conversation.id, self.now, level)
        for effect in step.effects:
            match effect:
                case Say():
                    print(f"bot> {fold_for_sms(voice.message(effect.message, effect.lead))}")
                case Ask() if step.conversation.check_in is not None:
                    check_in = step.conversation.check_in
                    words = voice.question(check_in, effect.question, lead=effect.lead, again=effect.again)
                    print(f"bot> {fold_for_sms(words)}")
                case RaiseAlert():
                    print(f"   [on-call is paged: {effect.level}]")
                case MakeWorkItem():
                    print(f"   [work item: {effect.kind}, {effect.due}]")
                case EndCheckIn():
                    print(f"   [check-in: {effect.state}]")
                case _:
                    pass
        self.conversation = step.conversation


def new_simulation() -> Simulation:
    """Sam Rivera, 16, whose procedure was this morning."""
    content = load_content(read_settings().config_dir)
    zone = content.clinic.zone
    now = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    patient_id, phone_id = PatientId(uuid4()), PhoneId(uuid4())
    protocol = next(iter(content.protocols.values()))
    procedure = Procedure(ProcedureId(uuid4()), patient_id, protocol.id, now, baseline_pain=BASELINE, sedation=False)
    patient = Patient(patient_id, "SIM", "Sam Rivera", date(2009, 5, 1), LanguageCode("en"), zone)
    phone = Phone(phone_id, "+19135550199", None, None, None)
    flags = content.red_flags.flags
    unclear = content.escalation.unclear
    rules = [CheckInRule(r.name, r.day, r.at, time(20)) for r in protocol.check_ins]
    return Simulation(
        content=content,
        lexicon=compile_lexicon(content.words, content.red_flags, content.asker),
        rules=Rules(
            {flag: rule.level for flag, rule in flags.items()},
            {flag: rule.told for flag, rule in flags.items()},
            unclear.flag_word_minutes,
            unclear.other_minutes,
        ),
        party=Party(patient, phone, None, procedure, patient.language),
        conversation=Conversation(ConversationId(uuid4()), patient_id, phone_id),
        planned=list(plan_check_ins(now, zone, rules, now)),
        now=now,
    )


def talk() -> None:
    """Reads lines until /quit or the end of the input."""
    simulation = new_simulation()
    print(f"You are Sam Rivera, 16, one day after a pars injection; usual pain {BASELINE} of 10.\n{HELP}")
    simulation.next_check_in()
    while (line := _read_line()) is not None:
        words = line.strip()
        if words == "/quit":
            return
        if words == "/next":
            simulation.next_check_in()
        elif words.startswith("/wait") and words[5:].strip().isdigit():
            simulation.wait(int(words[5:]))
        elif words in ("/en", "/es"):
            simulation.party = replace(simulation.party, language=LanguageCode(words[1:]))
        elif words.startswith("/"):
            print(HELP)
        else:
            simulation.reply(line.rstrip("\n"))


def _read_line() -> str | None:
    if sys.stdin.isatty():
        print("you> ", end="", flush=True)
    line = sys.stdin.readline()
    return line if line else None
