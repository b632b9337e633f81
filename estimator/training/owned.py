"""What an hour on a bought GPU costs."""

from estimator.units import Value


def owned_gpu_usd_per_hour(
    *,
    purchase_usd: Value,
    life_months: Value,
    utilisation: Value,
    hosting_usd_per_month: Value,
    power_kw: Value,
    pue: Value,
    usd_per_kwh: Value,
    hours_per_month: float,
) -> Value:
    """Cost of an hour of paid work on a bought GPU: (price/life + hosting) / (hours · u) + kW · PUE · USD/kWh.

    Args:
        purchase_usd: Price of the device with its share of the server. [USD]
        life_months: Months until it is written off. [month]
        utilisation: u, share of all hours with paid work. [1]
        hosting_usd_per_month: Rack space and hands. [USD/month]
        power_kw: Draw under load. [kW]
        pue: Power usage effectiveness of the site. [1]
        usd_per_kwh: Electricity price. [USD/kWh]
        hours_per_month: Hours of a month. [hour]

    Returns:
        Cost of one used hour. [USD/hour]

    Source: straight-line amortisation; definition of PUE (ISO/IEC 30134-2).

    >>> round(float(owned_gpu_usd_per_hour(purchase_usd=36_000, life_months=48, utilisation=0.5,
    ...     hosting_usd_per_month=0, power_kw=0.7, pue=1.4, usd_per_kwh=0.1, hours_per_month=730)), 3)
    2.153
    """
    fixed = (purchase_usd / life_months + hosting_usd_per_month) / (hours_per_month * utilisation)
    return fixed + power_kw * pue * usd_per_kwh
