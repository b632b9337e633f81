"""How much memory does training need, where does it fit, and what would make it fit?"""

from typing import Any

import streamlit as st

from estimator.catalog import load_catalog
from estimator.dashboard import computed, state
from estimator.dashboard.parts import chart, heading, text_table
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.fitting import MemoryAnswer, memory_of
from estimator.report.memory import counters_table, devices_table, items_table, ladder_table, memory_title, needs, ways
from estimator.report.memory_figures import Bar, memory_bars
from estimator.report.plans import considered_table
from estimator.report.retrieval import index_size_figure
from estimator.report.serving import latency_figure
from estimator.report.training_figures import price_against_time, time_of_a_run
from estimator.results import Estimate
from estimator.serving import OwnAnswer
from estimator.units import central

METHODS = {"full": "Full", "lora": "LoRA", "qlora": "QLoRA", "dora": "DoRA"}
CHECKPOINTING = ("full", "none", "selective", "offloaded")
LOSSES = ("eager", "fused_kernel", "chunked", "fused_linear")
OPTIMIZERS = ("adamw_fused", "adamw", "adamw_8bit", "paged_adamw_8bit", "adafactor", "sgd")
SHARDINGS = ("fsdp", "zero3", "zero2", "zero1", "ddp", "layer_split")
START_MODEL, START_GPU = "meta-llama/Llama-3.1-8B", "H100-SXM5-80GB"


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="What hardware does training, serving and retrieval need?")
    _options(result)
    _training(result)
    _serving(result)
    _index(result)
    st.subheader("Size a run", anchor=False)
    _run(result)


def _options(result: Estimate) -> None:
    """The options of the scenario, each with the plan it is trained by."""
    sizings = {name: option.sizing for name, option in result.options.items()}
    bars = tuple(
        Bar(name, sizing.peak, sizing.fit)
        for name, sizing in sizings.items()
        if sizing is not None and sizing.peak is not None and sizing.fit is not None
    )
    if bars:
        chart(memory_bars(bars, title="Options of the scenario, as they are trained"), key="sizing-options")
    else:
        st.info("No option of this scenario is trained on a GPU of its own.", icon=":material/info:")


@st.fragment
def _training(result: Estimate) -> None:
    """Hardware that was considered for an option, and where the hours of a run go."""
    plans = {
        name: (option.sizing.plan, option.sizing.run)
        for name, option in result.options.items()
        if option.sizing is not None and option.sizing.plan is not None and option.sizing.run is not None
    }
    if not plans:
        return
    st.subheader("How an option is trained", anchor=False)
    name = st.selectbox("Trained option", list(plans), key=f"sizing-plan@{state.revision()}")
    plan, run = plans[name]
    left, right = st.columns(2)
    with left:
        chart(price_against_time(plan), key="sizing-price")
    with right:
        chart(time_of_a_run(run), key="sizing-hours")
    with st.expander("Hardware considered", icon=":material/table:"):
        text_table(considered_table(plan))


@st.fragment
def _serving(result: Estimate) -> None:
    """One replica under load."""
    own = [
        name
        for name, option in result.options.items()
        if option.parts is not None and isinstance(option.parts.money.answer, OwnAnswer)
    ]
    if not own:
        return
    st.subheader("How fast an own replica answers", anchor=False)
    name = st.selectbox("Option on own replicas", own, key=f"sizing-serving@{state.revision()}")
    try:
        plan = computed.serving(state.text(), name)
    except EstimatorError as error:
        st.info(escaped(error), icon=":material/info:")
        return
    if plan is not None:
        chart(latency_figure(plan), key="sizing-latency")


@st.fragment
def _index(result: Estimate) -> None:
    """Size of the index of an option that retrieves."""
    parts = {name: option.parts.money for name, option in result.options.items() if option.parts is not None}
    bills = {name: (money.option, money.retrieval) for name, money in parts.items() if money.retrieval is not None}
    if not bills:
        return
    st.subheader("How large the index is", anchor=False)
    name = st.selectbox("Option with retrieval", list(bills), key=f"sizing-index-option@{state.revision()}")
    inputs, bill = bills[name]
    figure = index_size_figure(
        vectors=central(bill.vectors),
        dimensions=central(inputs["retrieval.dimensions"]),
        links=central(inputs["retrieval.links"]),
    )
    chart(figure, key="sizing-index")


