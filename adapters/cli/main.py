"""`doorstep`: reads the command line and runs one sub-command. Wrong use ends with one plain line and exit code 2."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from adapters.errors import SettingsError
from bot.errors import NoEncoder
from content.faults import PackError
from storage.errors import StorageError

Command = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """One line, exit code 2."""
        plain = message.replace("the following arguments are required: ", "missing: ")
        self.exit(2, f"{self.prog}: {plain}. Try {self.prog} --help.\n")


def _run(args: argparse.Namespace) -> int:
    from adapters.cli import serve

    return serve.run(playground=True, web=True)


def _web(args: argparse.Namespace) -> int:
    from adapters.cli import serve

    return serve.run(playground=False, web=True)


def _worker(args: argparse.Namespace) -> int:
    from adapters.cli import serve

    return serve.run(playground=False, web=False)


def _chat(args: argparse.Namespace) -> int:
    from adapters.cli import serve

    return serve.talk(args.role)


def _check(args: argparse.Namespace) -> int:
    from adapters.cli import packs

    return packs.check(args.folder)


def _release(args: argparse.Namespace) -> int:
    from adapters.cli import packs

    return packs.release_wordings(args.folder)


def _build(args: argparse.Namespace) -> int:
    from adapters.cli import packs

    return packs.build(args.folder)


def _test(args: argparse.Namespace) -> int:
    from adapters.cli import packs

    return packs.test(args.file, args.pack)


def _upgrade(args: argparse.Namespace) -> int:
    from adapters.cli import operate

    return operate.upgrade()


def _doctor(args: argparse.Namespace) -> int:
    from adapters.cli import operate

    return operate.doctor()


def _letters(args: argparse.Namespace) -> int:
    from adapters.cli import operate

    return operate.show_letters(args.retry)


def _manifest(args: argparse.Namespace) -> int:
    from adapters.cli import operate

    if args.platform == "teams":
        return operate.teams_manifest(args.url, args.package)
    return operate.manifest(args.url, sockets=args.sockets)


def _people(args: argparse.Namespace) -> int:
    from adapters.cli import people

    match args.action:
        case "list":
            return people.show()
        case "import":
            return people.bring_in(args.file)
        case "export":
            return people.export(people.stdout_or(args.file))
    return people.change(args.code, args.role, give=args.action == "grant")


def _erase(args: argparse.Namespace) -> int:
    from adapters.cli import data

    return data.erase(args.code)


def _export(args: argparse.Namespace) -> int:
    from adapters.cli import data

    return data.export_person(args.code)


def _export_issues(args: argparse.Namespace) -> int:
    from adapters.cli import data

    return data.export_issues(args.format, args.file, args.contract, args.since, restricted=args.restricted)


def _export_taught(args: argparse.Namespace) -> int:
    from adapters.cli import taught

    return taught.export_taught(args.tenant, args.into)


def _export_month(args: argparse.Namespace) -> int:
    from adapters.cli import reports

    return reports.export_month(args.contract, args.month, args.format, args.file)


def _export_evidence(args: argparse.Namespace) -> int:
    from adapters.cli import reports

    return reports.export_evidence(args.contract, args.theme, args.since, args.months, args.file)


def _verify(args: argparse.Namespace) -> int:
    from adapters.cli import reports

    return reports.verify(args.file)


def _month(text: str) -> date:
    """`2026-11` as its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} isn't a month such as 2026-11") from None


def _add_reports(kinds: "argparse._SubParsersAction[Parser]") -> None:
    """`export month`, `export evidence` and `export verify`."""
    about = "A contract's month as a page, paper or workbook: figures with their definitions, charts, you said, we did."
    month = kinds.add_parser("month", help=about, description=about)
    month.add_argument("--month", type=_month, required=True, metavar="YYYY-MM", help="which month")
    month.add_argument("--format", choices=("html", "pdf", "xlsx"), default="html", help="html by default")
    month.set_defaults(run=_export_month)
    about = "Evidence for a self-assessment, sealed by its hash: tips, how they landed, visits, residents told."
    evidence = kinds.add_parser("evidence", help=about, description=about)
    evidence.add_argument("--theme", metavar="ID", help="of one theme alone")
    evidence.add_argument("--since", type=_month, required=True, metavar="YYYY-MM", help="the first month")
    evidence.add_argument("--months", type=int, default=1, metavar="N", help="how many months, 1 by default")
    evidence.set_defaults(run=_export_evidence)
    for one in (month, evidence):
        one.add_argument("--contract", metavar="NAME", required=True, help="which contract")
        one.add_argument("--file", type=Path, metavar="FILE", required=True, help="where it goes")
    about = "Whether an evidence file is as it was made."
    verify = kinds.add_parser("verify", help=about, description=about)
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.set_defaults(run=_verify)


