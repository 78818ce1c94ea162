"""`calltally erase`: remove a person's data when they or the law ask for it."""

import click


@click.command
@click.option("--account", default="default", show_default=True, help="Code of the account.")
@click.option("--lead", help="A lead of the person, instead of the phone number.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def command(account: str, lead: str | None, yes: bool) -> None:
    """Erase a person's phone number and personal details.

    The erasure covers calls, leads, notes, rejected items, deliveries and their history. Reports keep all their counts.
    You cannot undo it.

    The command asks for the phone number or reads it from standard input, so that no command history contains it.
    """
    from service.commands.work.erase import erase_person

    erase_person(account, lead, confirmed=yes)
