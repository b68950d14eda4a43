"""What holds for every text: evidence quotes it, courtesy never lowers it, nothing makes it fail."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.triage.replies import RED_FLAG_QUESTIONS
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, Clarify, Finding, Level, PatientFacts

from .test_corpus import ROWS

FACTS = PatientFacts(day=2, baseline=6)
LINE = "leg numb no not pierna sin fever 38.5 7/10 but pero my neighbor , . can't pee puedo orinar if worse 🤒 yes 80%"
WORDS = [*LINE.split(), "sugar", "old", "thanks", "?", "º"]
texts = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
asked_questions = st.sampled_from(list(Asked))
own_replies = st.sampled_from([row["text"] for row in ROWS])
settled = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SYMPTOMS = ("fever", "chills", "numbness", "weakness", "pus", "hives", "chest pain", "vomiting", "drainage", "tingling")
SINTOMAS = ("fiebre", "escalofríos", "hormigueo", "debilidad", "pus", "ronchas", "mareo", "vómito")

GOOD_NEWS = (
    ". Back feels great!", ". Pain is way better", ". Pain is a 1", ". I feel good", ". I slept great",
    ", pain is gone", ", back feels great", " and my back is so much better", ". La espalda mucho mejor",
    ". Me siento bien", ". Dolor 1", " y la espalda mucho mejor", ", ya no me duele",
)  # by rows, not an item a line  # fmt: skip


def sorted_text(text: str, lexicon: Lexicon, asked: Asked = Asked.ANY) -> Finding:
    return sort_reply(text, asked=asked, facts=FACTS, lexicon=lexicon)


@settled
@given(text=st.one_of(texts, own_replies), asked=asked_questions)
def test_evidence_always_quotes_the_text_as_typed(text: str, asked: Asked, lexicon: Lexicon) -> None:
    for item in sorted_text(text, lexicon, asked).evidence:
        assert text[item.start : item.end] == item.quote


@settled
@given(text=texts, asked=asked_questions)
def test_no_text_makes_the_engine_fail(text: str, asked: Asked, lexicon: Lexicon) -> None:
    finding = sorted_text(text, lexicon, asked)
    failed = Finding(level=Level.UNCLEAR, clarify=Clarify.GENERAL, flag_word=True)
    assert finding != failed, "this is what an exception inside looks like"


@settled
@given(
    text=own_replies,
    courtesy=st.sampled_from([" thanks", ". Thank you!", " 🙏", ", gracias", " 😊", ". Gracias por preguntar"]),
)
def test_courtesy_never_lowers_a_level(text: str, courtesy: str, lexicon: Lexicon) -> None:
    before = sorted_text(text, lexicon).level
    assert sorted_text(text + courtesy, lexicon).level.rank >= before.rank


@settled
@given(
    text=own_replies,
    greeting=st.sampled_from(["Hi. ", "Thanks. ", "Buenas tardes. "]),
)
def test_a_greeting_never_lowers_a_level(text: str, greeting: str, lexicon: Lexicon) -> None:
    before = sorted_text(text, lexicon).level
    assert sorted_text(greeting + text, lexicon).level.rank >= before.rank


@settled
@given(text=own_replies)
def test_spaces_and_the_way_accents_are_typed_never_matter(text: str, lexicon: Lexicon) -> None:
    level = sorted_text(text, lexicon).level
    assert sorted_text(text.replace(" ", "  "), lexicon).level is level
    assert sorted_text(unicodedata.normalize("NFD", text), lexicon).level is level


@settled
@given(text=own_replies)
def test_accents_left_out_never_lower_a_page(text: str, lexicon: Lexicon) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn" or c == "\u0303")
    before = sorted_text(text, lexicon).level
    assert not before.pages or sorted_text(bare, lexicon).level.rank >= before.rank


@settled
@given(text=own_replies)
def test_case_never_matters(text: str, lexicon: Lexicon) -> None:
    assert sorted_text(text.upper(), lexicon).level == sorted_text(text.lower(), lexicon).level


@settled
@given(
    names=st.lists(st.sampled_from(SYMPTOMS), min_size=1, max_size=5, unique=True),
    neg=st.sampled_from(["no", "without"]),
)
def test_denying_every_symptom_never_pages(names: list[str], neg: str, lexicon: Lexicon) -> None:
    text = f"{neg} " + ", ".join(names[:-1]) + (" or " if len(names) > 1 else "") + names[-1]
    assert not sorted_text(text, lexicon).level.pages, text


@settled
@given(names=st.lists(st.sampled_from(SINTOMAS), min_size=1, max_size=5, unique=True))
def test_denying_every_symptom_in_spanish_never_pages(names: list[str], lexicon: Lexicon) -> None:
    text = "sin " + " ni ".join(names)
    assert not sorted_text(text, lexicon).level.pages, text


def is_of_the_law(higher: Finding, joined: Finding) -> bool:
    """What triage.md lets a second text lower: the very thing is plainly somebody else's (rule 6), "yes I'm fine"
    is no yes (rule 10), or the fever has a number, and it is under the threshold (rule 19)."""
    raised = {each.flag for each in higher.evidence if not each.rule.startswith(("guard.", "asker"))}
    others = {each.flag for each in joined.evidence if each.rule == "guard.other"}
    if joined.flag_word and joined.clarify is Clarify.TEMPERATURE:
        return "fever" in raised
    if joined.flag_word and joined.clarify is Clarify.SURE:
        return "answer" in raised
    return bool(raised & others)


@settings(settled, max_examples=400)
@given(first=own_replies, second=own_replies, joint=st.sampled_from([". ", "\n"]), asked=asked_questions)
def test_joining_two_texts_never_lowers_below_the_higher(
    first: str, second: str, joint: str, asked: Asked, lexicon: Lexicon
) -> None:
    higher = max((sorted_text(each, lexicon, asked) for each in (first, second)), key=lambda each: each.level.rank)
    joined = sorted_text(first + joint + second, lexicon, asked)
    open_still = asked in RED_FLAG_QUESTIONS and higher.level is Level.UNCLEAR  # the other text may answer it
    assert joined.level.rank >= higher.level.rank or is_of_the_law(higher, joined) or open_still


@settings(settled, max_examples=400)
@given(text=own_replies, news=st.sampled_from(GOOD_NEWS))
def test_good_news_never_lowers_a_level(text: str, news: str, lexicon: Lexicon) -> None:
    before, after = sorted_text(text, lexicon), sorted_text(text + news, lexicon)
    assert after.level.rank >= before.level.rank or is_of_the_law(before, after)


@settled
@given(first=own_replies, second=own_replies)
def test_evidence_of_two_texts_read_together_still_quotes(first: str, second: str, lexicon: Lexicon) -> None:
    text = f"{first}\n{second}"
    assert all(text[e.start : e.end] == e.quote for e in sorted_text(text, lexicon).evidence)


@pytest.mark.parametrize(
    "unit",
    [
        "leg ",
        "no ",
        "a",
        "numb leg, ",
        "my leg is numb and ",
        "1 ",
        "🤒",
        "(",
        "7/10 ",
        "weak no ",
        "leg numb. ",
        "ok. ",
    ],
)
def test_a_hostile_text_is_read_in_bounded_time(unit: str, lexicon: Lexicon) -> None:
    text = (unit * 1600)[:1600]
    spent = []
    for _ in range(3):
        started = time.process_time()
        sorted_text(text, lexicon)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.1, "about 10 ms on a quiet machine; a busy one gets ten times that"
