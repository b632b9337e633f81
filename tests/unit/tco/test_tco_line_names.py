"""What every ledger line of the examples is called, counts and is booked as: exports and stored results rest on it."""

from pathlib import Path

from estimator import estimate, load

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
LINES = """
build.prompt | prompt engineering | build | hour | one_off | capex
build.retrieval | building retrieval | build | hour | one_off | capex
build.tuning | building the tuning pipeline | build | hour | one_off | capex
data.deduplication | removing copies and junk | data | project | one_off | capex
data.fees | platform fees | data | project | one_off | capex
data.gathering | gathering raw examples | data | project | one_off | capex
data.guidelines | labelling guidelines | data | project | one_off | capex
data.labelling | labelling | data | label | one_off | capex
data.redaction | removing personal data | data | project | one_off | capex
data.rejected | rejected labels made again | data | project | one_off | capex
data.review | review of labels | data | project | one_off | capex
data.tooling | labelling tools | data | project | one_off | capex
data.training | annotators learning them | data | project | one_off | capex
evaluation.checks | quality checks | evaluation | label | recurring | opex
evaluation.judge | judging by a model | evaluation | answer | recurring | opex
evaluation.on_call | engineers on call | evaluation | hour | recurring | opex
evaluation.retrieval | questions with known passages | evaluation | hour | one_off | capex
evaluation.set | evaluation set | evaluation | label | one_off | capex
evaluation.tooling | monitoring tools | evaluation | month | recurring | opex
inference.caching | prompt caching | inference | request | recurring | opex
inference.cold_starts | GPUs while they start | inference | replica-hour | recurring | opex
inference.few_shot | few-shot examples | inference | request | recurring | opex
inference.gpu | serving GPUs | inference | replica-hour | recurring | opex
inference.instructions | instructions | inference | request | recurring | opex
inference.output | answers | inference | request | recurring | opex
inference.overhead | network, storage, control plane | inference | replica-hour | recurring | opex
inference.prompt_saving | instructions a tuned model does not need | inference | replica-hour | recurring | opex
inference.reasoning | reasoning | inference | request | recurring | opex
inference.retries | retries | inference | replica-hour | recurring | opex
inference.retries | retries | inference | wrong answer | recurring | opex
inference.retrieved_context | retrieved passages in the prompt | inference | request | recurring | opex
inference.user_text | user text | inference | request | recurring | opex
migration.evaluation | evaluating the new base model | migration | move | recurring | opex
migration.forced | moving to another base model | migration | move | recurring | opex
operations.prompt | prompt maintenance | operations | hour | recurring | opex
operations.repairs | prompts repaired after a jump or a change of the provider | operations | jump | recurring | opex
operations.retrieval | operating retrieval | operations | hour | recurring | opex
operations.serving | operating own serving | operations | hour | recurring | opex
quality.escalations | wrong answers handed to people | quality | wrong answer | recurring | opex
retraining.compute | training runs | retraining | retraining | recurring | opex
retraining.evaluation | evaluation set refreshed | retraining | retraining | recurring | opex
retraining.jumps | retraining after a jump | retraining | jump | recurring | opex
retraining.labels | labels refreshed | retraining | retraining | recurring | opex
retraining.release | release of a retrained model | retraining | retraining | recurring | opex
retrieval.corpus | embedding the corpus | retrieval | corpus | one_off | opex
retrieval.disk | disk of index, text and payload | retrieval | month | recurring | opex
retrieval.index | memory of the index | retrieval | month | recurring | opex
retrieval.index_build | building the index | retrieval | corpus | one_off | opex
retrieval.question | embedding the question | retrieval | request | recurring | opex
retrieval.rebuild | second index while re-embedding | retrieval | month | recurring | opex
retrieval.reembed | full re-embeddings | retrieval | month | recurring | opex
retrieval.refresh | embedding changed and new documents | retrieval | month | recurring | opex
retrieval.reindex | building what has changed | retrieval | month | recurring | opex
training.kept_run | the training run that is kept | training | run | one_off | capex
training.other_runs | search and failed runs | training | run | one_off | capex
training.pretraining | pretraining from scratch | training | run | one_off | capex
"""
"""Key, label, category, unit, nature and treatment; the words are read by people, so a change is made here too."""


def test_lines_keep_their_names_units_and_books() -> None:
    found = {
        " | ".join((line.key, line.label, line.category, line.unit, line.nature, line.treatment))
        for path in EXAMPLES
        for option in estimate(load(path), draws=2).options.values()
        for line in option.ledger.lines
    }
    assert sorted(found) == LINES.strip().splitlines()
