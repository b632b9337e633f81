"""What labels cost, from minutes and rates."""

from dataclasses import dataclass

from estimator.units import MINUTES_PER_HOUR, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationBill:
    """Where the money for labels goes, and the hours behind it."""

    labelling: Value
    fees: Value
    """Platform or vendor fees on the pay. [USD]"""
    rejected: Value
    """Labels that are paid, but thrown away and made again. [USD]"""
    review: Value
    guidelines: Value
    training: Value
    """Annotators learning the guidelines. [USD]"""
    hours: Value
    """Annotation and review. [h]"""

    @property
    def per_label_parts(self) -> Value:
        """Parts that grow with the number of labels. [USD]"""
        return self.labelling + self.fees + self.rejected + self.review

    @property
    def total(self) -> Value:
        """Sum of the parts. [USD]"""
        return self.per_label_parts + self.guidelines + self.training


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
) -> AnnotationBill:
    """Pay n·R·m/60·w, fees on it, rejected work made again, review of a share, guidelines, annotator training.

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

    Returns:
        Itemised bill. [USD]

    Source: definition; SQuAD (4 minutes per paragraph at 9 USD) and CUAD (4 passes at 500 USD) as checks.

    >>> round(annotation_usd(labels=1, minutes=4, usd_per_hour=9).total, 2)
    0.6
    """
    hours = labels * redundancy * minutes / MINUTES_PER_HOUR
    pay = hours * usd_per_hour
    again = hours * rejected_share / (1.0 - rejected_share)
    reading = labels * review_share * minutes / MINUTES_PER_HOUR
    return AnnotationBill(
        labelling=pay,
        fees=(pay + again * usd_per_hour) * fee_share,
        rejected=again * usd_per_hour,
        review=reading * review_usd_per_hour,
        guidelines=guideline_hours * guideline_usd_per_hour,
        training=training_hours * usd_per_hour,
        hours=hours + again + reading,
    )


def collection_usd(*, documents: Value, minutes: Value, usd_per_hour: Value) -> Value:
    """Finding, deduplicating and redacting raw examples: n · m/60 · w.

    Args:
        documents: n, raw examples. [count]
        minutes: m, minutes per example. [minute]
        usd_per_hour: w. [USD/hour]

    Returns:
        Cost. [USD]

    Source: definition.

    >>> collection_usd(documents=600, minutes=1.0, usd_per_hour=60.0)
    600.0
    """
    return documents * minutes / MINUTES_PER_HOUR * usd_per_hour


def llm_labelling_usd(
    *, labels: Value, usd_per_label: Value, audit_share: Value, audit_minutes: Value, audit_usd_per_hour: Value
) -> Value:
    """Labels by a model with a human audit: n (c + s · m/60 · w).

    Args:
        labels: n. [count]
        usd_per_label: c, tokens of one label. [USD/label]
        audit_share: s, share read by a person. [1]
        audit_minutes: m, minutes per audited label. [minute]
        audit_usd_per_hour: w. [USD/hour]

    Returns:
        Cost. [USD]

    Source: definition; price per label as in Gilardi et al. 2023, arXiv:2303.15056.

    >>> round(llm_labelling_usd(labels=1000, usd_per_label=0.003, audit_share=0.1, audit_minutes=1.0,
    ...                         audit_usd_per_hour=30.0), 6)
    53.0
    """
    return labels * (usd_per_label + audit_share * audit_minutes / MINUTES_PER_HOUR * audit_usd_per_hour)
