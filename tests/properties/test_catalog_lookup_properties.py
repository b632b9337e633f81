"""What must hold for any dated series and any configuration file."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import Architecture, Row, architecture_from_config
from estimator.catalog.tables import in_force, series_of
from estimator.errors import CatalogError, NoPriceError

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
KEYS = (
    *("model_type", "hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size", "head_dim"),
    *("intermediate_size", "num_key_value_heads", "num_experts", "num_experts_per_tok", "sliding_window"),
    *("layer_types", "sliding_window_pattern", "max_window_layers", "text_config", "mlp_only_layers"),
)
INTERLEAVED = ("moe_layers", "moe_layer_freq", "decoder_sparse_step", "first_k_dense_replace")
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**13)
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3), max_size=3)
)


def row(start: date) -> Row:
    value = float(start.toordinal())
    return Row("x", "x", "USD", value, value, value, start, start, "source", "primary", "published")


@settings(max_examples=60, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=8, unique=True), DAYS)
def test_the_value_in_force_is_the_last_that_started(starts: list[date], on: date) -> None:
    series = series_of([row(start) for start in starts])["x"]
    begun = [start for start in starts if start <= on]
    try:
        found = in_force(series, on).valid_from
    except NoPriceError:
        assert not begun
    else:
        assert found == max(begun)
        assert in_force(series, found + timedelta(0)).valid_from == found


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from((*KEYS, *INTERLEAVED)), VALUES, max_size=len(KEYS)))
def test_any_configuration_gives_a_shape_or_a_clear_error(config: dict[str, object]) -> None:
    try:
        shape = architecture_from_config("any", config)
    except CatalogError:
        return
    assert isinstance(shape, Architecture)
    assert 0 <= shape.sliding_share <= 1
    assert min(shape.layers, shape.hidden, shape.heads, shape.head_dim, shape.vocab) >= 1


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 10**6), min_size=len(KEYS)))
def test_whole_numbers_always_give_a_shape(config: dict[str, int]) -> None:
    config["num_experts_per_tok"] = min(config["num_experts_per_tok"], config["num_experts"])
    shape = architecture_from_config("any", config)
    assert shape.hidden == config["hidden_size"]
