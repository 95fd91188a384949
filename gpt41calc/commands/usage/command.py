"""The ``usage`` command, which prices the answers of a run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.option_groups import takes_groups
from ...cli.options import Calibrated, Configuration, Output, Prices
from ...cli.output import require_file_name, require_no_input
from ...cli.process import Process, write_file
from ...cli.record_files import deliver_sheets, mention_lines
from ...cli.vocabulary_option import Vocabulary
from ...errors import ExitCode, UsageError
from .options import TypedUsage
from .row_keys import DEFAULT_KEYS, By

if TYPE_CHECKING:
    from .run import UsageOptions

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def usage(
        context: typer.Context,
        run: TypedUsage,
        calibrated: Calibrated,
        vocabulary: Vocabulary,
        _configuration: Configuration,
        output: Output,
        files: Annotated[
            list[str],
            typer.Argument(
                metavar="FILE...",
                help="API responses, Batch output files, exports, logs, or folders of logs; - is standard input.",
            ),
        ],
    ) -> ExitCode:
        """What a run really cost, and how far estimates were off."""
        from ...cli.calibration_file import written_calibration
        from .accuracy_kinds import kinds_sheet
        from .accuracy_report import accuracy_sheet
        from .invoice_report import invoice_sheet
        from .report import spent_sheet, usage_sheet
        from .run import price_usage

        process: Process = context.obj
        vocabulary.use()
        require_file_name(output)
        _require_apart(run.calibrate, [*files, *(run.input or ()), *(run.invoice or ())])
        usage_cost, learned = price_usage(_resolved(files, run, calibrated, process), process.runtime(output))
        for written in (output.file, run.calibrate):
            require_no_input(written, usage_cost.files)
        if run.calibrate is not None and learned is not None:
            write_file(run.calibrate, written_calibration(learned))
        accuracy, invoice = usage_cost.accuracy, usage_cost.invoice
        sheets = [usage_sheet(usage_cost), *([accuracy_sheet(usage_cost, accuracy)] if accuracy else [])]
        rows = accuracy_sheet(usage_cost, accuracy, most=None) if accuracy else spent_sheet(usage_cost)
        if accuracy and usage_cost.shows_kinds:
            sheets.append(kinds_sheet(accuracy.kinds))
            rows = kinds_sheet(accuracy.kinds, is_exact=True)
        if invoice is not None:
            sheets.append(invoice_sheet(usage_cost, invoice))
            rows = invoice_sheet(usage_cost, invoice, is_exact=True)
        deliver_sheets(sheets, rows, output, process)
        if not usage_cost.groups and run.calibrate:
            process.warn(f"no answer with usage: {run.calibrate} is not written")
        return mention_lines((*usage_cost.skipped, *usage_cost.missing), process)


def _resolved(files: Sequence[str], typed: TypedUsage, calibrated: Calibrated, process: Process) -> UsageOptions:
    from ...cli.calibration import output_forecast
    from .run import UsageOptions

    return UsageOptions(
        paths=files,
        requests=typed.input or (),
        invoices=typed.invoice or (),
        forecast=output_forecast(typed.output_tokens, calibrated.calibration),
        keys=tuple(dict.fromkeys(key for key in typed.row_keys or () if key is not By.KIND)) or DEFAULT_KEYS,
        shows_kinds=By.KIND in (typed.row_keys or ()),
        zone=typed.timezone,
        unnamed_model=typed.unnamed_model,
        tier=typed.tier.value if typed.tier else None,
        calibration=typed.calibrate,
        pricing=resolve.pricing(Prices(pricing=typed.pricing, alias=typed.alias, uplift=typed.uplift, fee=typed.fee)),
        on=resolve.as_of(typed.as_of, process),
        today=process.today,
        config=process.project.path if process.project else None,
    )


def _require_apart(calibration: str | None, read: Sequence[str]) -> None:
    """Raise an error if an output file is also read.

    Raises:
        UsageError: the calibration is one of the files, by this name or by another.
    """
    if calibration is None:
        return
    for path in read:
        if path != "-" and _is_same(calibration, path):
            message = f"--calibrate {calibration}: this file is read, and would be written over"
            raise UsageError(message, hint="name another file, for example --calibrate calibration.json")


def _is_same(one: str, other: str) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them does not exist
        return False