def _add_data(commands: "argparse._SubParsersAction[Parser]") -> None:
    """`export`, `erase` and `rehearse`."""
    seen = "as the person sees it with `who am i`: P27"
    about = "Take everything of a person away; the audit keeps that it was done."
    erase = commands.add_parser("erase", help=about, description=about)
    erase.add_argument("code", metavar="CODE", help=seen)
    erase.set_defaults(run=_erase)
    about = "Give data out."
    kinds = commands.add_parser("export", help=about, description=about).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    about = "Everything about a person, as JSON (subject access)."
    person = kinds.add_parser("person", help=about, description=about)
    person.add_argument("code", metavar="CODE", help=seen)
    person.set_defaults(run=_export)
    about = "Issues as CSV, XLSX or Open311 JSON."
    issues = kinds.add_parser("issues", help=about, description=about)
    issues.add_argument("--format", choices=("csv", "xlsx", "open311"), default="csv", help="csv by default")
    issues.add_argument("--file", type=Path, metavar="FILE", help="standard output by default; XLSX needs one")
    issues.add_argument("--contract", metavar="NAME", help="of one contract alone")
    issues.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="logged on that day or later")
    issues.add_argument("--restricted", action="store_true", help="conduct and safeguarding references too")
    issues.set_defaults(run=_export_issues)
    about = "What trainers taught, as example lines for a pack."
    lessons = kinds.add_parser("taught", help=about, description=about)
    lessons.add_argument("tenant", metavar="TENANT", help="slack:T012345 or teams:TENANT-ID, as doorstep people list shows it")
    lessons.add_argument("--into", type=Path, metavar="DIR", help="add them to the pack in this folder; printed by default")
    lessons.set_defaults(run=_export_taught)
    _add_reports(kinds)
    about = "The days ahead by the clock, on a copy: what would come, to whom and when. Nothing is sent."
    days = commands.add_parser("rehearse", help=about, description=about)
    days.add_argument("--days", type=int, default=7, metavar="N", help="so many days from now; 7 by default")
    days.set_defaults(run=_rehearse)


def _rehearse(args: argparse.Namespace) -> int:
    from adapters.cli import rehearse

    return rehearse.rehearse(args.days)


def _understand(args: argparse.Namespace) -> int:
    from adapters.cli import understand

    return understand.understand(args.pack, as_json=args.json)


def _contracts(args: argparse.Namespace) -> int:
    from adapters.cli import people

    return people.apply(args.file)


def _keys(args: argparse.Namespace) -> int:
    from adapters.cli import links

    match args.action:
        case "add":
            return links.add_key(args.contract, args.name, restricted=args.restricted)
        case "list":
            return links.show_keys()
    return links.revoke_key(args.number)


def _webhooks(args: argparse.Namespace) -> int:
    from adapters.cli import links

    match args.action:
        case "add":
            return links.add_webhook(args.contract, args.url)
        case "list":
            return links.show_webhooks()
    return links.end_webhook(args.number)


def _add_links(commands: "argparse._SubParsersAction[Parser]") -> None:
    """`keys` and `webhooks`."""
    for name, about, command, made_of in (
        ("keys", "Keys by which other systems read a contract's issues.", _keys, "a key"),
        ("webhooks", "Where a contract's news go, and by which states come back.", _webhooks, "a webhook"),
    ):
        group = commands.add_parser(name, help=about, description=about)
        kinds = group.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
        add = kinds.add_parser("add", help=f"Make {made_of}; its secret is shown once.", description=f"Make {made_of}.")
        add.add_argument("--contract", metavar="NAME", required=True, help="whose issues")
        if name == "keys":
            add.add_argument("--name", metavar="TEXT", required=True, help="who uses it, for the list")
            add.add_argument("--restricted", action="store_true", help="conduct and safeguarding references too")
        else:
            add.add_argument("--url", required=True, help="the https address that takes the news")
        kinds.add_parser("list", help="Those that work.", description="Those that work.")
        ending = kinds.add_parser("end", help=f"Take {made_of} back.", description=f"Take {made_of} back.")
        ending.add_argument("number", type=int, metavar="NUMBER", help="as `list` shows it")
        for one in kinds.choices.values():
            one.set_defaults(run=command)


