"""The rules of triage.md that a corpus line cannot show: numbers, answers, clarifying topics, guards in evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Answer, Asked, Clarify, Intent, Level, PastScore, PatientFacts

from .conftest import Sort


@pytest.mark.parametrize(
    ("score", "day", "baseline", "level"),
    [
        ("9", 2, 6, Level.URGENT),  # days 0-3: 9 or 10 over a baseline under 9
        ("7", 2, 4, Level.URGENT),  # at least 7 and 3 above
        ("8", 2, 6, Level.ROUTINE),  # a flare: 2 above
        ("6", 2, 6, Level.NORMAL),
        ("6", 14, 4, Level.URGENT),  # after day 3: 2 above and at least 5
        ("4", 14, 2, Level.ROUTINE),
        ("9", 14, 9, Level.ROUTINE),  # never plain normal
        ("8", 14, None, Level.UNCLEAR),
        ("7", 14, None, Level.NORMAL),
    ],
)
def test_a_score_alone_means_what_rule_9_says(
    score: str, day: int, baseline: int | None, level: Level, sort: Sort
) -> None:
    finding = sort(score, asked=Asked.PAIN, facts=PatientFacts(day=day, baseline=baseline))
    assert (finding.pain, finding.level) == (int(score), level)


def test_a_second_raised_score_is_urgent(sort: Sort) -> None:
    facts = PatientFacts(day=2, baseline=5, history=(PastScore(1, 7),))
    assert sort("7", asked=Asked.PAIN, facts=facts).level is Level.URGENT


def test_a_high_score_without_a_baseline_asks_whether_it_is_worse(sort: Sort) -> None:
    assert sort("9", asked=Asked.PAIN, facts=PatientFacts(day=1)).clarify is Clarify.PAIN_VS_BEFORE


@pytest.mark.parametrize(
    ("text", "pain"),
    [
        ("7/10", 7), ("seven out of ten", 7), ("12 out of 10", 10), ("between 6 and 7", 7), ("was an 8 now a 3", 3),
        ("antes era 4, ahora ando en 8", 8), ("entre 2 y 3", 3),
        ("a 4", 4), ("ocho", 8), ("went from a seven to a one", 1),
        ("pain is 3", 3), ("Pain: 3", 3), ("my pain is 7 today", 7), ("el dolor es 4", 4),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_pain_is_read_in_digits_words_ranges_and_corrections(text: str, pain: int, sort: Sort) -> None:
    assert sort(text, asked=Asked.PAIN).pain == pain


@pytest.mark.parametrize("text", ["alert(1)", "his name is 7", "bus 5:10"])
def test_a_number_of_something_else_is_no_pain_score(text: str, sort: Sort) -> None:
    assert sort(text).pain is None


@pytest.mark.parametrize("text", ["80%", "80", "about 80 percent better", "80 por ciento"])
def test_percent_relief_is_read_where_it_was_asked(text: str, sort: Sort) -> None:
    finding = sort(text, asked=Asked.RELIEF)
    assert (finding.relief, finding.pain) == (80, None)


@pytest.mark.parametrize(
    ("text", "percent"),
    [("about half", 50), ("none", 0), ("all of it", 100), ("la mitad", 50), ("eighty five percent", 85)],
)
def test_relief_in_words_is_a_percentage(text: str, percent: int, sort: Sort) -> None:
    assert sort(text, asked=Asked.RELIEF).relief == percent


@pytest.mark.parametrize("text", ["pain 2, no to all, about 80% better", "2, no, 80"])
def test_several_answers_in_one_text_are_all_taken(text: str, sort: Sort) -> None:
    finding = sort(text)
    assert (finding.pain, finding.relief, finding.answer, finding.level) == (2, 80, Answer.NO, Level.NORMAL)


@pytest.mark.parametrize(
    ("text", "celsius", "level"),
    [
        ("temp 100.4", 38.0, Level.URGENT), ("38,2 de fiebre", 38.2, Level.URGENT), ("temp 1013", 38.5, Level.URGENT),
        ("my temp is 98.6", 37.0, Level.NORMAL), ("36.9 this morning", 36.9, Level.NORMAL),
        ("temp 94", 34.44, Level.UNCLEAR),
        ("38º de temperatura", 38.0, Level.URGENT), ("temp 100 .9", 38.28, Level.URGENT),
        ("marcó treinta y ocho nueve", 38.9, Level.URGENT),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_temperatures_follow_rule_8(text: str, celsius: float, level: Level, sort: Sort) -> None:
    finding = sort(text)
    assert finding.temperature_c == pytest.approx(celsius, abs=0.01)
    assert finding.level is level


@pytest.mark.parametrize(
    "text", ["98 percent better", "heart rate 102 bpm", "i weigh 102 lbs", "100 degrees outside here"]
)
def test_other_numbers_are_no_temperatures(text: str, sort: Sort) -> None:
    assert sort(text).temperature_c is None


def test_fever_said_with_a_number_under_the_threshold_asks_for_a_repeat(sort: Sort) -> None:
    finding = sort("I have a fever, thermometer says 98.9")
    assert (finding.level, finding.clarify, finding.flag_word) == (Level.UNCLEAR, Clarify.TEMPERATURE, True)


@pytest.mark.parametrize(
    ("asked", "level", "topic"),
    [
        (Asked.RED_FLAGS_A, Level.EMERGENCY, None),
        (Asked.RED_FLAGS_B, Level.URGENT, Clarify.WHICH_ONE),
        (Asked.RED_FLAGS, Level.URGENT, Clarify.WHICH_ONE),
    ],
)
@pytest.mark.parametrize("text", ["yes", "YES", "yep", "yessir", "sí", "si", "yeah", "I think so, yeah"])
def test_yes_means_what_the_question_asked(
    text: str, asked: Asked, level: Level, topic: Clarify | None, sort: Sort
) -> None:
    finding = sort(text, asked=asked)
    assert (finding.answer, finding.level, finding.clarify) == (Answer.YES, level, topic)


@pytest.mark.parametrize(
    "text", ["no", "nope", "yeah no", "no not really", "nope all good", "nada", "no señora", "No."]
)
@pytest.mark.parametrize("asked", [Asked.RED_FLAGS_A, Asked.RED_FLAGS_B, Asked.RED_FLAGS])
def test_a_plain_no_is_normal(text: str, asked: Asked, sort: Sort) -> None:
    finding = sort(text, asked=asked)
    assert (finding.answer, finding.level) == (Answer.NO, Level.NORMAL)


def test_no_to_all_answers_every_question(sort: Sort) -> None:
    assert sort("no to all", asked=Asked.RED_FLAGS_A).answers_all


@pytest.mark.parametrize("text", ["ok", "k", "👍", 'Liked "Any fever?"', "yes I'm fine", "not sure"])
def test_what_is_no_plain_answer_to_a_red_flag_question_is_asked_about(text: str, sort: Sort) -> None:
    assert sort(text, asked=Asked.RED_FLAGS_A).level is Level.UNCLEAR


@pytest.mark.parametrize(
    ("text", "keyword"),
    [("STOP", Intent.OPT_OUT), ("alto", Intent.OPT_OUT), ("Opt out", Intent.OPT_OUT), ("HELP", Intent.HELP),
     ("ayuda", Intent.HELP), ("START", Intent.OPT_IN), ("unstop.", Intent.OPT_IN)],
)  # by rows, not an item a line  # fmt: skip
def test_a_keyword_is_the_whole_text(text: str, keyword: Intent, sort: Sort) -> None:
    assert sort(text).keyword is keyword


@pytest.mark.parametrize("text", ["please stop texting me", "help me", "end it all", "i can't stop shaking"])
def test_a_keyword_inside_a_sentence_is_none(text: str, sort: Sort) -> None:
    assert sort(text).keyword is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I feel warm", Clarify.TEMPERATURE),
        ("weak all over", Clarify.WEAK_OR_TIRED),
        ("I can't feel anything", Clarify.FEEL_NOTHING),
        ("I can't keep doing this", Clarify.SAFE),
        ("what's the point", Clarify.SAFE),
        ("it hurts", Clarify.PAIN_VS_BEFORE),
    ],
)
def test_what_is_unclear_chooses_the_question(text: str, topic: Clarify, sort: Sort) -> None:
    finding = sort(text)
    assert (finding.level, finding.clarify, finding.flag_word) == (Level.UNCLEAR, topic, True)


@pytest.mark.parametrize(
    ("text", "guard", "cue"),
    [
        ("no fever", "guard.negated", "no"),
        ("my coworker has a fever, I'm fine", "guard.other", "coworker"),
        ("what if I get a fever", "guard.hypothetical", "what if"),
        ("had a fever last month before the shot", "guard.past", "last month"),
        ("my foot has been numb for years", "guard.old", "for years"),
    ],
)
def test_a_guard_that_lowers_names_its_cue(text: str, guard: str, cue: str, sort: Sort) -> None:
    assert (guard, cue) in {(item.rule, item.quote) for item in sort(text).evidence}


def test_self_harm_is_never_lowered_by_a_question_or_another_person(sort: Sort) -> None:
    for text in ("what if I kill myself", "my friend wants to die", "if it hurts again i will kill myself"):
        assert sort(text).level is Level.EMERGENCY, text


def test_a_fever_before_the_procedure_is_a_matter_for_the_schedule(sort: Sort) -> None:
    far = sort("I have a fever", facts=PatientFacts(day=-5, hours=-120))
    near = sort("I have a fever", facts=PatientFacts(day=-1, hours=-20))
    assert (far.flags, far.level) == (("preop_issue",), Level.ROUTINE)
    assert (near.flags, near.level) == (("preop_issue",), Level.URGENT)


def test_an_old_deficit_on_the_chart_is_normal_and_one_that_is_not_is_looked_at(sort: Sort) -> None:
    text = "my left foot has been numb for years, no change"
    known = PatientFacts(day=2, baseline=6, chart=("old left foot numbness",))
    assert sort(text, facts=known).level is Level.NORMAL
    assert sort(text).level is Level.ROUTINE


def test_a_script_nobody_here_reads_is_unclear(sort: Sort) -> None:
    assert sort("我的腿麻了").clarify is Clarify.LANGUAGE


def test_a_failure_inside_goes_to_a_person(lexicon: Lexicon) -> None:
    broken = sort_reply("no", asked=Asked.ANY, facts=PatientFacts(), lexicon=None)  # type: ignore[arg-type]  # what breaks it
    assert (broken.level, broken.flag_word) == (Level.UNCLEAR, True)


def test_the_language_of_a_reply_is_told(sort: Sort) -> None:
    assert sort("me duele la espalda desde ayer").language == "es"
    assert sort("my back still hurts since yesterday").language == "en"
    assert sort("7").language == "unknown"


def test_a_sign_that_raises_nothing_by_itself_is_asked_about(sort: Sort) -> None:
    assert sort("comezón en los brazos y no dejo de rascarme").level is not Level.NORMAL


def test_the_no_of_cannot_denies_nothing_behind_it(sort: Sort) -> None:
    finding = sort("fiebre, la nuca no la puedo doblar y la cabeza me va a reventar")
    assert "meningitis_sepsis" in finding.flags


@pytest.mark.parametrize(
    "words",
    [
        "unfortunately yup",
        "uh yeah actually",
        "pues fíjese que sí",
        "me temo que sí",
        "I regret to say yes",
        "that would be a big yes mate",
    ],
)
def test_a_yes_in_any_dress_answers_a_red_flag_question(words: str, lexicon: Lexicon) -> None:
    """Rule 10: words around the yes that nobody foresaw do not hide it."""
    finding = sort_reply(words, asked=Asked.RED_FLAGS_A, facts=PatientFacts(day=5, baseline=6), lexicon=lexicon)
    assert finding.level is Level.EMERGENCY


@pytest.mark.parametrize("words", ["yeah no", "yep all good here", "no yeah nothing"])
def test_a_yes_beside_a_no_or_good_news_is_no_plain_yes(words: str, lexicon: Lexicon) -> None:
    finding = sort_reply(words, asked=Asked.RED_FLAGS_A, facts=PatientFacts(day=5, baseline=6), lexicon=lexicon)
    assert not finding.level.pages


@pytest.mark.parametrize("words", ["easy 2k in the pool", "I normally swim 5k a day", "took 6 tramadol at once"])
def test_a_distance_or_a_count_of_pills_is_no_pain_score(words: str, lexicon: Lexicon) -> None:
    finding = sort_reply(words, asked=Asked.ANY, facts=PatientFacts(day=5, baseline=6), lexicon=lexicon)
    assert finding.pain is None


def test_seven_i_guess_is_a_score(sort: Sort) -> None:
    assert sort("7 I guess", asked=Asked.PAIN).pain == 7


@pytest.mark.parametrize("text", ["Never had no weak leg till this mornin", "cant neither one of my legs feel right"])
def test_a_loss_said_with_no_and_never_is_not_silenced(text: str, sort: Sort) -> None:
    assert sort(text).level.rank >= Level.UNCLEAR.rank


@pytest.mark.parametrize("asked", [Asked.RED_FLAGS, Asked.RED_FLAGS_A, Asked.RED_FLAGS_B])
@pytest.mark.parametrize("text", ["3", "0", "10", "three", "7.", "alright", "sounds good", "alright thanks"])
def test_a_digit_or_an_ok_never_answers_a_red_flag_question(text: str, asked: Asked, sort: Sort) -> None:
    finding = sort(text, asked=asked)
    assert (finding.level, finding.pain, finding.answer) == (Level.UNCLEAR, None, None)


def test_all_three_answers_in_one_text_ask_nothing_back(sort: Sort) -> None:
    finding = sort("Her pain is 4, no to all, 20% better", asked=Asked.PAIN)
    assert (finding.level, finding.pain, finding.relief) == (Level.NORMAL, 4, 20)


def test_a_relative_named_after_whoever_told_it_may_be_the_patient(sort: Sort) -> None:
    assert "ed_visit" in sort("llamó la maestra y a mi hijo se lo llevaron en ambulancia").flags
    assert "fever" not in sort("mi vecina y su mamá tienen fiebre, yo estoy bien").flags


def test_no_longer_as_before_is_a_loss_and_nothing_old(sort: Sort) -> None:
    assert sort("mi pierna derecha no aguanta como antes").level.pages


def test_a_verb_is_not_cut_into_two_words(sort: Sort) -> None:
    assert "new_injury" in sort("me jalaron en el partido y caí al piso").flags


def test_whom_the_patient_told_is_not_the_one_who_is_ill(sort: Sort) -> None:
    assert sort("he told his little brother his whole calf is numb").level is Level.URGENT


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("no baja de 38", True),
        ("llegó hasta 40, ya bajó", True),
        ("marcó ciento dos", True),
        ("tengo 39 y tomé paracetamol", True),
        ("llegué a 39 puntos", False),
        ("me siento al ciento por ciento", False),
    ],
)
def test_what_rises_and_stays_at_a_number_that_counts_nothing_is_a_temperature(
    text: str, pages: bool, sort: Sort
) -> None:
    assert sort(text).level.pages is pages


def test_a_word_of_the_road_in_another_comma_part_hides_no_temperature(sort: Sort) -> None:
    assert sort("hit 100.9 sunday, gone monday so im back driving my route").level is Level.URGENT
    assert sort("102.5 on the radio the whole route").level is not Level.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "saw that zombie movie where the guy loses both legs and still drags himself to the helicopter",
        "What if I'm up on the wall and my leg quits on me? Hasn't happened.",
        "Client passed out cold from the smell of bleach. Ambulance guys were cute",
        "three chickens just keeled over in this heat",
        "oh the tingling?? ancient history",
    ],
)
def test_a_tale_a_fear_or_a_mishap_of_others_does_not_page(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    [
        "during the movie about the war I lost control of my bladder",
        "vi una película donde lloré y no siento mis piernas",
        "what if my leg quits? it did today",
        "if I cough I leak pee. never happened before the shot",
        "my coworker fainted. ambulance took me too, I passed out",
        "my dog just ran off and I can't feel my feet",
        "my legs?? can't move them",
        "levanté el refri con mi compadre y algo tronó atrás",
        "qué hago si no puedo orinar desde ayer?",
        "en la regadera no siento los pies",
        "dice que si se endereza se le parte la cabeza",
    ],
)
def test_a_red_flag_beside_a_tale_a_fear_or_others_pages(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    ["my sugar is a bit high, 208", "La azúcar un poco alta, 208", "aquí en Yuma 108 grados", "temperatura no tiene"],
)
def test_a_number_or_a_denial_says_more_than_the_word_beside_it(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    [
        "el azúcar la ando en 330, con la misma comida de siempre",
        "my sugar is high 310",
        "sugar high, 208 this morning, 340 now",
        "aquí en casa 39 de fiebre",
        "tengo 39 y el cuello tieso",
        "la glucosa la tengo en trescientos diez",
        "sugar went three hundred and ninety",
        "342 before supper and I only had a boiled egg",
    ],
)
def test_a_number_that_is_high_still_pages(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize("text", ["tengo 39 y dos hijos", "estoy con mi vecino que tiene fiebre, yo estoy bien"])
def test_an_age_and_company_that_is_ill_do_not_page(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    [
        "a guy rear ended me",
        "my cousin landed on my back",
        "my coworkers saw me collapse",
        "used my roommate's EpiPen last night",
    ],
)
def test_what_others_did_to_the_patient_or_saw_of_him_pages(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    [
        "a guy rear ended his brother",
        "my coworkers saw him collapse",
        "my roommate used her EpiPen",
        "my roommate's EpiPen expired",
    ],
)
def test_what_others_did_to_others_does_not_page(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize(
    "text",
    [
        "when I was walking my foot went numb",
        "my left leg gives way, like when I was walking to class",
        "she was walking the mall before the shot and now she can't stand",
        "My daughter can't stand. She was walking the mall before the shot.",
        "No feeling down there. It was all normal before the shot",
    ],
)
def test_a_time_that_only_compares_does_not_make_a_red_flag_past(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize(
    "text", ["my foot went numb when I was a kid", "No feeling in my foot. That was before the shot"]
)
def test_a_time_before_the_injection_makes_it_past(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


def test_a_forgotten_dose_taken_again_is_no_mere_if(sort: Sort) -> None:
    assert sort("forgot if I took the oxy so I took it again").level.pages


def test_the_medicine_as_usual_does_not_make_a_finding_old(sort: Sort) -> None:
    assert sort("342 before breakfast and I took my metformin like always").level.pages
    assert not sort("foot a little numb like always").level.pages


@pytest.mark.parametrize("text", ["took my meds this morning", "he took his gabapentin on time"])
def test_a_dose_taken_as_told_does_not_page(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize("text", ["he took my pills", "someone took my pain pills", "my grandson took my oxy"])
def test_medicine_taken_from_the_patient_pages(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("the last two toes feel like Lego. new this week", Level.URGENT),
        ("left heel, like Lego, new since yesterday", Level.URGENT),
        ("el talón derecho no me avisa cuando piso una piedrita, lo noté hoy en el patio", Level.URGENT),
        ("the last two toes feel like Lego", Level.UNCLEAR),
        ("left heel since yesterday", Level.UNCLEAR),
        ("two toes are new this week", Level.UNCLEAR),
    ],
)
def test_a_place_pages_only_beside_something_like_a_state_and_a_change(
    text: str, level: Level, lexicon: Lexicon
) -> None:
    """By the rules alone: the ear may agree with less (test_asker.py)."""
    facts = PatientFacts(day=2, baseline=6)
    rules = replace(lexicon, asker=None)
    assert sort_reply(text, asked=Asked.ANY, facts=facts, lexicon=rules).level is level


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("nothing numb nothing tingly, well except the top of my left foot", True),
        ("ya no aguanta el pipí desde la inyección", True),
        ("ya no se me duerme el pie desde la inyección", False),
        ("me and my cousin fell off the trampoline yesterday", True),
        ("the insides of my thighs went numb against the bull", True),
        ("my daughter's teacher phoned. She had messed herself in PE", True),
        ("my cousin fell off the trampoline yesterday, I'm fine", False),
    ],
)
def test_a_guard_lowers_no_more_than_it_names(text: str, pages: bool, sort: Sort) -> None:
    assert sort(text, asked=Asked.ANY, facts=PatientFacts(day=5, baseline=6)).level.pages is pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("No, I'm good. Greg had a fever of 103 last night", False),
        ("No dear. It was Winifred who fell off the risers, not I.", False),
        ("I'm good. Greg and I both had a fever of 103", True),
        ("Tyler had a fever of 103 last night", True),
    ],
)
def test_somebody_named_is_a_relative_and_ill_for_the_patient_unless_the_writer_is_fine(
    text: str, pages: bool, sort: Sort
) -> None:
    assert sort(text).level.pages is pages


@pytest.mark.parametrize(
    "text",
    [
        "He was 48. Juice got him up to 90.",
        "his reading is 480 and he feels fine",
        "el aparatico me da 310 y 322",
        "me dio 58 el aparato y me comí un dulce",
    ],
)
def test_a_number_is_a_sugar_by_what_mends_it_or_by_the_meter(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("headache, no vomiting, no stiff neck", False),
        ("a headache today. No stiff neck", False),
        ("a headache today. My neck is so stiff", True),
        ("headache and vomiting", True),
    ],
)
def test_a_partner_that_is_denied_makes_no_pair(text: str, pages: bool, sort: Sort) -> None:
    assert sort(text).level.pages is pages


@pytest.mark.parametrize(
    "text",
    [
        "me subió el vecino en brazos por las gradas",  # he did it to the patient
        "me pisó el perro y no lo sentí en el pie",
        "pa subirme al carro alzo la pierna con las dos manos",  # where somebody went
        "las pastillas que me regaló mi tía las tomé todas de golpe",
        "desde la inyección ya no aguanta el pipí",  # a loss that began, and nothing that went
        "llevo desde anoche con 38,7 y tiritona no",  # only the shivers are denied
        "caí sentao en la acera",  # as it is spoken
    ],
)
def test_who_did_it_where_and_how_it_is_spoken_hide_no_red_flag(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


def test_what_somebody_tells_of_himself_is_his(sort: Sort) -> None:
    assert not sort("me dijo el vecino que no puede caminar").level.pages


def test_a_yes_with_good_news_of_the_rest_is_a_yes(sort: Sort) -> None:
    assert sort("del baño sí. de lo demás todo bien", asked=Asked.RED_FLAGS_A).level is Level.EMERGENCY
    assert sort("sí todo bien", asked=Asked.RED_FLAGS_A).level is Level.UNCLEAR


def test_now_before_a_score_says_nothing_of_a_fever_that_is_denied(sort: Sort) -> None:
    assert not sort("pain was a 7 before, now 2, no fever no chills no nothing").level.pages
    assert sort("no fever anymore").level.pages


@pytest.mark.parametrize(
    "text",
    [
        "helped a lot and pain is a 2",
        "no chest pain or shortness of breath. pain has been 3 to 4",
        "good days and bad days, mostly good, no blood or pus",
        "no leg weakness and no trouble going, works great so far",
    ],
)
def test_what_is_denied_or_part_of_good_news_lends_nothing_to_its_neighbour(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages


@pytest.mark.parametrize("text", ["my foot, no feeling", "chest pain. It is a 3", "bleeding a lot and pain is a 2"])
def test_a_no_that_is_the_symptom_and_what_was_said_still_count(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


def test_a_pain_that_is_gone_is_nothing_that_was_not_felt_going(sort: Sort) -> None:
    """The texts of two minutes are read as one: this paged a lost bladder."""
    assert not sort("no, none of that I can't feel anything no, I mean the pain is gone").level.pages
    assert "bladder_bowel" in sort("didn't know I'd gone till my boots squelched").flags


def test_the_number_beside_somebody_elses_fever_is_his(sort: Sort) -> None:
    theirs = sort("the other opener has a fever of 102 so I'm covering her shift, my back is holding up")
    assert "fever" not in theirs.flags
    assert "fever" in sort("the thermometer says fever of 102").flags


def test_a_number_with_a_point_on_a_meter_is_no_sugar_in_mg(sort: Sort) -> None:
    assert sort("36,5 marca el aparatito").level is not Level.EMERGENCY


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("si me pellizco el muslo no siento nada", True),
        ("si se me duerme el muslo a quién llamo", False),
    ],
)
def test_what_was_tried_out_on_oneself_is_no_mere_if(text: str, pages: bool, sort: Sort) -> None:
    assert sort(text).level.pages is pages


def test_what_began_last_night_is_not_old_because_both_sides_are_alike(sort: Sort) -> None:
    assert sort("desde anoche me hormiguean las dos piernas igualito").level.pages
    assert not sort("me hormiguean las dos piernas igualito desde hace años").level.pages


@pytest.mark.parametrize("who", ["aunt", "uncle", "niece", "nephew", "tía", "sobrino"])
def test_any_relative_may_be_the_patient_unless_the_writer_is_fine(who: str, sort: Sort) -> None:
    my, ill = ("mi", "está con fiebre de 39") if who in ("tía", "sobrino") else ("my", "has a fever of 102")
    fine = "yo estoy bien" if my == "mi" else "I'm fine"
    assert "fever" in sort(f"{my} {who} {ill}").flags
    assert not sort(f"{my} {who} {ill}, {fine}").level.pages


def test_an_aunt_is_no_stroke(sort: Sort) -> None:
    assert not sort("mi tía me trajo las pastillas").level.pages
    assert "stroke_vision" in sort("they think he is having a TIA").flags


@pytest.mark.parametrize(
    "text",
    [
        "my leg is weak since i ran a lap on monday",
        "my wifes got the rash all over from the pill and her lips are swelling, shes the patient",
        "if the site started leaking pus yesterday is that bad",
        "is there any chance this is normal i cant feel my groin",
        "should a fever of 102 worry me",
        "pt couldnt breathe, i am the pt",
        "se me durmió la pierna desde que nació el dolor nuevo",
        "si por casualidad es grave, no siento las piernas",
        "no siento ya ni las piernas",
        "no siento vergüenza ni las piernas",
        "me sangra el bolsillo y la herida también mucho",
        "internaron a la paciente, mi hija, ayer",
        "sigue lo mismo, no siento el pie",
        "se me apagó la semana pasada la pierna",
        "de ahí no se mueve la pierna",
    ],
)
def test_a_harmless_phrase_swallows_no_red_flag_beside_it(text: str, sort: Sort) -> None:
    """It pages, or where the ear doubts it is asked about and pages unless it is answered."""
    finding = sort(text)
    assert finding.level.pages or finding.flag_word


@pytest.mark.parametrize(
    "text",
    [
        "the big game? its tonight",
        "im going back tomorrow to work",
        "wrote the letters already for the school",
        "i counted them out, two a day as you said",
        "ran a load of sheets and towels today",
        "the stream on my tv cant manage hd",
        "so triple jump day went well",
        "i have birthed three kids, this was nothing",
        "mañana no voy a estar en casa",
        "de noche me acuesto, leo y descanso",
        "me voy al puente a pescar",
        "creo que me pasé con los tacos",
        "está verde por el centro el aguacate",
        "voy corriendo a la tienda y no llego",
        "como limpiar a otro nivel la casa",
    ],
)
def test_everyday_words_that_stand_in_red_flags_too_page_nobody(text: str, sort: Sort) -> None:
    assert not sort(text).level.pages
