"""Training plans as tables: considered resources, near misses, and the front of price and time."""

from estimator.report.layout import Table
from estimator.report.numbers import gib, hours, money
from estimator.training import Candidate, Plan, lost_because
from estimator.units import central

TERMS = {"on_demand": "on demand", "spot": "spot", "reserved": "reserved"}
SHOWN_PLANS = 14
SHOWN_MISSES = 10


def considered_table(plan: Plan) -> Table:
    """The best plan of each kind of hardware, cheapest first, with the chosen one marked."""
    rows = tuple(
        (
            f"{item.gpus} × {item.gpu}",
            offer_words(item),
            how(item),
            f"{gib(item.needed_bytes)} of {gib(item.usable_bytes)}",
            hours(central(item.hours)),
            money(central(item.usd)),
            "✔" if item is plan.chosen else "",
            "" if plan.chosen is None or item is plan.chosen else lost_because(candidate=item, chosen=plan.chosen),
        )
        for item in plan.considered[:SHOWN_PLANS]
    )
    header = ("Hardware", "Offer", "How", "Memory each", "Time", "Cost", "Chosen", "Why not")
    return Table("Considered resources, all runs", header, rows)


def misses_table(plan: Plan) -> Table:
    """What the other kinds of hardware lack, nearest first."""
    rows = tuple(
        (f"{miss.candidate.gpus} × {miss.gpu}", offer_words(miss.candidate), how(miss.candidate), miss.reason)
        for miss in plan.misses[:SHOWN_MISSES]
    )
    return Table("Near misses", ("Hardware", "Offer", "How", "Lacks"), rows)


def front_table(plan: Plan) -> Table:
    """Plans that no other beats in both price and time."""
    rows = tuple(
        (
            f"{item.gpus} × {item.gpu}",
            offer_words(item),
            how(item),
            hours(central(item.hours)),
            money(central(item.usd)),
        )
        for item in plan.front
    )
    return Table(
        "Price against time: no plan is both cheaper and faster", ("Hardware", "Offer", "How", "Time", "Cost"), rows
    )


def how(item: Candidate) -> str:
    """Method, sharing, checkpointing and batch of a plan in a few words."""
    parts = [
        item.method,
        "" if item.sharding == "none" else item.sharding,
        f"tp {item.tensor}" if item.tensor > 1 else "",
        f"pp {item.pipeline}" if item.pipeline > 1 else "",
        "" if item.checkpointing == "none" else f"ckpt {item.checkpointing}",
        "" if item.offload == "none" else f"{item.offload} offload",
        f"{item.micro_batch}×{item.gradient_accumulation}",
    ]
    return ", ".join(filter(None, parts))


def offer_words(item: Candidate) -> str:
    """Who offers the hardware of a plan, and how."""
    if not item.is_priced:
        return "no offer known"
    return "owned" if item.provider == "owned" else f"{item.provider}, {TERMS.get(item.term, item.term)}"
