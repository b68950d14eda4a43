"""Learns config/network.npz from labelled replies; it needs what requirements-train.txt names:
python scripts/train_network.py CORPUS.jsonl ... [--fresh CORPUS.jsonl ...] [--into DIRECTORY]

The network itself: bot/triage/network.py. It learns from what scripts/train_asker.py learns from, a reply at a time as
the rules see it and at other times without the marks that they left, without some words, without all concepts: what the
rules have learnt by heart they find better than anything new.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.network import BUCKETS, load_network, save_network
from bot.triage.network import REACHES, Network, bucket, pieces
from scripts.train_asker import CONFIG, UNMARKED, Example, cost, in_company, read_corpora

ROUNDS, BATCH, RATE, DECAY, SEED = 5, 128, 2e-3, 0.02, 1
WORDS, PIECES, CONCEPTS, MARKS = 56, 14, 8, 24  # of a text, of a word, of a word, of a text
WIDE, DEEP, HEADS, LAST = 64, 96, 4, 64
COMPANY = 0.4  # so many replies again, in pairs
LOST_WORD, LOST_CONCEPT, NO_CONCEPTS, NO_MARKS = 0.15, 0.1, 0.15, 0.5

Weights = dict[str, Any]


class Batch(NamedTuple):
    """Rows of the tables, 0 for nothing: by text and word, and by piece, concept or mark where there are several."""

    words: Any
    pieces: Any
    concepts: Any
    marks: Any


def table(examples: list[Example], *, marked: bool) -> Batch:
    """Every reply as rows of the tables."""
    count = len(examples)
    words = np.zeros((count, WORDS), np.int32)
    parts = np.zeros((count, WORDS, PIECES), np.int32)
    concepts = np.zeros((count, WORDS, CONCEPTS), np.int32)
    marks = np.zeros((count, MARKS), np.int32)
    for row, example in enumerate(examples):
        for at, word in enumerate(example.heard.words[:WORDS]):
            cut = pieces(word)
            words[row, at] = bucket("words", word)
            parts[row, at, : len(cut)] = cut
        beside: list[list[int]] = [[] for _ in range(WORDS)]
        for name, start, end in sorted(example.heard.concepts, key=lambda each: each[2] - each[1]):
            for at in range(start, min(end, WORDS)):
                beside[at].append(bucket("concepts", name))
        for at, found in enumerate(beside):
            concepts[row, at, : len(found[:CONCEPTS])] = found[:CONCEPTS]
        said = [mark for mark in sorted(example.heard.marks) if marked or mark.startswith(UNMARKED)][:MARKS]
        marks[row, : len(said)] = [bucket("marks", mark) for mark in said]
    return Batch(words, parts, concepts, marks)


def initial(key: Any) -> Weights:
    """Small random weights."""
    keys = iter(jax.random.split(key, 16))
    sizes = {
        "mix_words": (2 * WIDE, DEEP),
        "mix_concepts": (WIDE, DEEP),
        "layers": (len(REACHES), 3 * DEEP, DEEP),
        "attend": (DEEP, HEADS),
        "hidden": ((HEADS + 2) * DEEP, LAST),
        "out": (LAST,),
    }
    weights = {
        name: jax.random.normal(next(keys), size) * size[-2 if len(size) > 1 else 0] ** -0.5
        for name, size in sizes.items()
    }
    weights["mix_words"] *= 0.8
    weights["mix_concepts"] *= 0.6
    deep = {"words": WIDE, "pieces": WIDE, "concepts": WIDE, "marks": DEEP}
    tables = {name: jax.random.normal(next(keys), (BUCKETS[name], width)) * 0.1 for name, width in deep.items()}
    biases = {
        "mix_bias": jnp.zeros(DEEP),
        "layers_bias": jnp.zeros((len(REACHES), DEEP)),
        "hidden_bias": jnp.zeros(LAST),
        "out_bias": jnp.zeros(()),
    }
    return {**weights, **tables, **biases}


def logits(weights: Weights, batch: Batch, key: Any = None) -> Any:
    """As `Network.logit`, for many replies; with a key, some of what it hears is lost."""
    lose, keys = _losing(key)
    words, concepts = batch.words, batch.concepts
    if key is not None:
        words = jnp.where(jax.random.bernoulli(next(keys), LOST_WORD, words.shape), 0, words)
        gone = jax.random.bernoulli(next(keys), LOST_CONCEPT, concepts.shape)
        gone |= jax.random.bernoulli(next(keys), NO_CONCEPTS, (len(concepts), 1, 1))
        concepts = jnp.where(gone, 0, concepts)
    is_word = (batch.words > 0)[..., None]
    cut = (batch.pieces > 0).sum(2)[..., None]
    parts = _rows(weights["pieces"], batch.pieces).sum(2) / jnp.maximum(cut, 1) ** 0.5
    spoken = lose(jnp.concatenate([_rows(weights["words"], words), parts], -1), 0.3) @ weights["mix_words"]
    found = lose(_rows(weights["concepts"], concepts).sum(2), 0.3) @ weights["mix_concepts"]
    state = jax.nn.gelu(spoken + found + weights["mix_bias"]) * is_word
    for number, reach in enumerate(REACHES):
        near = jnp.pad(state, ((0, 0), (reach, reach), (0, 0)))
        beside = jnp.concatenate([near[:, : -2 * reach], state, near[:, 2 * reach :]], -1)
        told = jax.nn.gelu(beside @ weights["layers"][number] + weights["layers_bias"][number])
        state = (state + lose(told, 0.2)) * is_word
    attention = jax.nn.softmax(jnp.where(is_word, state @ weights["attend"], -1e9), 1)
    most = jnp.where(is_word, state, -1e9).max(1)
    heard = _rows(weights["marks"], batch.marks).sum(1)
    both = jnp.concatenate([most, jnp.einsum("btd,bth->bhd", state, attention).reshape(len(state), -1), heard], -1)
    last = jax.nn.gelu(lose(both, 0.4) @ weights["hidden"] + weights["hidden_bias"])
    return lose(last, 0.3) @ weights["out"] + weights["out_bias"]


def _rows(table: Any, at: Any) -> Any:
    return table[at] * (at > 0)[..., None]


def _losing(key: Any) -> tuple[Callable[[Any, float], Any], Any]:
    """Dropout while learning, nothing otherwise."""
    if key is None:
        return (lambda values, _: values), None
    keys = iter(jax.random.split(key, 16))

    def lose(values: Any, share: float) -> Any:
        kept = jax.random.bernoulli(next(keys), 1 - share, values.shape)
        return jnp.where(kept, values / (1 - share), 0)

    return lose, keys


def learn(examples: list[Example]) -> Weights:
    """Weights by name; a false page and a silent red flag cost more, as in `train_asker.learn`."""
    examples = [each for each in examples if each.heard.words]
    full, bare = table(examples, marked=True), table(examples, marked=False)
    pages = np.array([each.pages for each in examples], np.float32)
    costs = np.array([cost(each) for each in examples], np.float32)
    steps = ROUNDS * (len(examples) // BATCH)
    rate = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=DECAY))
    key = jax.random.PRNGKey(SEED)
    weights = initial(key)
    state = optimizer.init(weights)

    def loss(weights: Weights, batch: Batch, pages: Any, costs: Any, key: Any) -> Any:
        wrong = optax.sigmoid_binary_cross_entropy(logits(weights, batch, key), pages)
        return (costs * wrong).sum() / costs.sum()

    def step(weights: Weights, state: Any, batch: Batch, pages: Any, costs: Any, key: Any) -> tuple[Weights, Any, Any]:
        lost, slope = jax.value_and_grad(loss)(weights, batch, pages, costs, key)
        updates, state = optimizer.update(slope, state, weights)
        return optax.apply_updates(weights, updates), state, lost

    take = jax.jit(step)
    chance = np.random.default_rng(SEED)
    for number in range(ROUNDS):
        order, total = chance.permutation(len(examples)), 0.0
        for begin in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[begin : begin + BATCH]
            marks = np.where(chance.random((BATCH, 1)) < NO_MARKS, bare.marks[rows], full.marks[rows])
            batch = Batch(full.words[rows], full.pieces[rows], full.concepts[rows], marks)
            key, now = jax.random.split(key)
            weights, state, lost = take(weights, state, batch, pages[rows], costs[rows], now)
            total += float(lost)
        print(f"round {number + 1} of {ROUNDS}: {total / (len(order) // BATCH):.4f}", flush=True)
    return {name: np.asarray(value) for name, value in weights.items()}


def check(weights: Weights, network: Network, examples: list[Example]) -> None:
    """What the bot will hear is what was learnt.

    :raises SystemExit: it is not.
    """
    learnt = np.asarray(logits(weights, table(examples, marked=True)))
    heard = np.array([network.logit(each.heard.words, each.heard.concepts, each.heard.marks) for each in examples])
    apart = np.abs(learnt - heard)
    print(
        f"heard and learnt are {np.median(apart):.4f} apart, for the worst of a hundred {np.quantile(apart, 0.99):.2f}"
    )
    if np.median(apart) > 0.05:
        raise SystemExit("bot/triage/network.py does not hear what this script learns: nothing of it can be used")


def main() -> None:
    """Learn and write."""
    given = sys.argv[1:]
    target = CONFIG
    if "--into" in given:
        at = given.index("--into")
        target = Path(given[at + 1])
        del given[at : at + 2]
    examples = read_corpora(given)
    weights = learn([*examples, *in_company(examples, COMPANY)])
    save_network(target, weights)
    check(weights, Network(load_network(target)), [each for each in examples if each.heard.words][:500])
    print(f"{len(examples)} replies, {target / 'network.npz'}")


if __name__ == "__main__":
    main()
