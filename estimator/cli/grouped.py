"""The list of verbs in groups, the default verb, and the options that every verb has."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from estimator.cli.manners import be_quiet, be_verbose
from estimator.cli.verbs import DEFAULT_VERB, GROUPS, is_scenario

WIDEST = 100
LONGEST_SUMMARY = 300

Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=be_quiet, help="No notes on stderr.")]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", callback=be_verbose, help="Tell on stderr what is read, seeds and times."),
]


class Verbs(TyperGroup):
    """All verbs: `--help` shows them by group, a file in place of a verb is compared, each verb takes -q and -v."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        _add_volume(self)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the default verb before a scenario file."""
        first = args[0] if args else ""
        args = [DEFAULT_VERB, *args] if is_scenario(first) else args
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the groups."""
        del ctx
        return [name for verbs in self.grouped().values() for name in verbs]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section per group."""
        del ctx
        longest = max(map(len, self.commands))
        for title, names in self.grouped().items():
            with formatter.section(title):
                rows = [(name, self.commands[name].get_short_help_str(LONGEST_SUMMARY)) for name in names]
                formatter.write_dl([(name.ljust(longest), text) for name, text in rows])

    def grouped(self) -> dict[str, list[str]]:
        """Names of the verbs by group; a group without verbs is left out."""
        found = {title: [name for name in verbs if name in self.commands] for title, verbs in GROUPS.items()}
        return {title: names for title, names in found.items() if names}


def _add_volume(group: TyperGroup) -> None:
    for command in group.commands.values():
        if isinstance(command, TyperGroup):
            _add_volume(command)
            continue
        taken = {flag for each in command.params for flag in each.opts}
        command.params += [each for each in _volume_options() if not taken & set(each.opts)]


def _volume_options() -> list[Any]:
    """-q and -v as options of a verb that does not see them."""
    bare = typer.Typer(add_completion=False)

    @bare.command(add_help_option=False)
    def _(quiet: Quiet = False, verbose: Verbose = False) -> None:
        del quiet, verbose

    options = get_command(bare).params
    for option in options:
        option.expose_value = False
    return list(options)
