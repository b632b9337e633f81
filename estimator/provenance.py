"""What enters a result beside the inputs: calibrated constants, figures of devices, sizes of models."""

from collections.abc import Iterable, Mapping

from estimator.catalog import Accelerator, Architecture, Row
from estimator.inputs import Input, OptionInputs, World
from estimator.memory import parameter_count
from estimator.serving import engine_of

TRAINING = ("memory", "training", "training_job")
ALWAYS = ("decision", "labels", "upkeep")
ENGINE = "serving.engine."
DATASHEET = "published figures of the vendor"


def constants_of(options: Mapping[str, OptionInputs]) -> tuple[Input, ...]:
    """Every number of a result that is no input, with its source, sorted by key.

    Args:
        options: Inputs of all options, after the rooms have been asked.

    Returns:
        Constants of the rooms that were asked, figures of the devices, sizes of the models.

    Source: definition.
    """
    world = next(iter(options.values())).world
    found = [
        *_calibrated(world, _rooms(options.values()), _engines(options.values())),
        *(item for device in _devices(world) for item in _device(device, world)),
        *(_model(shape, option) for option in options.values() if (shape := option.architecture) is not None),
    ]
    unique = {item.key: item for item in found if item.key not in world.touched}
    return tuple(unique[key] for key in sorted(unique))


def _rooms(options: Iterable[OptionInputs]) -> tuple[str, ...]:
    specs = [option.spec for option in options]
    trains = any(spec.tuning is not None or spec.pretraining is not None for spec in specs)
    retrieves = any(spec.retrieval is not None for spec in specs)
    return (*ALWAYS, "serving", *(TRAINING if trains else ()), *(("retrieval",) if retrieves else ()))


def _engines(options: Iterable[OptionInputs]) -> tuple[str, ...]:
    """Start of the keys of the engines that serve open weights."""
    served = [option.spec.serving for option in options if option.architecture is not None]
    engines = [engine_of(spec.engine) if spec is not None else engine_of() for spec in served]
    return tuple(f"{ENGINE}{engine.label}." for engine in engines)


def _calibrated(world: World, rooms: Iterable[str], engines: tuple[str, ...]) -> list[Input]:
    """The newest value of each constant of some rooms; of the engines only those that serve."""
    known = world.catalog.tables()
    tables = [name for room in rooms if (name := f"constants/{room}") in known]
    rows = {row.id: row for table in tables for row in world.catalog.rows(table)}
    return [_of_row(row) for row in rows.values() if not row.id.startswith(ENGINE) or row.id.startswith(engines)]


def _of_row(row: Row) -> Input:
    return Input(
        key=row.id,
        unit=row.unit,
        value=row.mode,
        low=row.low,
        high=row.high,
        origin="yours" if row.overlay else "catalog",
        source=row.cited,
        basis=row.basis,
        on=row.valid_from,
        note=row.what,
    )


def _devices(world: World) -> list[Accelerator]:
    rented = [world.catalog.row(key, world.on) for key in world.touched if key.startswith("gpu/")]
    names = {*world.devices, *(row.attributes["gpu"] for row in rented)}
    return [world.catalog.accelerator(name) for name in sorted(names)]


def _device(device: Accelerator, world: World) -> list[Input]:
    rate = "measured" if device.matmul_is_measured else "judgement"
    figures = [
        ("usable_memory", "bytes", device.usable_memory_bytes, "published"),
        ("bandwidth", "bytes/s", device.bandwidth_bytes_per_s, "published"),
        ("link", "bytes/s", device.link_bytes_per_s, "published"),
        ("power", "W", device.tdp_w, "published"),
        *((f"peak_{kind}", "FLOP/s", peak, "published") for kind, peak in device.peak_flops_per_s.items()),
        *((f"matmul_{kind}", "FLOP/s", value, rate) for kind, value in device.matmul_flops_per_s.items()),
    ]
    source = device.source or DATASHEET
    return [
        Input(
            f"accelerator/{device.name}/{name}",
            unit,
            value,
            value,
            value,
            "catalog",
            source,
            basis,
            world.on,
            device.note,
        )
        for name, unit, value, basis in figures
    ]


def _model(shape: Architecture, option: OptionInputs) -> Input:
    count = float(parameter_count(architecture=shape).total)
    source = shape.source or "config.json of the model"
    terms = f"; licence {option.licence.id}: {option.licence.cited}" if option.licence is not None else ""
    note = f"counted from its shape{terms}"
    key = f"model/{shape.name}/parameters"
    return Input(key, "count", count, count, count, "catalog", source, "published", option.world.on, note)
