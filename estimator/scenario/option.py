"""One way to do the task: a base model, plus prompt recipe, retrieval, tuning and a way of serving."""

from typing import Annotated, Literal

from pydantic import Field

from estimator.scenario.annotation import Annotation, Collection
from estimator.scenario.fields import (
    Count,
    Hours,
    HoursPerMonth,
    Months,
    Name,
    Part,
    Ratio,
    Share,
    SomeCount,
    SomeTokens,
    Tokens,
    Usd,
    UsdPerHour,
    UsdPerMonth,
    UsdPerMtok,
)
from estimator.scenario.quantity import Limits, Quantity
from estimator.scenario.retrieval import Retrieval
from estimator.scenario.stages import Stage
from estimator.scenario.upkeep import Upkeep


class Prompt(Part):
    """How the model is prompted."""

    technique: Literal["zero_shot", "few_shot", "chain_of_thought"] | None = None
    """few_shot where few_shot_tokens is given, else zero_shot."""
    few_shot_tokens: Tokens | None = None
    """Tokens of worked examples sent with every request."""
    reasoning_tokens: Tokens | None = None
    """Tokens the model writes while thinking, paid as output."""
    few_shot_gain: Share | None = None
    """Share of the behaviour error that few-shot examples remove."""
    chain_of_thought_gain: Share | None = None
    """Share of the behaviour error that step-by-step reasoning removes."""
    cache_hit_rate: Share | None = None
    """Share of requests that find the fixed prefix in the provider's cache."""
    build_hours: Hours | None = None
    """Prompt engineering before launch."""
    maintain_hours: HoursPerMonth | None = None
    """Prompt maintenance."""


