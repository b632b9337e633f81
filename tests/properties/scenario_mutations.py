"""Broken and hostile scenario texts, made from good ones: the same seed gives the same text."""

import random
from collections.abc import Callable

SMALL = """\
name: Small
start: 2027-01
horizon: 6 months
discount_rate: 8%
workload:
  requests_per_month: 20k to 200k
  growth: 2%
  tokens: {prompt: 600, output: 150}
task:
  kind: classification
  value_per_success: {low: 0.20, mode: 0.50, high: 1.50}
  cost_per_error: 0.80
  minimum_quality: 0.7
  pilot:
    - {labels: 0, quality: 0.71}
    - {labels: 200, quality: 0.80}
options:
  prompt: {model: openai/gpt-5-mini}
  rag: {extends: prompt, retrieval: {documents: 4k, tokens_per_document: 900, churn: 5%}}
policy: {warn_if: [best.cost.p90 > 120k]}
"""
NASTY = (
    "", "null", "~", "true", "no", "0", "-0", "-1", "1e308", "-1e308", "1e999", ".inf", "-.inf", ".nan", "1_0",
    "0x10", "0o7", "1e-320", "5%", "500%", "-5%", "20k to 200k", "200k to 20k", "a to b", "1 to", "to 1",
    "1 to 2 to 3", "-5 to 5", "0 to 0", "{}", "[]", "[[[[]]]]", "{a: b}", "{low: 1, high: 0}",
    "{low: 1, mode: 2, high: 3}", "{low: .nan, mode: 1, high: 2}", "{values: []}",
    "{values: [1, 2], weights: [0, 0]}", "{p5: 1, p50: 2, p95: 3}", "{value: {value: 1}}", "9" * 400, "9" * 5000,
    "x" * 3000, "'\\0'", "\"\\0\"", "\"\\ud800\"", "\"\\x1b[31m\"", "'<script>alert(1)</script>'", "'=cmd()'",
    "2027-01-01", "2027-13", "0000-00", "9999-99-99", "12:30:45", "2001-12-14t21:59:43.10-05:00",
    "!!python/object:os.system x", "!!binary aGk=", "!!set {a}", "!!float nan", "!!int x", "&a [*a]", "*nosuch",
    "<<", "? x", "- - -", "|", ">-", "@x", "`x", "%TAG", "'", "\"", "{", "[", "}", "]", "\u202e", "\ufeff", "é" * 50,
    "🙂", "../../etc/passwd", "/dev/zero", "openai/gpt-5-mini", "Qwen/Qwen3-8B", "H100", "every 0 months",
    "every 99999999999999999999 months", "economic", "36 months", "241 months", "0.5 years", "90 min",
    "1e400 to 2e400",
)  # fmt: skip
"""Values that have broken programs before."""
CONTROL = ("\t", "\0", "\x01", "\x7f", "\x85", "\u2028", "\ufeff", "\r", "\ufffe", "\ud7ff")
Mutator = Callable[[random.Random, str], str]


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _replace_value(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    places = [place for place, line in enumerate(lines) if ":" in line]
    if not places:
        return text
    place = rng.choice(places)
    key, _, _ = lines[place].partition(":")
    lines[place] = f"{key}: {rng.choice(NASTY)}"
    return "\n".join(lines)


def _replace_inside(rng: random.Random, text: str) -> str:
    """A value within a flow mapping."""
    starts = [place for place, sign in enumerate(text) if sign == ":" and text[place + 1 : place + 2] == " "]
    if not starts:
        return text
    start = rng.choice(starts) + 2
    end = min((found for sign in ",}\n" if (found := text.find(sign, start)) >= 0), default=len(text))
    return f"{text[:start]}{rng.choice(NASTY)}{text[end:]}"


def _drop_line(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def _repeat_line(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return "\n".join(lines)


def _indent(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    place = rng.randrange(len(lines))
    lines[place] = rng.choice([" ", "    ", "\t", ""]) + lines[place].lstrip()
    return "\n".join(lines)


def _control(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(CONTROL) + text[place:]


def _flip(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text)) if text else 0
    return text[:place] + chr(rng.randrange(32, 127)) + text[place + 1 :]


def _cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _misspell(rng: random.Random, text: str) -> str:
    keys = [line.strip().split(":")[0] for line in _lines(text) if ":" in line]
    key = rng.choice(keys) if keys else ""
    return text.replace(key, key[:-1], 1) if len(key) > 3 else text


def _windows(rng: random.Random, text: str) -> str:
    return rng.choice(["\ufeff", ""]) + text.replace("\n", rng.choice(["\r\n", "\r"]))


def _anchor(rng: random.Random, text: str) -> str:
    lines = _lines(text)
    place = rng.randrange(len(lines))
    lines[place] += rng.choice([" &a", " *a", " # x", " !!str", " <<: *a"])
    return "\n".join(lines)


def _more_documents(rng: random.Random, text: str) -> str:
    return text + rng.choice(["\n---\n", "\n...\nx", f"\n---\n{text}", "\n%YAML 1.1\n---\n"])


MUTATORS: tuple[Mutator, ...] = (
    *[_replace_value] * 2,
    *[_replace_inside] * 3,
    *(_drop_line, _repeat_line, _indent, _control, _flip, _cut, _misspell, _windows, _anchor, _more_documents),
)


def mutated(seed: int, text: str = SMALL) -> str:
    """A text with one to three changes."""
    rng = random.Random(seed)  # noqa: S311  # for tests, not for secrets
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        text = rng.choice(MUTATORS)(rng, text)
    return text


def hostile() -> dict[str, bytes]:
    """Files that try to take long, or much memory, or are no text at all."""
    laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    laughs += [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]" for i in range(20)]
    chain = "\n".join(f"k{i}: &k{i} {{<<: *k{i - 1}}}" if i else "k0: &k0 {a: b}" for i in range(3000))
    good = SMALL.encode()
    return {
        "billion laughs": "\n".join(laughs).encode(),
        "chain of merges": chain.encode(),
        "an anchor in itself": b"a: &a [*a]\n",
        "a mapping as its own key": b"&a {*a : 1}\n",
        "deep lists": b"[" * 50_000,
        "deep closed lists": b"[" * 5_000 + b"]" * 5_000,
        "deep mappings": b"".join(b" " * i + b"a:\n" for i in range(600)),
        "deep flow mappings": b"{a: " * 20_000,
        "many keys": b"\n".join(b"k%d: 1" % i for i in range(15_000)),
        "many questions": b"? " * 60_000,
        "many dashes": b"- " * 60_000,
        "many quotes": b"'" * 150_000,
        "many tags": b"!" * 150_000,
        "many anchors": b"&" * 150_000,
        "a huge scalar": b"name: " + b"x" * 190_000,
        "a huge number": good.replace(b"20k to 200k", b"9" * 150_000),
        "a huge power": good.replace(b"20k to 200k", b"1e99999999999"),
        "a huge octal number": good.replace(b"20k to 200k", b"0o" + b"7" * 100_000),
        "a huge sexagesimal number": good.replace(b"20k to 200k", b"1:" * 50_000 + b"1"),
        "a huge horizon": good.replace(b"6 months", b"9" * 30 + b" months"),
        "too large": b"#" * 300_000,
        "only comments": b"#\n" * 90_000,
        "only spaces": b" " * 190_000,
        "only tabs": b"\t" * 190_000,
        "zeros": b"\0" * 10_000,
        "no UTF-8": b"\xff\xfe\xfa" * 1000,
        "UTF-16": SMALL.encode("utf-16"),
        "half a sign": good + b"\xe2\x82",
        "surrogates": good.replace(b"Small", b'"\\ud800\\udfff"'),
        "empty": b"",
        "one mark": b"\xef\xbb\xbf",
        "a mark and a good file": b"\xef\xbb\xbf" + good,
        "Windows lines": good.replace(b"\n", b"\r\n"),
        "old Macintosh lines": good.replace(b"\n", b"\r"),
        "tabs for spaces": good.replace(b"  ", b"\t"),
        "a document after it": good + b"---\n" + good,
        "python tags": b"name: !!python/object/apply:os.system ['true']\n",
        "long condition": good.replace(b"best.cost.p90 > 120k", b"(" * 400 + b"1"),
        "block scalars": b"a: |\n" + b" x\n" * 60_000,
        "folded scalar": b"a: >\n" + b" x\n\n" * 40_000,
        "plain over many lines": b"a\n" * 90_000,
        "JSON": b'{"name": "x", "options": {}}',
    }
