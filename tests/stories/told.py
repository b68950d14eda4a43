"""The stories behind the golden transcripts, one function each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.desk import Desk
from tests.screen import Screen, ScreenPhone
from tests.story import document

AMY, BEN, DANA, KIM = "+19135550111", "+19135550112", "+19135550113", "+19135550190"


@dataclass(frozen=True)
class Story:
    """A story, the day and the provider's mode that it is told in."""

    name: str
    title: str
    tell: Callable[[Screen], None]
    start: str
    opt_out_mode: str


STORIES: list[Story] = []


def story(
    title: str, *, start: str = "2026-03-02 12:00", opt_out_mode: str = "app"
) -> Callable[[Callable[[Screen], None]], Callable[[Screen], None]]:
    """Puts the function among the stories, under its own name."""

    def put(tell: Callable[[Screen], None]) -> Callable[[Screen], None]:
        STORIES.append(Story(tell.__name__, title, tell, start, opt_out_mode))
        return tell

    return put


def kim_works(screen: Screen) -> ScreenPhone:
    """Nurse Kim is on call."""
    screen.clinic.employs("kim", KIM, tier=1)
    return screen.phone("Kim", KIM)


def amy_is_followed(screen: Screen, *, at: str = "2026-03-02 09:30", **more: Any) -> ScreenPhone:
    """Amy Stone, injected that morning."""
    screen.clinic.enrols("Amy Stone", AMY, at=at, **more)
    return screen.phone("Amy", AMY)


def kim_takes_it(screen: Screen, kim: ScreenPhone) -> None:
    """She answers the page."""
    kim.texts(f"ACK {screen.clinic.open_alerts[0].code}")


def patient_page(screen: Screen, mrn: str) -> str:
    """Where the console shows that patient."""
    return f"/patients/{screen.clinic.timeline(mrn)['patient']['id']}"


def kims_desk(screen: Screen) -> Desk:
    """Kim at the console."""
    return Desk.of("kim", screen.clinic.runtime.settings.public_url)


# 1. the check-in protocol


