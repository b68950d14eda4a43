"""A red flag and its harmless near miss, word beside word: what the one is learnt from must not hide the other."""

from __future__ import annotations

import pytest

from bot.triage.text import tokens_of
from bot.vocabulary import Asked, Level

from .conftest import Sort

PAIRS = [
    ("mi hija tiene 39 de fiebre", "39 soles me cobraron en la farmacia por las gasas"),
    ("mi papá me pega cuando no entreno", "mi compañera tiene gripe, ¿se me pega?"),
    ("la pierna derecha la siento débil", "el café de la oficina está bien débil, es lo único débil por acá"),
    ("tomé café y me siento débil de la pierna", "el café está débil"),
    ("both my legs are numb", "nope, neither"),
    ("I think it's a heart attack", "Fridays here are a heart attack on a spreadsheet"),
    ("got pushed off the ladder yesterday", "gotta reschedule, dads load got pushed to monday"),
    ("no siento cuando me limpio", "el doctor un amor, ni sentí el piquete"),
    ("nearly fainted when I stood up", "near fainted at the price of it"),
    ("Very nearly fainted at the counter", "nearly fainted laughing at my grandson"),
    ("las 2 piernas adormesidas xq sera", "el brazo adormecido desde hace años, igual"),
    ("my grandson has hives. His back is fine", "Grandson broke out in hives from strawberries. My back behaves"),
    (
        "a mi esposo le dio una embolia anoche",
        "a mi suegra le dio una embolia anoche, ando cuidándola. mi cintura va bien",
    ),
    ("so glad to be with the girls. her foot slaps the floor", "the girls are happy. her teacher slaps the table"),
    ("it's killing me", "the deposition prep is killing me, my back is fine"),
    ("both legs are killing me since the shot", "quarter end is killing me but the back is behaving"),
    ("I pee before I make it to the toilet", "peed twice before warmup like a racehorse"),
    ("can't feel my left foot any more", "can't feel that old ache any more"),
    ("didn't feel a thing when I wiped", "didn't feel a thing in my back"),
    ("my toe has been numb since '09 but now it's up to the knee", "toe's been numb since '09, no change"),
    ("only thing numb is my left foot", "only thing numb is my brain"),
    ("my legs went out from under me", "ladders all day, legs are under me"),
    ("can't get my legs under me", "no signal out on the lake, legs still under me"),
    ("got chills and a stiff neck after the concert", "got chills when the choir hit that last chord"),
    ("I've had chills since choir practice", "that chord gave me the chills"),
    ("up since Tuesday, three nights no sleep, cleaning everything", "bunged up since the tablets, day 3"),
    ("the toe trips on every rug", "is a trip to the coast ok"),
    ("yellow discharge on the bandage", "loved the discharge nurse"),
    ("there's a boil on the needle spot", "lobster boil on the beach tonight"),
    ("seeing zigzags in one eye", "every cut is zigzag"),
    ("what do I do, my foot went numb tonight", "what would i do if my foot went numb at night? it hasn't"),
    ("I fell hard on the ice", "fell hard for a girl at the feed store"),
    ("goose egg on my back", "a goose egg on the scoreboard"),
    ("negative covid test but a fever of 101", "negative fever, negative numbness"),
    ("neither of my legs works", "neither of us is numb"),
    ("hives all over after the pill", "moved eleven hives this morning, no stings"),
    ("crawled to the bathroom", "crawled under the sink and fixed it"),
    ("half my face is down", "half the office is out with fevers, I'm fine"),
    ("no puedo orinar ni gota", "ni gota de pus"),
    ("como si me durmiera la pierna desde ayer", "y si en la noche no pudiera orinar, a dónde voy"),
    ("tengo escalofríos", "qué escalofrío de gol"),
    ("tripped 3 times this week, thats not me", "a tourist tripped on the step, thats not me"),
    ("I leaked all over the dispatch chair", "I leak when I sneeze, ever since the twins, no different now"),
    ("I'm holding onto the racks to get across the bakery", "on hold with your front desk for an hour"),
    ("hears her coach yelling when nobody's there", "kids been screaming since five, im numb to it now"),
    ("se me quedó dormido el pie", "me quedé dormida y llegué tarde a la primaria"),
    ("la pierna me pesa como un costal", "¿puedo cargar a mi chamaca? pesa unos 15 kilos"),
    ("way worse than it was before the shot", "worse before the shot, fine now"),
    ("BASTA de mensajes, tengo la pantorrilla dormida y nadie contesta", "está dormida, luego contesta"),
    ("se me fue la boca de lado", "duermo de lado"),
    ("tengo como un barril apoyado en el pecho", "tengo un barril de vino en la bodega"),
    ("lost controll of my bowles on the way home", "lost control of the remote"),
    ("I have zero strength in my foot", "zero weakness, did calf raises on both sides"),
    ("went to the ER last night", "went to the ER last spring for my back, not once since you did the shot"),
    ("still numb, no change since the shot", "numb since '09, no change since the shot"),
    ("se me paralizó la pierna", "me quedé paralizada viendo la novela"),
    ("me tomé dos veces la dosis", "se la tomé dos veces, 37.1 y 36.9"),
    ("fever last night. 98.6 now", "I think I have a fever? thermometer says 98.6"),
    ("My groin has gone numb since the injection.", "the numbness has gone since the injection"),
    ("me pegué un castañazo en la pista", "un cardenal del tamaño de una castaña"),
]


