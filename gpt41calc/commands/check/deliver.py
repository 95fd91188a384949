"""Write all reports of a check, and determine the exit status."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...cli.ci_reports import PROBLEM_FORMATS, add_to_summary, problem_report
from ...cli.options import CheckFormat, CheckOutput, Format
from ...cli.output import chosen_format, deliver, renderer_of, require_no_input, verdict, write_report
from ...cli.process import Process, write_file
from ...errors import ExitCode, UsageError
from ...tally import Tally
from .options import Gate

if TYPE_CHECKING:
    from ...calculator.budget import Check

__all__ = ["deliver_check", "wanted_reports"]


def wanted_reports(gate: Gate, output: CheckOutput) -> list[tuple[CheckFormat, str]]:
    """Return the requested reports with their file names.

    Raises:
        UsageError: a format is unknown or a file is not named.
    """
    wanted: list[tuple[CheckFormat, str]] = []
    taken = {os.path.realpath(path) for path in (output.file, gate.write_baseline) if path}
    for typed in gate.report or ():
        kind, _, path = typed.partition(":")
        try:
            chosen = CheckFormat(kind)
        except ValueError:
            chosen = None
        if chosen is None or path in {"", "-"}:
            message = f"--report: expected FORMAT:FILE such as junit:report.xml, found '{typed:.60}'"
            raise UsageError(message, hint=f"formats are {', '.join(CheckFormat)}")
        if os.path.realpath(path) in taken:
            message = f"--report: two reports would be written to {path}"
            raise UsageError(message, hint="give each a file of its own")
        taken.add(os.path.realpath(path))
        wanted.append((chosen, path))
    return wanted


def deliver_check(check: Check, gate: Gate, output: CheckOutput, process: Process) -> ExitCode:
    """Write all requested reports, and return the exit status of the result."""
    reports = wanted_reports(gate, output)
    _require_apart(check, [output.file, gate.write_baseline, *(path for _, path in reports)])
    for kind, path in reports:
        text = _written(check, CheckFormat.PLAIN if kind is CheckFormat.TABLE else kind, output, process)
        write_report(path, text, kind, process)
    is_new_base = gate.write_baseline is not None and _write_baseline(gate.write_baseline, check, process)
    chosen = chosen_format(CheckFormat, output, process)
    if not output.quiet or output.file is not None:
        deliver(_written(check, chosen, output, process), output, process)
    if chosen is CheckFormat.GITHUB:
        from .comment import check_body

        add_to_summary(check_body(check), process)
    for one in check.verdicts:
        for glob in one.unmatched:
            process.warn(f"budget '{one.budget.name}': no file matches '{glob}'")
    whole = [one.inputs for one in check.verdicts]
    counted = {one.path: one for each in whole for one in each.counted}
    skipped = {one.path: one for each in whole for one in each.skipped}
    verdict(Tally.of(*counted.values(), *skipped.values()), process)
    if is_new_base:
        if check.is_failed:
            process.hint(f"{gate.write_baseline} is written, so the status is 0; without --write-baseline it is 1")
        return ExitCode.OK
    if check.is_failed:
        return ExitCode.OVER_BUDGET
    return ExitCode.OK if check.is_decided else ExitCode.INCOMPLETE


def _require_apart(check: Check, written: Sequence[str | None]) -> None:
    """Refuse to write over a file that was counted.

    Raises:
        UsageError: one of the files to write was.
    """
    for path in written:
        for one in check.verdicts:
            require_no_input(path, one.inputs.paths if one.rows is None else one.rows.files)


def _write_baseline(path: str, check: Check, process: Process) -> bool:
    """Write the baseline, and return whether it was written.

    It is not written from incomplete input: it would be too low, and later runs would report false increases.
    """
    from .baseline import written_baseline

    if all(one.inputs.complete for one in check.verdicts):
        write_file(path, written_baseline(check))
        return True
    process.warn(f"{path} not written: some input could not be counted")
    return False


def _written(check: Check, chosen: CheckFormat, output: CheckOutput, process: Process) -> str:
    """Return the report in a format; only the modules of that format are imported."""
    if chosen in PROBLEM_FORMATS:
        from ...render.findings import check_problems

        return problem_report(check_problems(check), chosen, process)
    if chosen is CheckFormat.MARKDOWN:
        from .comment import check_comment

        return check_comment(check)
    from .report import check_sheet, limits_sheet

    sheet = limits_sheet(check) if chosen is CheckFormat.CSV else check_sheet(check)
    return renderer_of(Format(chosen.value), output, process).sheet(sheet)
