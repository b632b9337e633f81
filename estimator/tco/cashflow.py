"""Money over time: discounting, break-even, payback."""

import numpy as np

from estimator.units import Array, Value, monthly_rate


def discount_factors(*, annual_rate: Value, months: int) -> Array:
    """Present value of one USD paid at the end of each month: 1 / (1 + r_m)^m, m = 0 … months.

    Args:
        annual_rate: Discount rate, scalar or shape (n,). [1/year]
        months: Length of the horizon. [month]

    Returns:
        Factors of shape (1 or n, months + 1); column 0 is the time before launch. [1]

    Source: definition of net present value; equals numpy-financial's npv.

    >>> discount_factors(annual_rate=0.0, months=2).tolist()
    [[1.0, 1.0, 1.0]]
    """
    rate = np.atleast_1d(np.asarray(monthly_rate(annual_rate=annual_rate), dtype=float))
    return (1.0 + rate[:, None]) ** -np.arange(months + 1.0)


def net_present_value(*, flows: Array, annual_rate: Value) -> Array:
    """Σ_m flow_m / (1 + r_m)^m.

    Args:
        flows: Money per month, the last axis being months 0 … H. [USD]
        annual_rate: Discount rate, scalar or shape (n,). [1/year]

    Returns:
        Present value, shape (n,). [USD]

    Source: definition; −40,000 and 24 × 2,500 at 10 % a year give 14,411.42.

    >>> flows = np.array([[-40_000.0] + [2_500.0] * 24])
    >>> round(float(net_present_value(flows=flows, annual_rate=0.10)[0]), 2)
    14411.42
    """
    factors = discount_factors(annual_rate=annual_rate, months=flows.shape[-1] - 1)
    value: Array = (flows * factors).sum(axis=-1)
    return value


def break_even_month(*, cumulative_gain: Array) -> Array:
    """First month from which a cumulative gain stays at or above zero to the end; infinite when it never does.

    Args:
        cumulative_gain: Gain over the baseline up to each month, shape (n, months + 1). [USD]

    Returns:
        Month, shape (n,); `inf` means never within the horizon. [month]

    Source: definition.

    >>> break_even_month(cumulative_gain=np.array([[-2.0, -1.0, 0.5, 1.0], [-1.0, 1.0, -1.0, -2.0]])).tolist()
    [2.0, inf]
    """
    behind = cumulative_gain < -1e-9
    last_behind = behind.shape[-1] - 1 - np.argmax(behind[..., ::-1], axis=-1)  # the first of them where there is none
    is_behind = np.take_along_axis(behind, last_behind[..., None], axis=-1)[..., 0]
    month = np.where(is_behind, last_behind + 1.0, 0.0)
    return np.where(month > behind.shape[-1] - 1, np.inf, month)


def break_even_volume(
    *,
    extra_fixed_usd: Value,
    extra_monthly_usd: Value,
    months: Value,
    saving_per_request_usd: Value,
) -> Value:
    """Requests per month at which a dearer set-up pays for itself: (ΔF/H + Δops) / saving per request.

    Args:
        extra_fixed_usd: ΔF, one-off cost above the baseline. [USD]
        extra_monthly_usd: Δops, fixed monthly cost above the baseline. [USD/month]
        months: H, horizon. [month]
        saving_per_request_usd: Saving in cost plus gain in value per request. [USD]

    Returns:
        Volume; `inf` where nothing is saved. [requests/month]

    Source: break-even analysis; 40,000 USD over 24 months at 0.02 USD per request is 83,333 a month.

    >>> round(float(break_even_volume(extra_fixed_usd=40e3, extra_monthly_usd=0.0, months=24,
    ...                               saving_per_request_usd=0.02)))
    83333
    """
    saving = np.asarray(saving_per_request_usd, dtype=float)
    needed = np.asarray(extra_fixed_usd) / months + extra_monthly_usd
    volume = np.maximum(needed, 0.0) / np.where(saving > 0, saving, 1.0)
    result: Value = np.where(saving > 0, volume, np.inf)
    return result


def payback_months(*, investment_usd: Value, monthly_saving_usd: Value) -> Value:
    """Undiscounted payback: investment / saving.

    Args:
        investment_usd: Money spent up front. [USD]
        monthly_saving_usd: Money saved each month. [USD/month]

    Returns:
        Months; `inf` where nothing is saved. [month]

    Source: definition; 40,000 at 2,500 a month is 16 months.

    >>> float(payback_months(investment_usd=40e3, monthly_saving_usd=2500.0))
    16.0
    """
    saving = np.asarray(monthly_saving_usd, dtype=float)
    result: Value = np.where(saving > 0, np.asarray(investment_usd) / np.where(saving > 0, saving, 1.0), np.inf)
    return result
