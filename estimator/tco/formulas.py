"""How each ledger line is made, in words, and from which inputs: what `estimator explain` tells.

Prices are those of the first month; where a line has an escalation, its money is this times the price index.
"""

from fnmatch import fnmatchcase

from estimator.errors import UnknownNameError
from estimator.record import record
from estimator.tco.staging import JOIN

_VOLUME = ("workload.requests_per_month", "workload.growth", "workload.ramp_*")
_TOKENS = ("workload.tokens.*", "token/*", "managed/*", "serving.*_usd_per_mtok", "serving.batch_*", "serving.region_*")
_QUALITY = ("task.*", "model.*", "upkeep.drift", "upkeep.prompted_drift", "upkeep.jump*")
_OWN = ("gpu/*", "serving.peak_to_mean", "serving.usable_share", "serving.throughput_error", "serving.usd_per_gpu_hour")
_RUN = ("gpu/*", "managed/*", "tuning.*", "pretraining.*", "infrastructure/*", "training.*", "workload.tokens.*")
_LABELS = (
    "tuning.labels",
    "tuning.annotation.*",
    "labeller/*",
    "rate/*",
    "labour/*",
    "project/*",
    "vendor/*",
    "task/*",
)
_SET = ("*.evaluation_labels", "tuning.annotation.minutes", "rate/*", "labour/*")
_CORPUS = ("retrieval.documents", "retrieval.tokens_per_document", "retrieval.chunk_tokens", "retrieval.overlap_tokens")
_INDEX = (*_CORPUS, "retrieval.dimensions", "retrieval.links", "retrieval.lists", "retrieval.*_usd_per_*", "vector*/*")


@record
class Formula:
    """How one ledger line is made."""

    text: str
    """The equation in words."""
    inputs: tuple[str, ...]
    """Patterns of the keys of its direct inputs, without the name of the option."""
    shares: tuple[str, ...] = ()
    """Keys of shares that its unit price holds: of what is counted, only that part is paid."""

    def uses(self, key: str) -> bool:
        """Whether an input of that key, without the name of an option, goes directly into the line."""
        return any(fnmatchcase(key, pattern) for pattern in self.inputs)


def _tokens(which: str) -> Formula:
    text = f"requests of the month × {which} per request × price per token (× batch discount and regional surcharge)"
    return Formula(text, (*_VOLUME, *_TOKENS))