@pytest.mark.parametrize(("grave", "harmless"), PAIRS)
def test_only_the_red_flag_pages(grave: str, harmless: str, sort: Sort) -> None:
    assert sort(grave).level.pages
    assert not sort(harmless).level.pages


@pytest.mark.parametrize(
    "text", ["no. he has been riding his bike all day", "she is climbing the fridge", "I did the stairs whistling"]
)
def test_a_statement_that_begins_like_a_yes_is_none(text: str, sort: Sort) -> None:
    assert not sort(text, asked=Asked.RED_FLAGS).level.pages


@pytest.mark.parametrize("text", ["he has", "she does", "I am", "he has, a little", "we do"])
def test_a_yes_of_two_words_is_one(text: str, sort: Sort) -> None:
    assert sort(text, asked=Asked.RED_FLAGS).level.pages


def test_a_year_may_be_written_short() -> None:
    assert {"2009", "1998"} <= {each.word for each in tokens_of("the '09 wreck, ‘98 too")}
    assert not any(each.word in ("1998", "2009", "2011") for each in tokens_of("rock'98 '09er 5'11"))


def test_a_short_year_is_quoted_as_typed() -> None:
    text = "since the '09 wreck"
    year = next(each for each in tokens_of(text) if each.word == "2009")
    assert text[year.start : year.end] == "09"


@pytest.mark.parametrize("text", ["99.3 with tylenol", "37.4 con paracetamol"])
def test_a_fever_medicine_makes_a_number_near_the_threshold_a_question(text: str, sort: Sort) -> None:
    finding = sort(text)
    assert finding.level is Level.UNCLEAR
    assert finding.flag_word


@pytest.mark.parametrize("text", ["98.6 took tylenol at noon for my back", "99.3, no tylenol taken"])
def test_a_healthy_number_is_none(text: str, sort: Sort) -> None:
    assert not sort(text).flag_word


def test_what_is_named_and_old_is_no_yes(sort: Sort) -> None:
    old = sort("Only the two toes that froze in '98, they've been dead ever since, no different", asked=Asked.RED_FLAGS)
    new = sort("Only the two toes, dead since Monday", asked=Asked.RED_FLAGS)
    said = sort("Yes. Only the two toes that froze in '98, no different", asked=Asked.RED_FLAGS)
    assert not old.level.pages
    assert new.level.pages
    assert said.level.pages


@pytest.mark.parametrize(
    ("text", "pain"),
    [
        ("6, and I started out at a 3", 6),
        ("7, y eso que arranqué en 4", 7),
        ("eight i suppose, god forgive me", 8),
        ("uno de diez", 1),
        ("one of ten", 1),
    ],
)
def test_the_score_of_now_is_told_from_that_of_then(text: str, pain: int, sort: Sort) -> None:
    assert sort(text, asked=Asked.PAIN).pain == pain


@pytest.mark.parametrize(
    "text",
    [
        "my son can't walk since last night. Back feels great!",
        "mi hijo no puede caminar desde anoche. La espalda mucho mejor",
        "nana cant move the left side of her face. His back is great",
        "my daughter has a fever. I feel good",
        "mi hija se desmayó en la escuela and my back is so much better",
        "mi esposo tiene escalofríos desde la inyección. Yo bien",
    ],
)
def test_a_relative_who_may_be_the_patient_is_nobody_else(text: str, sort: Sort) -> None:
    assert sort(text).level.pages


def test_the_writers_own_back_does(sort: Sort) -> None:
    assert not sort("my grandma had chills all night. My own back is great").level.pages


@pytest.mark.parametrize(
    "text",
    [
        "half of my face is hanging in the mirror",
        "38,6 antes de entrar al turno",
        "his legs r to week to stand up",
        "ALTO ya no me escriban, llevo dos días orinándome sin querer",
        "mom sees little men on the curtains since that steroid",
        "passing gas and not feeling it at all",
        "lo llevamos al baño cargado entre dos",
        "Perdió el control de esfínteres ayer en la tarde",
        "desde anoche nada de orina, nadita sale",
        "type 1 here, been sat at 15.2 all afternoon",
        "pienso en tirarme al río y que me lleve",
        "Very nearly fainted at the counter",
        "no foot dragging until today",
        "neither leg is weak until today",
        "site isn't red or swollen until today",
        "la pierna no me ha fallado hasta hoy",
        "nunca más me he caído hasta hoy",
        "veo borroso sin lentes desde la inyección, antes no",
        "mi hijo tomó café y está débil de las piernas",
    ],
)
def test_red_flags_that_passed_in_silence_page(text: str, sort: Sort) -> None:
    """Of r58 to r65 and of a look through the idioms: said plainly and swallowed by one, or known to no list."""
    assert sort(text).level.pages
