"""How much memory does training need, where does it fit, and what would make it fit?"""

from typing import Any

import streamlit as st

from estimator.catalog import load_catalog
from estimator.dashboard import state
from estimator.dashboard.parts import chart, heading, text_table
from estimator.dashboard.words import escaped
from estimator.errors import EstimatorError
from estimator.fitting import MemoryAnswer, memory_of
from estimator.report.memory import counters_table, devices_table, items_table, ladder_table, memory_title, needs, ways
from estimator.report.memory_figures import Bar, memory_bars
from estimator.results import Estimate

METHODS = {"full": "Full", "lora": "LoRA", "qlora": "QLoRA", "dora": "DoRA"}
CHECKPOINTING = ("full", "none", "selective", "offloaded")
LOSSES = ("eager", "fused_kernel", "chunked", "fused_linear")
OPTIMIZERS = ("adamw_fused", "adamw", "adamw_8bit", "paged_adamw_8bit", "adafactor", "sgd")
SHARDINGS = ("fsdp", "zero3", "zero2", "zero1", "ddp", "layer_split")
START_MODEL, START_GPU = "meta-llama/Llama-3.1-8B", "H100-SXM5-80GB"


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="How much memory does training need, and where does it fit?")
    _options(result)
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
