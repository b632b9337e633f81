"""Electricity and emissions of a run."""

from estimator.record import record
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


@record(kw_only=True)
class Energy:
    """Electricity of one run by where it goes, and its emissions."""

    gpu_kwh: Value
    server_kwh: Value
    """Processors, memory, fans, network of the servers. [kWh]"""
    site_kwh: Value
    """Cooling and losses of the site. [kWh]"""
    grid_g_per_kwh: Value

    @property
    def kwh(self) -> Value:
        """Sum of the parts. [kWh]."""
        return self.gpu_kwh + self.server_kwh + self.site_kwh

    @property
    def co2e_kg(self) -> Value:
        """Emissions of the electricity. [kgCO2e]."""
        return co2e_kg(energy_kwh=self.kwh, grid_g_per_kwh=self.grid_g_per_kwh)


def run_energy(
    *, gpu_hours: Value, tdp_w: Value, power_share: Value, server_ratio: Value, pue: Value, grid_g_per_kwh: Value
) -> Energy:
    """Electricity of a run: GPUs g = hours · TDP · u; servers g (s − 1); site g s (PUE − 1).

    Args:
        gpu_hours: Hours summed over devices. [h]
        tdp_w: Thermal design power of one device. [W]
        power_share: u, mean draw over TDP while training. [1]
        server_ratio: s, draw of the server over that of its devices. [1]
        pue: Power usage effectiveness of the site. [1]
        grid_g_per_kwh: Carbon intensity of the grid. [gCO2e/kWh]

    Returns:
        Itemised energy. [kWh, kgCO2e]

    Source: Patterson et al. 2021, arXiv:2104.10350, section 2; PUE as in ISO/IEC 30134-2.

    >>> energy = run_energy(gpu_hours=100.0, tdp_w=700.0, power_share=0.8, server_ratio=1.25, pue=1.2,
    ...                     grid_g_per_kwh=400.0)
    >>> round(energy.kwh, 6), round(energy.co2e_kg, 6)
    (84.0, 33.6)
    """
    gpu = energy_kwh(gpu_hours=gpu_hours, tdp_w=tdp_w, utilisation=power_share, pue=1.0)
    return Energy(
        gpu_kwh=gpu,
        server_kwh=gpu * (server_ratio - 1.0),
        site_kwh=gpu * server_ratio * (pue - 1.0),
        grid_g_per_kwh=grid_g_per_kwh,
    )