class OwnedGpu(Part):
    """A GPU that is bought, not rented."""

    purchase_usd: Usd | None = None
    """Price of one device with its share of the server."""
    life_months: Months | None = None
    """Months until a bought GPU is written off."""
    utilisation: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Share of the hours of its life in which it does paid work."""
    usd_per_kwh: Usd | None = None
    """Price of electricity; that of the catalog where not given."""
    pue: Ratio | None = None
    """Power of the site over that of its machines; that of the catalog where not given."""
    hosting_usd_per_month: UsdPerMonth | None = None
    """Rack space and hands for one bought GPU."""
    devices: int | None = Field(default=None, ge=1, le=64)
    """GPUs bought, in one server; up to 8 where not given."""


class Tuning(Part):
    """Change the weights."""

    method: Literal["full", "lora", "qlora", "dora", "managed"] | None = None
    """full, an adapter (lora, qlora, dora), or managed: tuned and served by the provider of a hosted model."""
    labels: SomeCount | None = None
    """Training examples labelled for the first run."""
    annotation: Annotation = Annotation()
    synthetic_labels: Count | None = None
    """Generated training examples."""
    synthetic_value: Share | None = None
    """Worth of a generated example in human ones."""
    synthetic_usd: Usd | None = None
    """Cost of one generated example."""
    collection: Collection = Collection()
    tokens_per_example: SomeTokens | None = None
    """Tokens of one training example; prompt plus output where not given."""
    epochs: SomeCount | None = None
    """Passes over the training data."""
    runs: SomeCount | None = None
    """Full-size runs until the keeper: search, failures, repeats."""
    rank: SomeCount | None = None
    """LoRA rank."""
    targets: str = "all-linear"
    """Layers that carry adapters: all-linear, attention, or one module such as q_proj."""
    optimizer: Literal["adamw", "adamw_fused", "adamw_8bit", "paged_adamw", "paged_adamw_8bit", "sgd", "adafactor"] = (
        "adamw_fused"
    )
    """Optimizer; its states are part of the memory."""
    global_batch: SomeCount | None = None
    """Sequences per optimizer step."""
    length_spread: Annotated[Quantity, Limits("ratio", least=1, most=3.8)] | None = None
    """95 % quantile of the example lengths over their mean."""
    max_tokens: SomeTokens | None = None
    """Longer examples are cut to this length; the model's window where not given."""
    packing: bool = False
    """Several examples share a row, instead of being padded to the longest of their batch."""
    padding_waste: Annotated[Quantity, Limits("share", least=0, most=0.99)] | None = None
    """Share of processed tokens that are padding; derived from the lengths where not given."""
    time_error: Ratio | None = None
    """Measured over predicted training time."""
    startup_hours: Hours | None = None
    """Booking, image, weights, data before the first step."""
    evaluation_share: Share | None = None
    """Time in evaluation over time in training; derived from the evaluation set where not given."""
    evaluations: Count | None = None
    """Passes over the evaluation set during a run; one after each epoch where not given."""
    evaluation_labels: Count | None = None
    """Evaluation set labelled before launch."""
    build_hours: Hours | None = None
    """Engineering to set up data pipeline, training and evaluation."""
    instructions_dropped: Share | None = None
    """Share of the fixed instructions that a tuned model no longer needs."""
    knowledge_learned: Share | None = None
    """Share of missing facts that tuning teaches."""
    unknown_fact_errors: Share | None = None
    """Wrong answers that tuning on facts the model did not know adds, per fact learned."""
    forgetting: Share | None = None
    """Quality lost on requests unlike the training examples; more for full tuning than for adapters."""
    lora_penalty: Share | None = None
    """Error added when an adapter is twice over its capacity."""
    quantization_penalty: Share | None = None
    """Error added by training on a 4-bit base."""
    retrieval_interaction: Annotated[Quantity, Limits("share", least=-1, most=1)] | None = None
    """Change in quality when tuning and retrieval meet."""
    gpu: str | None = None
    """Train on this GPU only; the cheapest that fits where not given."""
    provider: str | None = None
    """Rent from this provider only; the cheapest where not given."""
    term: Literal["on_demand", "spot", "any"] = "on_demand"
    """How GPUs are rented; with any the cheaper of the two is taken, interruptions counted."""
    spot_interruptions: Annotated[Quantity, Limits("count per month", least=0, most=1e4)] | None = None
    """Evictions of one spot instance per month of running."""
    checkpoint_hours: Annotated[Quantity, Limits("hours", above=0, most=1e4)] | None = None
    """Training time between checkpoints; the interval that loses least where not given."""
    owned: OwnedGpu | None = None
    usd_per_mtok: UsdPerMtok | None = None
    """Price of managed training; looked up where not given."""


