"""The command line: `xueban …`; exit codes; nothing else."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot import __version__, authoring, commandline
from bot.curriculum import CurriculumError
from bot.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; exit codes: 0 fine, 1 faults, 2 wrong usage, 70 our fault, 77 token refused, 78 settings."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.does(chosen))
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        return commandline.EXIT_SETTINGS
    except CurriculumError as fault:
        commandline.print_faults(fault.faults)
        return commandline.EXIT_FAULTS
    except KeyboardInterrupt:
        return commandline.EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xueban", description="Xueban (学伴): a study buddy for deep learning.")
    parser.add_argument("--version", action="version", version=f"xueban {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot; without a token, the playground")
    run.add_argument("--only", metavar="ROLES", help="some of telegram,discord,playground,clock")
    run.set_defaults(does=commandline.run)
    _curriculum(commands.add_parser("curriculum", help="check and look at what is taught"))
    simulate = commands.add_parser("simulate", help="walk simulated learners along the road")
    simulate.add_argument("--days", type=commandline.positive, default=150)
    simulate.add_argument("--learners", type=commandline.positive, default=5)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--track", default="five-months")
    simulate.set_defaults(does=commandline.simulate)
    doctor = commands.add_parser("doctor", help="check that everything needed is there")
    doctor.set_defaults(does=commandline.doctor)
    config = commands.add_parser("config", help="print the settings, secrets hidden")
    config.set_defaults(does=commandline.config)
    health = commands.add_parser("health", help="exit 0 while the running bot is alive (for containers)")
    health.set_defaults(does=commandline.health)
    return parser


def _curriculum(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(required=True, metavar="PART")
    check = parts.add_parser("check", help="report every fault: file, line, path, what to do")
    check.set_defaults(does=commandline.curriculum_check)
    stats = parts.add_parser("stats", help="count lessons, questions and minutes")
    stats.set_defaults(does=commandline.curriculum_stats)
    preview = parts.add_parser("preview", help="print a lesson as a learner meets it")
    preview.add_argument("lesson")
    preview.add_argument("--language", choices=("zh", "en"), default="zh")
    preview.set_defaults(does=commandline.curriculum_preview)
    schema = parts.add_parser("schema", help="write JSON Schemas for editors")
    schema.add_argument("folder")
    schema.set_defaults(does=commandline.curriculum_schema)
    sheet = parts.add_parser("sheet", help="print questions without their keys, for somebody to solve them blind")
    sheet.add_argument("lessons", nargs="*")
    sheet.add_argument("--language", choices=("zh", "en"), default="zh")
    sheet.set_defaults(does=authoring.print_sheet)
    solved = parts.add_parser("solved", help="hold a blind solver's answers against the keys and record them")
    solved.add_argument("answers", help="a JSON file: question id to option number or number")
    solved.add_argument("--language", choices=("zh", "en"), required=True)
    solved.set_defaults(does=authoring.take_answers)


if __name__ == "__main__":
    sys.exit(main())
