"""Changes of the choice along many lines: between two of them the named option is the best one."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.decision import choice_changes_of

SLOPES = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(-20, 20)).map(lambda pair: (pair[0] / 2, pair[1] / 2)),
    min_size=2,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SLOPES, min_size=1, max_size=4))
def test_between_changes_the_named_option_is_the_best(lines: list[list[tuple[float, float]]]) -> None:
    def benefit(asked: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        return {line: np.stack([start + slope * x for start, slope in lines[line]]) for line, x in asked.items()}

    points = {line: np.linspace(-7.3, 9.1, 129) for line in range(len(lines))}
    for line, changes in choice_changes_of(net_benefit=benefit, points=points).items():
        ends = [-7.3, *(change.value for change in changes), 9.1]
        names = [changes[0].below, *(change.above for change in changes)] if changes else [None]
        for (low, high), name in zip(pairwise(ends), names, strict=True):
            if high - low < 0.3:
                continue
            inside = np.linspace(low, high, 7)[1:-1]
            found = benefit({line: inside})[line]
            best = found.max(axis=0)
            if name is None:
                assert len(set(found.argmax(axis=0))) == 1 or np.ptp(found, axis=0).min() < 1e-9
            else:
                np.testing.assert_allclose(found[name], best, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(SLOPES, st.permutations(range(5)))
def test_the_order_of_the_options_changes_no_value(options: list[tuple[float, float]], order: list[int]) -> None:
    moved = [options[place] for place in order if place < len(options)]

    def values(rows: list[tuple[float, float]]) -> list[float]:
        [changes] = choice_changes_of(
            net_benefit=lambda asked: {0: np.stack([start + slope * asked[0] for start, slope in rows])},
            points={0: np.linspace(-7.3, 9.1, 129)},
        ).values()
        return [change.value for change in changes]

    np.testing.assert_allclose(values(moved), values(options), atol=1e-6)