class Serving(Part):
    """Where answers are computed."""

    mode: Literal["api", "self_hosted", "managed"] | None = None
    """api for hosted models, self_hosted for open weights where not given."""
    gpu: str | None = None
    """GPU of every replica; H100-80GB where not given."""
    gpus: int | None = Field(default=None, ge=1, le=64)
    """GPUs per replica; the fewest that hold the model where not given."""
    provider: str | None = None
    """Rent from this provider only; the cheapest where not given."""
    precision: Literal["bf16", "fp16", "fp8", "int8", "w8a16", "int4", "fp4"] = "bf16"
    """Of the weights."""
    kv_precision: Literal["bf16", "fp16", "fp8", "int8", "fp4"] | None = None
    """Of the cache; what the engine does by default where not given."""
    engine: str = "vllm"
    """Engine, with a release behind @ where it is not the newest, e.g. vllm@0.6."""
    minimum_replicas: int = Field(default=1, ge=0, le=10_000)
    """Replicas that are always up."""
    autoscale: bool = False
    """Replicas come and go with the load over the hours of profile."""
    profile: Literal["office", "office-week", "consumer", "flat"] = "office"
    """Load over the hours that autoscaled replicas follow."""
    cold_start_seconds: Annotated[Quantity, Limits("seconds", least=0, most=1e5)] | None = None
    """From starting a replica to its first request."""
    usable_share: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Usable share of saturated throughput under uneven load."""
    peak_to_mean: Annotated[Quantity, Limits("ratio", least=1, most=1e3)] | None = None
    """Peak over mean load."""
    cloud_overhead: Share | None = None
    """Network, storage, control plane on top of GPU hours."""
    throughput_error: Ratio | None = None
    """Measured over predicted throughput."""
    lora_throughput: Annotated[Quantity, Limits("share", above=0, most=1)] | None = None
    """Throughput with unmerged adapters over without."""
    merged_adapter: bool = True
    """The adapter is merged into the weights; false when several share one base."""
    adapters: int = Field(default=1, ge=1, le=10_000)
    """Adapters that share the base where they are not merged."""
    operations_hours: HoursPerMonth | None = None
    """Labour to run own serving."""
    usd_per_gpu_hour: UsdPerHour | None = None
    """Price of a GPU, such as a negotiated one; that of the catalog where not given."""
    owned: OwnedGpu | None = None
    input_usd_per_mtok: UsdPerMtok | None = None
    """Price of tokens read, such as a negotiated one; that of the catalog where not given."""
    output_usd_per_mtok: UsdPerMtok | None = None
    """Price of tokens written, such as a negotiated one; that of the catalog where not given."""
    hosting_usd_per_hour: UsdPerHour | None = None
    """Of an endpoint, also when idle; the vendor's row for managed tuning where not given."""
    import_units: int | None = Field(default=None, ge=1, le=1000)
    """Units of an imported model that are billed by the hour while requests come, and scale to zero."""
    batch_share: Share | None = None
    """Share of the requests that can wait for the provider's batch endpoint."""
    batch_discount: Share | None = None
    """Discount of the batch endpoint on all tokens."""
    region_surcharge: Share | None = None
    """What a chosen region costs on top of the list price of tokens."""
    price_path: Literal["pinned", "switching"] = "pinned"
    """pinned: the model keeps its list price; switching: equal capability is bought anew every switch_months."""
    switch_months: Months | None = None
    """Months between two moves to a cheaper model of equal capability."""


class Pretraining(Part):
    """Train the same base model from scratch: a comparison, never a recommendation."""

    tokens: Annotated[Quantity, Limits("tokens", above=0, most=1e15)] | None = None
    """Training tokens; those its makers published, else 20 per parameter, where not given."""


class Option(Part):
    """One way to do the task: a base model, plus what is added to it."""

    extends: Name | None = None
    """Start from another option of this file and change only what is written here."""
    model: Name | None = None
    """A catalog name or a path to a Hugging Face config.json."""
    launch_month: int | None = Field(default=None, ge=0, le=239)
    """Months after start at which it goes live: until then it answers nobody and runs up no running cost."""
    prompt: Prompt | None = None
    retrieval: Retrieval | None = None
    tuning: Tuning | None = None
    pretraining: Pretraining | None = None
    serving: Serving | None = None
    upkeep: Upkeep | None = None
    region: Name | None = None
    """Where all its data is processed; GPUs are rented there. An area (eu), a country (de) or a region of a cloud."""
    quality: Share | None = None
    """Measured share of correct answers; beats the quality model."""
    start_error: Share | None = None
    """Error of this option's prompted base model, where it differs from the task's."""
    stages: tuple[Stage, ...] | None = None
    """A staged plan instead of an option of its own: other options one after the other."""
    switching_usd: Usd | None = None
    """Cost of each move of a staged plan; upkeep.migration_hours of an engineer where not given."""


REQUIRED = (
    "retrieval.documents",
    "retrieval.tokens_per_document",
    "tuning.method",
    "tuning.labels",
    "tuning.owned.purchase_usd",
    "serving.owned.purchase_usd",
)
"""Keys that a section needs once everything it extends is filled in."""


def missing_keys(option: Option) -> list[str]:
    """Required keys that a composed option does not have although it has their section."""
    missing = []
    for key in REQUIRED:
        *sections, leaf = key.split(".")
        part: Part | None = option
        for section in sections:
            part = getattr(part, section) if part is not None else None
        if part is not None and getattr(part, leaf) is None:
            missing.append(key)
    return missing
