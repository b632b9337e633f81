"""What labels cost, from minutes and rates, by people or by a model."""

from estimator.record import record
from estimator.units import MINUTES_PER_HOUR, Value


@record(kw_only=True)
class AnnotationBill:
    """Where the money for labels goes, and the hours behind it."""

    labelling: Value
    """Pay of annotators, or tokens of a model that labels. [USD]"""
    fees: Value
    """Platform or vendor fees on the pay. [USD]"""
    rejected: Value
    """Labels that are paid, but thrown away and made again. [USD]"""
    review: Value
    """Labels read once more by a person. [USD]"""
    guidelines: Value
    training: Value
    """Annotators learning the guidelines. [USD]"""
    hours: Value
    """Annotation, review and adjudication by people. [h]"""
    adjudication: Value = 0.0
    """Items on which the votes disagree, settled by a person. [USD]"""
    tooling: Value = 0.0
    """Labelling software for the project. [USD]"""

    @property
    def per_label_parts(self) -> Value:
        """Parts that grow with the number of labels. [USD]"""
        return self.labelling + self.fees + self.rejected + self.review + self.adjudication

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.per_label_parts + self.guidelines + self.training + self.tooling


@record(kw_only=True)
class CollectionBill:
    """Raw examples: found, freed of copies, freed of personal data."""

    gathered: Value
    """Raw documents behind the examples that are kept. [count]"""
    gathering: Value
    deduplication: Value
    redaction: Value

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.gathering + self.deduplication + self.redaction


def annotation_usd(
    *,
    labels: Value,
    minutes: Value,
    usd_per_hour: Value,
    redundancy: Value = 1.0,
    fee_share: Value = 0.0,
    rejected_share: Value = 0.0,
    review_share: Value = 0.0,
    review_usd_per_hour: Value = 0.0,
    guideline_hours: Value = 0.0,
    guideline_usd_per_hour: Value = 0.0,
    training_hours: Value = 0.0,
    adjudicated_share: Value = 0.0,
    adjudication_usd_per_hour: Value = 0.0,
    tooling_usd: Value = 0.0,
) -> AnnotationBill:
    """Pay n·R·m/60·w, fees on it, rejected work made again, review, adjudication, guidelines, training, tooling.

    Args:
        labels: n, labels wanted. [count]
        minutes: m, minutes per label and vote. [minute]
        usd_per_hour: w, pay of an annotator. [USD/hour]
        redundancy: R, votes per label. [count]
        fee_share: Platform fee over pay. [1]
        rejected_share: Share of labels thrown away and made again. [1]
        review_share: Share of labels read once more. [1]
        review_usd_per_hour: Pay of a reviewer. [USD/hour]
        guideline_hours: Writing and testing the guidelines. [h]
        guideline_usd_per_hour: Pay of their author. [USD/hour]
        training_hours: Paid hours in which annotators learn them. [h]
        adjudicated_share: Share of labels on which votes disagree and a person decides. [1]
        adjudication_usd_per_hour: Pay of that person. [USD/hour]
        tooling_usd: Labelling software for the project. [USD]

    Returns:
        Itemised bill. [USD]

    Source: definition; SQuAD (4 minutes per paragraph at 9 USD) and CUAD (4 passes at 500 USD) as checks.

    >>> round(annotation_usd(labels=1, minutes=4, usd_per_hour=9).total, 2)
    0.6
    """
    hours = labels * redundancy * minutes / MINUTES_PER_HOUR
    pay = hours * usd_per_hour
    again = hours * rejected_share / (1.0 - rejected_share)
    once = labels * minutes / MINUTES_PER_HOUR
    return AnnotationBill(
        labelling=pay,
        fees=(pay + again * usd_per_hour) * fee_share,
        rejected=again * usd_per_hour,
        review=once * review_share * review_usd_per_hour,
        adjudication=once * adjudicated_share * adjudication_usd_per_hour,
        guidelines=guideline_hours * guideline_usd_per_hour,
        training=training_hours * usd_per_hour,
        tooling=tooling_usd,
        hours=hours + again + once * (review_share + adjudicated_share),
    )