@story("Day 1, one answer at a time")
def day_1_one_by_one(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("No")
    amy.texts("nope")
    amy.texts("3, a bit sore where the needle went in")
    amy.texts("about 80 percent")


@story("Day 5, everything in one text and in no order", start="2026-03-06 12:00")
def day_5_all_in_one_text(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-07 10:00")
    amy.texts("pain 2, no to all, about 80% better")
    amy.texts("thanks!")


@story("Week 4 asks one question; week 6 asks what else helps the provider", start="2026-03-20 12:00")
def weeks_4_and_6(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-30 15:00")
    amy.texts("no")
    screen.it_is("2026-04-13 15:00")
    amy.texts("2")
    amy.texts("no to all")
    amy.texts("75")
    amy.texts("2")
    amy.texts("in part")
    screen.it_is("2026-05-25 15:00")
    amy.texts("pain 1, no to all, 90% gone")
    screen.tell("What is asked afterwards may stay unanswered: Amy does not reply any more.")
    screen.it_is("2026-05-30 12:00")


@story("The day itself: aftercare, the call list, and a diary for those who want one", start="2026-03-02 08:00")
def day_0_and_the_diary(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-02 10:30")
    amy.texts("DIARY")
    screen.it_is("2026-03-02 11:30")
    amy.texts("1")
    screen.it_is("2026-03-02 15:30")
    amy.texts("90")
    screen.it_is("2026-03-03 10:00")
    amy.texts("no to all, pain 2")


@story("No diary at night: the procedure was late in the day", start="2026-03-02 16:00")
def day_0_late(screen: Screen) -> None:
    amy = amy_is_followed(screen, at="2026-03-02 17:30")
    screen.it_is("2026-03-02 18:30")
    screen.it_is("2026-03-02 19:45")
    amy.texts("diary please")
    screen.it_is("2026-03-02 23:45")


# 2. before the procedure


@story("Before the procedure: what to know, and a screening that finds something", start="2026-02-23 12:00")
def before_the_procedure(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen, baseline_pain=None, procedure={"sedation": True})
    screen.it_is("2026-02-27 16:00")
    amy.texts("yes, I am allergic to contrast dye")
    amy.texts("6")
    amy.texts("my left foot has been numb for two years, no change")
    screen.it_is("2026-02-28 16:00")
    screen.it_is("2026-03-01 10:00")
    amy.texts("can I eat breakfast?")


@story("Before the procedure: awake, nothing to report", start="2026-02-23 12:00")
def before_the_procedure_awake(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-02-27 16:00")
    amy.texts("no")
    amy.texts("7")
    amy.texts("no")
    screen.it_is("2026-02-28 16:00")
    screen.it_is("2026-03-01 10:00")


# 3. questions


@story("Questions: the clinic's page answers, and what it does not say goes to staff")
def questions(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("when will it work?")
    amy.texts("can I take ibuprofen?")
    amy.texts("no to all, pain 4, 50%")
    screen.wait(hours=2)
    amy.texts("How long does the relief last?")
    amy.texts("When can I play soccer again?")
    amy.texts("Can I shower?")
    amy.texts("are you a robot?")


# 4. clarifying


@story("One question back, chosen by what was unclear")
def clarifying(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("👍")
    amy.texts("no")
    amy.texts("I feel warm")
    amy.texts("98.9")
    amy.texts("no")
    screen.wait(hours=1)
    amy.texts("weak all over")
    amy.texts("no")


@story(
    "An unclear text that nobody clears: a person, after ten minutes with a flag word, else after thirty",
    start="2026-03-04 12:00",
)
def clarifying_and_silence(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-04 14:00")
    amy.texts("blah hmm zzz")
    screen.wait(minutes=30)
    screen.wait(hours=1)
    amy.texts("something off, my leg")
    screen.wait(minutes=10)


@story("A yes that may be none, numb or painless, a ten without a baseline, despair, and which of them")
def clarifying_topics(screen: Screen) -> None:
    kim = kim_works(screen)
    amy = amy_is_followed(screen)
    screen.clinic.enrols("Ben Ruiz", BEN, at="2026-03-02 09:30", baseline_pain=None)
    ben = screen.phone("Ben", BEN)
    screen.it_is("2026-03-03 10:00")
    amy.texts("yes I'm fine")
    amy.texts("no, none of that")
    amy.texts("I can't feel anything")
    amy.texts("no, I mean the pain is gone")
    amy.texts("yes")
    amy.texts("chills")
    kim_takes_it(screen, kim)
    ben.texts("no to all")
    ben.texts("10")
    ben.texts("no")
    screen.wait(hours=1)
    ben.texts("what's the point anymore")
    ben.texts("yes I am safe, just tired of this")


# 5. silence


@story("Nobody answers on day 1: asked again at other hours, then a person calls")
def silence_on_day_1(screen: Screen) -> None:
    amy_is_followed(screen)
    for hour in ("03-03 10:00", "03-03 14:31", "03-04 16:31", "03-05 10:01"):
        screen.it_is(f"2026-{hour}")


@story("Nobody answers in week 2: two reminders, one more attempt, and week 4 all the same", start="2026-03-10 12:00")
def silence_in_week_2(screen: Screen) -> None:
    amy_is_followed(screen)
    for hour in ("03-16 15:00", "03-16 19:01", "03-17 17:16", "03-19 16:01", "03-20 15:01", "03-30 15:00"):
        screen.it_is(f"2026-{hour}")


@story("Not now, and no reminder at night")
def not_now(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("not now, I'm in class")
    screen.it_is("2026-03-03 13:00")
    amy.texts("no to all")
    screen.it_is("2026-03-03 19:30")
    amy.texts("busy, text me later")
    screen.it_is("2026-03-03 23:31")
    screen.it_is("2026-03-04 09:00")
    amy.texts("3")


# 6. phones and people


def two_children(screen: Screen) -> ScreenPhone:
    """Dana's children, two days apart, on Dana's phone."""
    for name, mrn, at in (("Amy Stone", "M-1", "2026-03-02 09:30"), ("Ben Stone", "M-2", "2026-03-02 10:30")):
        given = document(name, DANA, at, born_on="2012-05-01", texter={"relation": "parent", "name": "Dana Stone"})
        consent = given["consent"] | {"by": "parent"}
        screen.clinic.enrols_document(given | {"mrn": mrn, "consent": consent})
    return screen.phone("Dana", DANA)


@story("Two children on one phone: a text is about the one who is named, or Dana is asked")
def two_patients_one_phone(screen: Screen) -> None:
    kim_works(screen)
    dana = two_children(screen)
    screen.it_is("2026-03-03 10:00")
    dana.texts("no to all, pain 2, 70%")
    screen.it_is("2026-03-03 11:10")
    dana.texts("no to all, pain 3, 60%")
    screen.wait(hours=2)
    dana.texts("can she take tylenol?")
    dana.texts("Amy")
    dana.texts("Ben is doing great today")


@story("Two children on one phone: a red flag pages for both, and is asked about after", start="2026-03-04 12:00")
def two_patients_and_a_red_flag(screen: Screen) -> None:
    kim_works(screen)
    dana = two_children(screen)
    screen.it_is("2026-03-04 20:00")
    dana.texts("fever of 102 and chills")
    dana.texts("Ben")


@story("Two children on one phone: nobody says whom it is about", start="2026-03-04 09:00")
def two_patients_and_silence(screen: Screen) -> None:
    kim_works(screen)
    dana = two_children(screen)
    screen.it_is("2026-03-04 11:00")
    dana.texts("pain is a 6 today")
    screen.wait(minutes=30)


@story("A mother and her son both text: both are heard, each is answered on their own phone")
def one_patient_two_texters(screen: Screen) -> None:
    kim_works(screen)
    given = document(
        "Sam Rivera",
        AMY,
        "2026-03-02 09:30",
        born_on="2010-05-01",
        texter={"relation": "parent", "name": "Dana Rivera"},
        texters=[{"relation": "self", "name": "Sam Rivera", "phone": BEN}],
        consent={"by": "parent", "method": "paper", "at": "2026-01-01T10:00:00-06:00", "wording": "2026-01"},
    )
    screen.clinic.enrols_document(given)
    dana, sam = screen.phone("Dana", AMY), screen.phone("Sam", BEN)
    screen.it_is("2026-03-03 10:00")
    dana.texts("no to all, he says 2, 80%")
    sam.texts("tbh both my feet are tingling")


@story("Turning 18: a guardian's consent ends, and nothing is sent until the patient agrees")
def turning_18(screen: Screen) -> None:
    kim_works(screen)
    given = document(
        "Sam Rivera",
        AMY,
        "2026-03-02 09:30",
        born_on="2008-03-05",
        texter={"relation": "parent", "name": "Dana Rivera"},
        consent={"by": "parent", "method": "paper", "at": "2026-01-01T10:00:00-06:00", "wording": "2026-01"},
    )
    screen.clinic.enrols_document(given)
    dana = screen.phone("Dana", AMY)
    screen.it_is("2026-03-03 10:00")
    dana.texts("no to all, pain 2, 80%")
    screen.it_is("2026-03-07 10:00")
    screen.tell("Sam is 18 since March 5th: day 5 is not sent. Kim asks him and records his consent.")
    kims_desk(screen).submits(patient_page(screen, "M-0111"), "/consent", by="patient", wording="2026-01", how="phone")
    screen.it_is("2026-03-16 15:00")


@story("A new number, a wrong number")
def numbers(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("I got a new phone number, text me at 913 555 0112")
    screen.tell("Kim checks it by phone and changes the number.")
    kims_desk(screen).submits(patient_page(screen, "M-0111"), "/number", number=BEN)
    new = screen.phone("Amy's new phone", BEN)
    screen.it_is("2026-03-07 10:00")
    new.texts("wrong number, stop bothering me")
    screen.it_is("2026-03-16 15:00")


@story("The patient has died: everything stops, staff know, and nothing cheerful is ever sent")
def patient_died(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("This is her husband. Amy passed away last night.")
    for hour in ("03-03 14:31", "03-07 10:00", "03-16 15:00"):
        screen.it_is(f"2026-{hour}")


@story("Machines and pictures: an auto-reply, a tapback, a photo, a text sent in two")
def machines_and_pictures(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get there.")
    screen.wait(minutes=5)
    amy.texts("Liked \u201cAny NEW trouble peeing or pooping\u201d")
    amy.texts("no")
    amy.texts("", media=1)
    amy.texts("no")
    screen.wait(hours=3)
    amy.texts("I can't")
    amy.texts("pee since this morning")


# 7. stop and start


@story("STOP, a red flag all the same, and START")
def stop_and_start(screen: Screen) -> None:
    kim = kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("the pain won't stop")
    amy.texts("no, it is a 4 and better than before")
    amy.texts("STOP")
    screen.it_is("2026-03-07 10:00")
    amy.texts("I have a fever and chills")
    kim_takes_it(screen, kim)
    amy.texts("START")
    screen.it_is("2026-03-16 15:00")


@story("STOP in plain words, in both languages")
def stop_in_words(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.clinic.enrols("Ben Ruiz", BEN, at="2026-03-02 09:30", language="es")
    ben = screen.phone("Ben", BEN)
    screen.it_is("2026-03-03 10:00")
    amy.texts("please stop texting me")
    ben.texts("ya no me manden mensajes")
    screen.it_is("2026-03-07 10:00")


@story("A STOP that carries a red flag is honoured, and a person phones")
def stop_with_a_red_flag(screen: Screen) -> None:
    kim = kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("stop texting me, my leg is numb and I am done with you")
    kim_takes_it(screen, kim)
    screen.it_is("2026-03-07 10:00")


@story("The carrier answers STOP itself (Twilio's default mode)", opt_out_mode="twilio")
def stop_answered_by_twilio(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("STOP")
    screen.it_is("2026-03-07 10:00")
    amy.texts("START")
    screen.it_is("2026-03-16 15:00")


@story("Advanced Opt-Out answers STOP and HELP (Twilio's Messaging Service)", opt_out_mode="advanced")
def stop_answered_by_advanced_opt_out(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("stop please")
    amy.texts("STOP")
    screen.it_is("2026-03-07 10:00")


@story("No more texts, said on the phone; and again, said on the phone")
def stop_said_aloud(screen: Screen) -> None:
    kim_works(screen)
    amy_is_followed(screen)
    desk, page = kims_desk(screen), patient_page(screen, "M-0111")
    screen.it_is("2026-03-03 10:00")
    screen.tell("Amy calls the clinic: no more texts. Kim records it.")
    desk.submits(page, "/stop-texts", how="phone")
    screen.it_is("2026-03-07 10:00")
    screen.tell("At her visit Amy says that she wants them after all. Kim records it.")
    desk.submits(page, "/start-texts", how="visit")
    screen.it_is("2026-03-16 15:00")


# 8. languages


@story("A whole check-in in Spanish, chosen with one word")
def spanish(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("en español por favor")
    amy.texts("no")
    amy.texts("¿cuándo va a hacer efecto?")
    amy.texts("no, nada de eso")
    amy.texts("me duele como un 3")
    amy.texts("se me quitó como el 70 por ciento")
    screen.it_is("2026-03-07 10:00")
    amy.texts("No, todo bien, 2 de dolor, 90%")
    amy.texts("English please")


@story("Both languages at once, and a red flag in Spanish to an English question")
def mixed_languages(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 10:00")
    amy.texts("no fever but mi pierna derecha se me durmió desde anoche")


@story("A third language goes to a person within the hour")
def third_language(screen: Screen) -> None:
    kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 18:00")
    amy.texts("Bonjour, je ne parle pas anglais, ma jambe va bien merci")
    screen.wait(minutes=30)


# 9. staff in the thread


@story("A red flag, a nurse who has seen it, her own words, and the thread given back")
def staff_in_the_thread(screen: Screen) -> None:
    kim = kim_works(screen)
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-03 14:30")
    amy.texts("fever of 101.5 since last night")
    code = screen.clinic.open_alerts[0].code
    screen.wait(minutes=2)
    kim_takes_it(screen, kim)
    desk, page = kims_desk(screen), patient_page(screen, "M-0111")
    desk.submits(page, "/write", words="Hi Amy, I tried to call you. When can you talk?")
    screen.settle()
    amy.texts("in ten minutes")
    screen.tell("They talk. Kim closes the alert, and the check-in of day 5 waits until she gives the thread back.")
    desk.closes(code, "office_today", "seen at four")
    screen.settle()
    screen.it_is("2026-03-07 10:00")
    amy.texts("my foot drags when I walk")
    kim_takes_it(screen, kim)
    desk.submits(page, "/hand-back")
    screen.it_is("2026-03-07 10:15")


# 10. loops


@story("A machine at the other end: after ten texts in an hour a person looks", start="2026-03-04 12:00")
def loop_guard(screen: Screen) -> None:
    amy = amy_is_followed(screen)
    screen.it_is("2026-03-04 12:00")
    for number in range(13):
        amy.texts(f"We are doing well here, message {number}")
    screen.tell("A red flag is answered all the same.")
    amy.texts("I can't feel my legs")