def _add_people(commands: "argparse._SubParsersAction[Parser]") -> None:
    """`people` and `contracts`."""
    people = commands.add_parser(
        "people", help="Who uses the bot.", description="Who uses the bot, by code; no names are kept."
    )
    kinds = people.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    for name, help_ in (
        ("list", "Every tenant with its people."),
        ("import", "Bring people in from a CSV: platform, tenant, person, contract, team, roles."),
        ("export", "Everybody as such a CSV."),
        ("grant", "Give somebody a role."),
        ("revoke", "Take a role away."),
    ):
        made = kinds.add_parser(name, help=help_, description=help_)
        made.set_defaults(run=_people)
        if name == "import":
            made.add_argument("file", type=Path, metavar="FILE")
        elif name == "export":
            made.add_argument("file", type=Path, metavar="FILE", nargs="?", help="standard output by default")
        elif name in ("grant", "revoke"):
            made.add_argument("code", metavar="CODE", help="as the person sees it with `who am i`: P27")
            made.add_argument("role", choices=("operative", "rlo", "supervisor", "trainer", "admin"))
    contracts = commands.add_parser("contracts", help="Contracts and teams.", description="Contracts and teams.")
    kinds = contracts.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    help_ = "Make or change a tenant's contracts and teams as a YAML file says."
    apply = kinds.add_parser("apply", help=help_, description=help_)
    apply.add_argument("file", type=Path, metavar="FILE")
    apply.set_defaults(run=_contracts)


def _add_content(commands: "argparse._SubParsersAction[Parser]") -> None:
    """`content`."""
    content = commands.add_parser(
        "content", help="Check, learn, test or release a pack.", description="Check, learn, test or release a content pack."
    )
    kinds = content.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    for name, help_, command in (
        ("check", "Name file, line and fix for every fault of a pack.", _check),
        ("build", "Learn from the pack's examples; a minute or two.", _build),
        ("release", "Record the hash of every new wording, so that no text changes silently.", _release),
    ):
        made = kinds.add_parser(name, help=help_, description=help_)
        made.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the pack; the shipped one by default")
        made.set_defaults(run=command)
    about = "Ask a file of labelled questions and print how many were right; exit code 1 when that isn't enough."
    test = kinds.add_parser("test", help=about, description=about)
    test.add_argument("file", type=Path, metavar="FILE.csv", help="columns text and label: a standard's id, or OOS")
    test.add_argument("--pack", type=Path, metavar="DIR", help="the pack; the shipped one by default")
    test.set_defaults(run=_test)


def parser() -> Parser:
    """Every command with its help."""
    top = Parser(prog="doorstep", description="Standards for people who work in other people's homes, in chat.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def add(name: str, help_: str, command: Command) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_, description=help_)
        made.set_defaults(run=command)
        return made

    add("run", "Everything in one process: the bot, the worker and the playground, on SQLite.", _run)
    add("web", "The web process: takes what Slack and Teams send and answers it.", _web)
    add("worker", "The worker process: retries, takes over from dead processes, tidies.", _worker)
    chat = add("chat", "Talk to the bot in this terminal.", _chat)
    roles = ("operative", "rlo", "supervisor", "trainer", "admin")
    chat.add_argument("--as", dest="role", choices=roles, default="operative", help="who you are")
    understand = add("understand", "Say how the bot takes each line of standard input.", _understand)
    understand.add_argument("--pack", type=Path, metavar="DIR", help="the pack; the shipped one by default")
    understand.add_argument("--json", action="store_true", help="one JSON object a line")
    _add_content(commands)
    database = commands.add_parser("db", help="Look after the database.", description="Look after the database.")
    actions = database.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)
    upgrade = actions.add_parser("upgrade", help="Bring the tables up to date.", description="Bring the tables up to date.")
    upgrade.set_defaults(run=_upgrade)
    add("doctor", "Say what is configured, what is wrong and how to fix it.", _doctor)
    letters = add("letters", "List messages that got stuck, or try them again.", _letters)
    letters.add_argument("--retry", metavar="ID", help="try one again by its number, or `all` with every unsent reply")
    _add_people(commands)
    _add_data(commands)
    _add_links(commands)
    manifest = add("manifest", "Print the app manifest for Slack or Teams.", _manifest)
    manifest.add_argument("platform", choices=("slack", "teams"), help="which platform")
    manifest.add_argument("--package", type=Path, metavar="FILE", help="Teams: also write the app package, a zip file")
    where = manifest.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", help="public https address of this server")
    where.add_argument("--sockets", action="store_true", help="Slack: for Socket Mode, which needs no address")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. A fault of the operator's is one line, not a traceback."""
    args = parser().parse_args(argv)
    if args.command != "content":  # learning uses every core; reading one message is slower on several, and hotter
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code: int = args.run(args)
    except PackError as error:
        print(
            "doorstep: the content pack can't be used. Run doorstep content check.",
            *error.faults,
            sep="\n  ",
            file=sys.stderr,
        )
        return 1
    except (SettingsError, StorageError, NoEncoder, OSError) as error:
        print(f"doorstep: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
