"""Electricity and emissions of a run."""

from estimator.units import THOUSAND, Value


def energy_kwh(*, gpu_hours: Value, tdp_w: Value, utilisation: Value, pue: Value) -> Value:
    """Electricity at the meter: hours · TDP · u · PUE.

    Args:
        gpu_hours: Hours summed over devices. [h]
        tdp_w: Thermal design power of one device. [W]
        utilisation: u, mean draw over TDP while training. [1]
        pue: Power usage effectiveness of the site. [1]

    Returns:
        Energy. [kWh]

    Source: Patterson et al. 2021, arXiv:2104.10350, section 2; PUE as in ISO/IEC 30134-2.

    >>> energy_kwh(gpu_hours=100.0, tdp_w=700.0, utilisation=0.8, pue=1.25)
    70.0
    """
    return gpu_hours * tdp_w * utilisation * pue / THOUSAND


def co2e_kg(*, energy_kwh: Value, grid_g_per_kwh: Value) -> Value:
    """Emissions of electricity: kWh · g/kWh / 1000.

    Args:
        energy_kwh: Energy at the meter. [kWh]
        grid_g_per_kwh: Carbon intensity of the grid. [gCO2e/kWh]

    Returns:
        Emissions. [kgCO2e]

    Source: GHG Protocol, scope 2, location-based method.

    >>> co2e_kg(energy_kwh=70.0, grid_g_per_kwh=400.0)
    28.0
    """
    return energy_kwh * grid_g_per_kwh / THOUSAND