@st.fragment
def _run(result: Estimate) -> None:
    """One run, every method beside it, and the ladder where it does not fit."""
    method, choices = _asked(result)
    try:
        answers = {name: _answer(name, choices) for name in METHODS}
    except EstimatorError as error:
        st.error(escaped(error), icon=":material/error:")
        return
    answer = answers[method]
    with st.container(border=True, key="sizing-verdict"):
        first = answer.places[0]
        st.badge(
            "Fits" if first.fit.fits else "Does not fit",
            icon=":material/check_circle:" if first.fit.fits else ":material/cancel:",
            color="green" if first.fit.fits else "red",
        )
        st.markdown(escaped(needs(answer)))
        st.caption(escaped(memory_title(answer)))
    bars = tuple(Bar(METHODS[name], item.peak, item.places[0].fit) for name, item in answers.items())
    chart(memory_bars(bars, title=f"Methods on {first.accelerator.name}"), key="sizing-methods")
    _ladder(answer)
    left, right = st.columns(2)
    with left:
        text_table(items_table(answer))
    with right:
        text_table(counters_table(answer))
    with st.expander("Every GPU of the catalog", icon=":material/memory:"):
        text_table(devices_table(_answer(method, {**choices, "all_gpus": True})))
    for text in answer.warnings:
        st.warning(escaped(text), icon=":material/warning:")


def _ladder(answer: MemoryAnswer) -> None:
    if answer.ladder is None:
        return
    text_table(ladder_table(answer.ladder))
    for text in ways(answer.ladder):
        st.markdown(f"- {escaped(text)}")
    st.caption(
        "Saves: less memory than the run as asked, the change on its own. Device time: GPU hours per token against the "
        "run as asked. With those above: all changes down to this one."
    )


def _asked(result: Estimate) -> tuple[str, dict[str, Any]]:
    """Method and choices of the form."""
    catalog = load_catalog()
    models, gpus = catalog.architectures(), catalog.accelerators()
    tuned = [item.model for item in result.options.values() if item.model in models and item.sizing is not None]
    start = tuned[0] if tuned else START_MODEL
    with st.container(horizontal=True):
        model = st.selectbox("Model", models, index=models.index(start), key=f"sizing-model@{state.revision()}")
        gpu = st.selectbox("GPU", gpus, index=gpus.index(START_GPU), key="sizing-gpu")
        method = st.selectbox("Method", list(METHODS), index=1, format_func=METHODS.__getitem__, key="sizing-method")
    with st.container(horizontal=True):
        micro_batch = st.number_input("Micro-batch", 1, 65_536, 4, key="sizing-micro-batch")
        seq_len = st.number_input("Tokens of the longest sequence", 1, 10_000_000, 2048, key="sizing-seq-len")
        count = st.number_input("GPUs", 1, 1024, 1, key="sizing-gpus")
        rank = st.number_input("LoRA rank", 1, 4096, 16, key="sizing-rank")
    with st.container(horizontal=True):
        checkpointing = st.selectbox("Gradient checkpointing", CHECKPOINTING, key="sizing-checkpointing")
        optimizer = st.selectbox("Optimizer", OPTIMIZERS, key="sizing-optimizer")
        loss = st.selectbox("Loss", LOSSES, key="sizing-loss")
        sharding = st.selectbox("Sharding", SHARDINGS, key="sizing-sharding", disabled=count == 1)
    choices = {
        "model": model,
        "gpu": gpu,
        "micro_batch": micro_batch,
        "seq_len": seq_len,
        "gpus": count,
        "rank": rank,
        "checkpointing": checkpointing,
        "optimizer": optimizer,
        "cross_entropy": loss,
        **({"sharding": sharding} if count > 1 else {}),
    }
    return method, choices


def _answer(method: str, choices: dict[str, Any]) -> MemoryAnswer:
    """The answer for one method; full fine-tuning has no rank."""
    given = {name: value for name, value in choices.items() if name != "rank" or method != "full"}
    return _computed(tuple(given.items()), method)


@st.cache_resource(max_entries=64, show_spinner=False)
def _computed(given: tuple[tuple[str, Any], ...], method: str) -> MemoryAnswer:
    """Answers are frozen, so sessions may share them."""
    choices = dict(given)
    return memory_of(choices.pop("model"), method=method, **choices)


if __name__ == "__main__":
    page()