_PROJECT = "before launch, once: "
FORMULAS: dict[str, Formula] = {
    "data.labelling": Formula(_PROJECT + "labels × votes per label × minutes per label × hourly rate", _LABELS),
    "data.gathering": Formula(
        _PROJECT + "raw examples (labels / share kept) × minutes to gather one × hourly rate",
        ("tuning.labels", "tuning.collection.*", "labour/*"),
    ),
    "data.deduplication": Formula(
        _PROJECT + "raw examples × price of removing copies and junk", ("tuning.labels", "tuning.collection.*")
    ),
    "data.redaction": Formula(
        _PROJECT + "labels × minutes to redact one kept example × hourly rate",
        ("tuning.labels", "tuning.collection.*", "labour/*"),
    ),
    "data.fees": Formula(_PROJECT + "pay of the annotators × fee of the platform", _LABELS),
    "data.rejected": Formula(_PROJECT + "cost of labelling × share rejected / (1 − share rejected)", _LABELS),
    "data.review": Formula(_PROJECT + "labels × share reviewed × minutes of a review × reviewer's rate", _LABELS),
    "data.adjudication": Formula(_PROJECT + "labels that the votes dispute × minutes per label × hourly rate", _LABELS),
    "data.guidelines": Formula(_PROJECT + "hours to write the guidelines × hourly rate", _LABELS),
    "data.training": Formula(_PROJECT + "hours of all annotators to learn the guidelines × hourly rate", _LABELS),
    "data.tooling": Formula(_PROJECT + "price of labelling tools for the time of the project", _LABELS),
    "data.synthetic": Formula(
        _PROJECT + "generated examples × tokens of one × price per token",
        ("tuning.synthetic_*", "token/*", "workload.tokens.*"),
    ),
    "build.prompt": Formula(
        "hours to write the prompt × engineer's hourly cost", ("prompt.build_hours", "labour/ml_*")
    ),
    "build.retrieval": Formula(
        "hours to build retrieval × engineer's hourly cost", ("retrieval.build_hours", "labour/ml_*")
    ),
    "build.tuning": Formula(
        "hours to build the pipeline × engineer's hourly cost", ("tuning.build_hours", "labour/ml_*")
    ),
    "training.kept_run": Formula("one run: hours × GPUs × rent per GPU-hour, or tokens × price per token", _RUN),
    "training.other_runs": Formula("(runs − 1) × price of a run", _RUN),
    "training.pretraining": Formula("6 × parameters × tokens / achieved FLOP/s of a GPU × rent per GPU-hour", _RUN),
    "inference.instructions": _tokens("tokens of instructions"),
    "inference.user_text": _tokens("tokens of the user's text"),
    "inference.few_shot": Formula(_tokens("tokens of examples").text, (*_VOLUME, *_TOKENS, "prompt.few_shot_tokens")),
    "inference.retrieved_context": Formula(
        _tokens("tokens of retrieved passages").text,
        (*_VOLUME, *_TOKENS, "retrieval.chunks_in_prompt", "retrieval.chunk_tokens"),
    ),
    "inference.prompt_saving": Formula(
        "− requests × instructions that tuning makes needless × price per token; on own GPUs the replica-hours saved",
        (*_VOLUME, *_TOKENS, *_OWN, "tuning.instructions_dropped"),
    ),
    "inference.caching": Formula(
        "requests × tokens of the shared prefix × (hit rate × cached price + misses × write price − price of input)",
        (*_VOLUME, *_TOKENS, "prompt.cache_hit_rate", "prompt.few_shot_tokens"),
    ),
    "inference.output": _tokens("tokens of the answer"),
    "inference.reasoning": Formula(
        _tokens("tokens of reasoning").text, (*_VOLUME, *_TOKENS, "prompt.reasoning_tokens")
    ),
    "inference.retries": Formula(
        "wrong answers × share asked again × price of a request; on own GPUs the replica-hours of it",
        (*_VOLUME, *_TOKENS, *_OWN, "task.retry_share"),
    ),
    "inference.hosting": Formula("hours of a month × hourly price of the endpoint", ("managed/*", "serving.hosting*")),
    "inference.repricing": Formula(
        "requests and retries × price of a request × (price path of equal capability − 1)",
        (*_VOLUME, *_TOKENS, "task.retry_share", "trend/*", "serving.switch_months"),
    ),
    "inference.switching": Formula(
        "moves to a cheaper model × hours of a migration × engineer's hourly cost",
        ("serving.switch_months", "upkeep.migration_hours", "labour/ml_*"),
    ),
    "inference.gpu": Formula(
        "replicas (peak requests per second / (rate of a replica × usable share), rounded up) × hours of a month "
        "× rent of a replica-hour",
        (*_VOLUME, *_OWN, "workload.tokens.*"),
    ),
    "inference.cold_starts": Formula(
        "starts of replicas as load rises and falls × seconds of a start × rent of a replica-hour",
        (*_VOLUME, *_OWN, "serving.cold_start_seconds"),
    ),
    "inference.overhead": Formula(
        "all replica-hours × rent × overhead for network, storage, control plane",
        (*_VOLUME, *_OWN, "serving.cloud_overhead"),
    ),
    "operations.prompt": Formula("hours a month × engineer's hourly cost", ("prompt.maintain_hours", "labour/ml_*")),
    "operations.retrieval": Formula(
        "hours a month × engineer's hourly cost", ("retrieval.operations_hours", "labour/ml_*")
    ),
    "operations.serving": Formula(
        "hours a month × engineer's hourly cost", ("serving.operations_hours", "labour/ml_*")
    ),
    "operations.repairs": Formula(
        "jumps and provider changes a month that no retraining answers × hours of a repair × engineer's hourly cost",
        ("upkeep.jumps_per_year", "upkeep.provider_changes_per_year", "upkeep.repair_hours", "labour/ml_*"),
    ),
    "evaluation.set": Formula("items × minutes to label one × judge's hourly rate", _SET),
    "evaluation.retrieval": Formula("hours × hourly cost of a tester", ("retrieval.evaluation_hours", "labour/qa")),
    "evaluation.checks": Formula(
        "checks a month × labels per check × minutes of a label × hourly rate",
        ("upkeep.checks_per_month", "upkeep.labels_per_check", "upkeep.minutes_per_check_label", "labour/*", "rate/*"),
    ),
    "evaluation.judge": Formula(
        "answers judged a month × price of a judgement", ("upkeep.judged_answers", "upkeep.judge_usd_per_answer")
    ),
    "evaluation.tooling": Formula("price of monitoring tools a month", ("upkeep.tooling_usd_per_month",)),
    "evaluation.on_call": Formula(
        "hours on call a month (share of a full-time engineer) × hourly cost", ("upkeep.on_call_share", "labour/ml_*")
    ),
    "retraining.labels": Formula(
        "retrainings × share of labels refreshed × labels × price of a label",
        ("upkeep.refresh_labels", "upkeep.drift", *_LABELS),
    ),
    "retraining.compute": Formula("retrainings × price of a run", ("upkeep.drift", *_RUN)),
    "retraining.evaluation": Formula(
        "retrainings × share refreshed × evaluation set × price of a label", ("upkeep.refresh_labels", *_SET)
    ),
    "retraining.release": Formula(
        "retrainings × hours of a release × engineer's hourly cost", ("upkeep.release_hours", "labour/ml_*")
    ),
    "retraining.jumps": Formula(
        "jumps a month while the platform trains × price of one retraining (labels, run, evaluation set, release)",
        ("upkeep.jumps_per_year", "upkeep.refresh_labels", "upkeep.release_hours", *_LABELS, *_RUN),
    ),
    "migration.forced": Formula(
        "forced moves × hours of a migration × engineer's hourly cost",
        ("upkeep.migration_hours", "upkeep.model_life_months", "labour/ml_*"),
    ),
    "migration.stage": Formula(
        "moves of a staged plan × cost of a move, else hours of a migration × engineer's hourly cost",
        ("switching_usd", "upkeep.migration_hours", "labour/ml_*"),
    ),
    "migration.evaluation": Formula(
        "forced moves × evaluation set × minutes to label one × judge's hourly rate",
        ("upkeep.model_life_months", *_SET),
    ),
    "migration.retraining": Formula(
        "forced moves × price of one retraining without its evaluation set",
        ("upkeep.model_life_months", "upkeep.refresh_labels", "upkeep.release_hours", *_LABELS, *_RUN),
    ),
    "migration.embedding": Formula(
        "moves of the embedding model × price of embedding the corpus", ("embedding/*", *_CORPUS)
    ),
    "quality.escalations": Formula(
        "wrong answers × share caught × cost of handing one to a person",
        (*_VOLUME, *_QUALITY),
        shares=("task.escalation_share",),
    ),
    "value.correct": Formula("correct answers × value of one", (*_VOLUME, *_QUALITY)),
    "value.escalated": Formula("wrong answers × share caught × value of a correct one", (*_VOLUME, *_QUALITY)),
    "value.errors": Formula("− wrong answers × (1 − share caught) × cost of an error", (*_VOLUME, *_QUALITY)),
}
_RETRIEVAL: dict[str, Formula] = {
    "corpus": Formula("tokens of all chunks × price of embedding a token", ("embedding/*", *_CORPUS)),
    "refresh": Formula(
        "tokens of changed and new documents a month × price of embedding a token",
        ("embedding/*", "retrieval.churn", "retrieval.new_documents", "retrieval.refresh_days", *_CORPUS),
    ),
    "reembed": Formula(
        "tokens of all chunks × price of embedding a token / months between re-embeddings",
        ("embedding/*", "retrieval.reembed_months", *_CORPUS),
    ),
    "question": Formula(
        "tokens of the question × price of embedding a token", ("embedding/*", "workload.tokens.prompt")
    ),
    "rerank": Formula("price of reranking the candidates of a question", ("retrieval.rerank*", "rerank/*")),
}
_OTHER_RETRIEVAL = Formula(
    "size or work of the index (documents, chunks, dimensions, links, copies) × price of its unit",
    (*_INDEX, "retrieval.*", "gpu/*", "infrastructure/*"),
)


def formula_of(line: str) -> Formula:
    """How a ledger line is made.

    Args:
        line: Key of the line. [text]

    Returns:
        Its formula. [text]

    Raises:
        UnknownNameError: no line has that key.

    Source: the functions of `costs.py` and `answering.py`.

    >>> formula_of("operations.prompt").text
    "hours a month × engineer's hourly cost"
    """
    line = line.partition(JOIN)[0]
    if line in FORMULAS:
        return FORMULAS[line]
    room, _, item = line.partition(".")
    if room == "retrieval" and item:
        return _RETRIEVAL.get(item, _OTHER_RETRIEVAL)
    raise UnknownNameError("ledger line", line, FORMULAS)
