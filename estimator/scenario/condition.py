"""Conditions of a policy, such as `best.cost.p90 > 120k and not best.eligible`: parsed, never executed as code."""

import re
from typing import Literal

from estimator.record import record
from estimator.scenario.number import parse_number

LONGEST = 500
"""Characters of a condition."""
DEEPEST = 20
"""Levels of parentheses, `not` and signs."""
Sign = Literal["<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "and", "or"]
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[%kKmMBGT]?(?![\w.%]))"
    r"|(?P<name>[A-Za-z][\w-]*(?:\.[\w-]+)*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/()]))",
    re.ASCII,
)
_WORDS = frozenset({"and", "or", "not"})
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_TRUTHS = frozenset({*_COMPARISONS, "and", "or"})


@record
class Number:
    """A number that was written."""

    value: float


@record
class Named:
    """A quantity of the result."""

    name: str


@record
class Not:
    """The opposite of a condition."""

    inner: "Node"


@record
class Minus:
    """A figure with its sign turned."""

    inner: "Node"


@record
class Pair:
    """Two sides joined by a sign."""

    sign: Sign
    left: "Node"
    right: "Node"


Node = Number | Named | Not | Minus | Pair


def parse_condition(text: str) -> Node:
    """A condition as a tree.

    Grammar, weakest first: `or`, `and`, `not`, one comparison (`< <= > >= == !=`), `+ -`, `* /`, a sign, and numbers
    (`120k`, `5%`, `1.5M`), names of quantities and parentheses. A minus between two names needs spaces around it.

    Raises:
        ValueError: the text is no condition; the message says where it ends to be one.

    >>> parse_condition("best.cost.p90 > 120k")
    Pair(sign='>', left=Named(name='best.cost.p90'), right=Number(value=120000.0))
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r:.60} is not a condition; give text such as best.cost.p90 > 120k")
    if len(text) > LONGEST:
        raise ValueError(f"a condition of {len(text)} characters is longer than {LONGEST}; split it into several")
    parser = _Parser(_tokens(text))
    found = parser.either(0)
    if parser.rest:
        raise ValueError(f"{parser.rest[0]!r:.40} is not expected in {text!r:.80}; join conditions by and, or")
    if not is_truth(found):
        raise ValueError(f"{text!r:.80} is an amount, not a condition; compare it, e.g. {text:.40} > 10k")
    return found


def names_in(node: Node) -> tuple[str, ...]:
    """Names of the quantities of a condition, each once, in the order in which they stand.

    >>> names_in(parse_condition("a.x > 1 or a.y > a.x"))
    ('a.x', 'a.y')
    """
    if isinstance(node, Named):
        return (node.name,)
    if isinstance(node, Number):
        return ()
    parts = (node.left, node.right) if isinstance(node, Pair) else (node.inner,)
    return tuple(dict.fromkeys(name for part in parts for name in names_in(part)))


def is_truth(node: Node) -> bool:
    """Whether a tree can be true or false; a name alone may be."""
    if isinstance(node, Pair):
        return node.sign in _TRUTHS
    return isinstance(node, Named | Not)


def is_figure(node: Node) -> bool:
    """Whether a tree can be a figure; a name alone may be."""
    if isinstance(node, Pair):
        return node.sign not in _TRUTHS
    return not isinstance(node, Not)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    clean = text.strip()
    if not clean:
        raise ValueError("a condition is empty; give text such as best.cost.p90 > 120k")
    while place < len(clean):
        match = _TOKEN.match(clean, place)
        if match is None:
            raise ValueError(
                f"{clean[place : place + 20]!r} cannot be read in the condition {clean!r:.80}; allowed are names, "
                "numbers such as 120k or 5%, < <= > >= == !=, + - * /, and, or, not, parentheses"
            )
        found.append(match[0].strip())
        place = match.end()
    return found


class _Parser:
    """Recursive descent over the words of a condition."""

    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens

    def either(self, depth: int) -> Node:
        """`a or b`."""
        node = self._both(depth)
        while self._take("or"):
            node = _truths("or", node, self._both(depth))
        return node

    def _both(self, depth: int) -> Node:
        node = self._opposite(depth)
        while self._take("and"):
            node = _truths("and", node, self._opposite(depth))
        return node

    def _opposite(self, depth: int) -> Node:
        if not self._take("not"):
            return self._comparison(depth)
        inner = self._opposite(_deeper(depth))
        if not is_truth(inner):
            raise ValueError("not stands before an amount; it turns a condition, e.g. not best.eligible")
        return Not(inner)

    def _comparison(self, depth: int) -> Node:
        left = self._sum(depth)
        for sign in _COMPARISONS:
            if self._take(sign):
                node = _figures(sign, left, self._sum(depth))
                if self.rest and self.rest[0] in _COMPARISONS:
                    raise ValueError("two comparisons stand in a row; join them by and")
                return node
        return left

    def _sum(self, depth: int) -> Node:
        node = self._product(depth)
        while sign := self._take("+") or self._take("-"):
            node = _figures(sign, node, self._product(depth))
        return node

    def _product(self, depth: int) -> Node:
        node = self._signed(depth)
        while sign := self._take("*") or self._take("/"):
            node = _figures(sign, node, self._signed(depth))
        return node

    def _signed(self, depth: int) -> Node:
        if not self._take("-"):
            return self._atom(depth)
        inner = self._signed(_deeper(depth))
        if not is_figure(inner):
            raise ValueError("a minus stands before a condition; it turns an amount")
        return Minus(inner)

    def _atom(self, depth: int) -> Node:
        if self._take("("):
            node = self.either(_deeper(depth))
            if not self._take(")"):
                raise ValueError("a parenthesis is not closed; add )")
            return node
        token = self.rest.pop(0) if self.rest else ""
        if token and (token[0].isdigit() or token[0] == "."):
            return Number(parse_number(token))
        if not token or not token[0].isalpha() or token in _WORDS:
            where = f"stands {token!r:.40}" if token else "the condition ends"
            raise ValueError(f"where a quantity or a number is expected, {where}; correct the condition")
        return Named(token)

    def _take(self, token: str) -> str:
        return self.rest.pop(0) if self.rest and self.rest[0] == token else ""


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise ValueError(f"a condition is nested deeper than {DEEPEST} levels; split it into several")
    return depth + 1


def _truths(sign: Literal["and", "or"], left: Node, right: Node) -> Node:
    if not (is_truth(left) and is_truth(right)):
        raise ValueError(f"{sign} joins conditions, and one side is an amount; compare it first")
    return Pair(sign, left, right)


def _figures(sign: str, left: Node, right: Node) -> Node:
    if not (is_figure(left) and is_figure(right)):
        raise ValueError(f"{sign} joins amounts, and one side is a condition; correct the condition")
    known: dict[str, Sign] = {
        "<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "!=": "!=", "+": "+", "-": "-", "*": "*", "/": "/",
    }  # fmt: skip
    return Pair(known[sign], left, right)