def model_annotation_usd(
    *,
    labels: Value,
    usd_per_label: Value,
    votes: Value = 1.0,
    rejected_share: Value = 0.0,
    audit_share: Value = 0.0,
    audit_minutes: Value = 0.0,
    audit_usd_per_hour: Value = 0.0,
    guideline_hours: Value = 0.0,
    guideline_usd_per_hour: Value = 0.0,
    tooling_usd: Value = 0.0,
) -> AnnotationBill:
    """Labels or whole examples by a model with a human audit: n R c/(1 − r) + n s m/60 w + guidelines + tooling.

    Args:
        labels: n, labels that are kept. [count]
        usd_per_label: c, tokens of one label. [USD/label]
        votes: R, times the model is asked per label. [count]
        rejected_share: r, share filtered out and made again. [1]
        audit_share: s, share read by a person. [1]
        audit_minutes: m, minutes per audited label. [minute]
        audit_usd_per_hour: w. [USD/hour]
        guideline_hours: Writing and testing the labelling prompt. [h]
        guideline_usd_per_hour: Pay of its author. [USD/hour]
        tooling_usd: Labelling software for the project. [USD]

    Returns:
        Itemised bill. [USD]

    Source: definition; RLAIF (Lee et al. 2023, appendix L): 830 + 61 tokens, both orders, 0.06 USD.

    >>> gpt4 = (830 * 0.03 + 61 * 0.06) / 1000
    >>> round(model_annotation_usd(labels=1, usd_per_label=gpt4, votes=2).total, 2)
    0.06
    """
    tokens = labels * votes * usd_per_label
    hours = labels * audit_share * audit_minutes / MINUTES_PER_HOUR
    return AnnotationBill(
        labelling=tokens,
        fees=0.0 * tokens,
        rejected=tokens * rejected_share / (1.0 - rejected_share),
        review=hours * audit_usd_per_hour,
        guidelines=guideline_hours * guideline_usd_per_hour,
        training=0.0 * tokens,
        tooling=tooling_usd,
        hours=hours,
    )


def llm_labelling_usd(
    *, labels: Value, usd_per_label: Value, audit_share: Value, audit_minutes: Value, audit_usd_per_hour: Value
) -> Value:
    """Labels by a model with a human audit, without set-up: n (c + s · m/60 · w).

    Args:
        labels: n. [count]
        usd_per_label: c, tokens of one label. [USD/label]
        audit_share: s, share read by a person. [1]
        audit_minutes: m, minutes per audited label. [minute]
        audit_usd_per_hour: w. [USD/hour]

    Returns:
        Cost. [USD]

    Source: `model_annotation_usd`; price per label as in Gilardi et al. 2023, arXiv:2303.15056.

    >>> round(llm_labelling_usd(labels=1000, usd_per_label=0.003, audit_share=0.1, audit_minutes=1.0,
    ...                         audit_usd_per_hour=30.0), 6)
    53.0
    """
    return model_annotation_usd(
        labels=labels,
        usd_per_label=usd_per_label,
        audit_share=audit_share,
        audit_minutes=audit_minutes,
        audit_usd_per_hour=audit_usd_per_hour,
    ).total


def collection_bill(
    *,
    examples: Value,
    kept_share: Value,
    gather_minutes: Value,
    deduplicate_usd: Value,
    redact_minutes: Value,
    usd_per_hour: Value,
) -> CollectionBill:
    """Raw documents d = n/k: gathering d m_g/60 w, removing copies d c_d, redacting the kept n m_r/60 w.

    Args:
        examples: n, examples that are kept. [count]
        kept_share: k, share of gathered documents that survive deduplication and filters. [1]
        gather_minutes: m_g, minutes to find and export one document. [minute]
        deduplicate_usd: c_d, machine cost per document. [USD]
        redact_minutes: m_r, minutes to remove personal data from one kept example. [minute]
        usd_per_hour: w. [USD/hour]

    Returns:
        Itemised bill. [USD]

    Source: definition.

    >>> collection_bill(examples=600, kept_share=0.5, gather_minutes=0.5, deduplicate_usd=0.01, redact_minutes=1.0,
    ...                 usd_per_hour=60.0).total
    1212.0
    """
    gathered = examples / kept_share
    return CollectionBill(
        gathered=gathered,
        gathering=gathered * gather_minutes / MINUTES_PER_HOUR * usd_per_hour,
        deduplication=gathered * deduplicate_usd,
        redaction=examples * redact_minutes / MINUTES_PER_HOUR * usd_per_hour,
    )


def project_weeks(
    *, hours: Value, annotators: Value, hours_per_week: Value, guideline_hours: Value, training_hours: Value
) -> Value:
    """Calendar time: guidelines first by one full-time author, then training and labelling side by side by all.

    weeks = g/40 + (t + h)/(A u)

    Args:
        hours: h, labelling, review and adjudication. [h]
        annotators: A, people who label at the same time. [count]
        hours_per_week: u, hours each of them gives. [h/week]
        guideline_hours: g. [h]
        training_hours: t, paid training of all annotators together. [h]

    Returns:
        Weeks from start to the last label. [week]

    Source: definition.

    >>> project_weeks(hours=300.0, annotators=5.0, hours_per_week=20.0, guideline_hours=40.0, training_hours=50.0)
    4.5
    """
    return guideline_hours / FULL_TIME_HOURS + (training_hours + hours) / (annotators * hours_per_week)


FULL_TIME_HOURS = 40.0
"""A full working week. [h]"""
