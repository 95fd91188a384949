# Over 300 lines: one function for each command, each with its arguments.
"""The library: the answer of every command as a function of plain values.

Paths are counted as on the command line: folders by git's rules, one path once.
Money is ``decimal.Decimal`` in US dollars. Nothing is printed and no process is
started; pass a ``Runtime`` to use the cache of counts or to receive warnings.
Every function raises subclasses of ``gpt41calc.errors.Gpt41calcError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from .calculator.context import input_tokens
from .calculator.estimate import Estimate, estimate_tally
from .calculator.forecast import OutputForecast
from .calculator.workload import Workload
from .counting.runtime import Runtime
from .errors import UsageError
from .pricing.table import DEFAULT_MODELS, DEFAULT_VERSUS, Pricing, load_pricing
from .sources.source import DEFAULT_RULES, Rules
from .tally import Counted, Tally
from .tokenizer.engines import tokenizer
from .tokenizer.utf8 import as_utf8

if TYPE_CHECKING:
    from .calculator.budget import Check, Limits
    from .commands.batch.plan import BatchPlan
    from .commands.cache.run import CacheInfo
    from .commands.count.run import Counts
    from .commands.dataset.run import DatasetPrice
    from .commands.diff.compare import Difference
    from .commands.finetune.training import Training
    from .commands.log.history import History
    from .commands.preflight.results import Preflight
    from .commands.pricing.run import Compared
    from .commands.recommend.recommendation import Latency, Recommendation
    from .commands.schema.run import Schema
    from .commands.usage.usage_cost import UsageCost
    from .pricing.price import Tier
    from .pricing.schema import Model

__all__ = [
    "batch",
    "cache_info",
    "check",
    "clear_cache",
    "compare_pricing",
    "count",
    "count_tokens",
    "dataset",
    "diff",
    "estimate",
    "estimate_paths",
    "finetune",
    "load_pricing",
    "log",
    "models",
    "preflight",
    "recommend",
    "schema",
    "schema_names",
    "usage",
]


def _today(as_of: date | None) -> date:
    return as_of or datetime.now(UTC).date()


def count_tokens(text: str | bytes, model: str = "gpt-4.1", *, pricing: Pricing | None = None) -> int:
    """Return how many tokens a model makes of a text.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for what is not.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        pricing: the table to look the model up in; the shipped one if none is given.

    Returns:
        The exact number of tokens; for a model whose tokenizer is not public,
        the number to expect (``estimate`` gives its bounds).

    Raises:
        UnknownModel: the table does not list the model.
        VocabularyError: a vocabulary is missing or altered.

    >>> count_tokens("hello <|endoftext|>")
    8
    >>> count_tokens("hello world", "gpt-4")
    2
    """
    found = (pricing or load_pricing()).find(model)
    tokens = tokenizer(found.counted_in).count(text)
    if found.kind_ratios:
        from .calculator.kind_ratio import of_kinds
        from .tokenizer.text_kind import kinds_of_texts

        found = of_kinds(found, kinds_of_texts([as_utf8(text).decode()]))
    return input_tokens(tokens, found).value


def estimate(
    text: str | bytes,
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    pricing: Pricing | None = None,
    as_of: date | None = None,
) -> Estimate:
    """Work out context fit, cost and savings of a text.

    Args:
        text: the input of one request.
        workload: output tokens, requests, cached tokens and tier; one request
            with 1,000 output tokens if none is given.
        models: identifiers of the models asked about.
        versus: identifiers of the models to compare them with.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices and statuses hold; today (UTC) if none is given.

    Returns:
        The estimate; money is in US dollars, as exact decimals.

    Raises:
        UnknownModel: the table does not list a model.
        WorkloadError: more tokens are given as cached than the text has.
        VocabularyError: a vocabulary is missing or altered.

    >>> result = estimate("Say hello.", Workload(requests=1000), as_of=date(2026, 11, 22))
    >>> result.models[0].context.fits, str(result.models[0].cost.total.value)
    (True, '8.006000')
    """
    table = pricing or load_pricing()
    variants = [table.find(name) for name in models]
    others = [table.find(name) for name in versus]
    raw = as_utf8(text)
    if any(model.kind_ratios for model in (*variants, *others)):
        from .calculator.kind_ratio import of_kinds
        from .tokenizer.text_kind import kinds_of_texts

        kinds = kinds_of_texts([raw.decode()])
        variants, others = ([of_kinds(model, kinds) for model in some] for some in (variants, others))
    encodings: set[str] = {model.counted_in for model in (*variants, *others)}
    counts = {encoding: tokenizer(encoding).count(raw) for encoding in encodings}
    return estimate_tally(
        Tally.of(Counted("text", len(raw), counts)),
        variants,
        others,
        workload or Workload(),
        on=_today(as_of),
        checked=table.checked,
        overlay=table.overlay,
    )


def count(
    paths: Sequence[str],
    *,
    model: str | None = None,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    runtime: Runtime | None = None,
) -> Counts:
    """Count files and folders, as ``gpt41calc count`` does.

    Args:
        paths: files and folders.
        model: count as this model does. None to count as GPT-4.1.
        rules: which files of folders are counted.
        pricing: the table to look the model up in; the shipped one if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .commands.count.run import CountOptions, count_paths

    found = (pricing or load_pricing()).find(model) if model else None
    return count_paths(CountOptions(paths=paths, rules=rules, model=found), runtime or Runtime())


def estimate_paths(
    paths: Sequence[str],
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Estimate:
    """Work out context fit, cost and savings of files and folders, as ``gpt41calc estimate`` does.

    A file that holds the body of an API request is counted as one.

    Raises:
        UsageError: a path holds one request a line, which ``batch`` prices.
    """
    from .commands.estimate.options import EstimateOptions
    from .commands.estimate.run import estimate_paths

    table = pricing or load_pricing()
    chosen_workload = workload or Workload()
    options = EstimateOptions(
        paths=paths,
        rules=rules,
        models=[table.find(name) for name in models],
        versus=[table.find(name) for name in versus],
        workload=chosen_workload,
        forecast=OutputForecast(chosen_workload.output_tokens),
        pricing=table,
        on=_today(as_of),
    )
    result = estimate_paths(options, runtime or Runtime())
    if not isinstance(result, Estimate):
        message = f"{result.path} holds a request a line"
        raise UsageError(message, hint="gpt41calc.api.batch prices it")
    return result


def check(
    paths: Sequence[str],
    limits: Limits,
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    against: str | None = None,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Check:
    """Compare files and folders with one budget, as ``gpt41calc check PATHS`` does.

    Args:
        paths: files and folders.
        limits: what is allowed.
        workload: what comes with the files; 1,000 output tokens if none is given.
        models: identifiers of the models for which the budget must hold.
        against: the git revision that ``limits.max_increase`` is compared with. None for the commit
            where this branch left the default branch.
        rules: which files of folders are counted.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices and statuses hold; today (UTC) if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .calculator.budget import Budget
    from .commands.check.base import Base
    from .commands.check.run import BudgetFiles, CheckOptions, check_budgets

    table = pricing or load_pricing()
    options = CheckOptions(
        budgets=[BudgetFiles(budget=Budget(name=", ".join(paths), limits=limits), paths=paths)],
        rules=rules,
        models=[table.find(name) for name in models],
        workload=workload or Workload(),
        pricing=table,
        on=_today(as_of),
        base=Base(revision=against),
    )
    return check_budgets(options, runtime or Runtime())


def dataset(
    urls: Sequence[str],
    *,
    column: str | None = None,
    template: str | None = None,
    messages: bool = False,
    output_tokens: int | str = 1000,
    models: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    precision: float | None = 0.02,
    seed: int = 0,
    workers: int | None = None,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> DatasetPrice:
    """Return what the rows of a dataset cost, a request a row, as ``gpt41calc dataset`` does.

    Args:
        urls: files, folders, globs and addresses of Parquet, JSONL, CSV or text.
        column: whose text is sent. None for the only one, or the one called ``text``.
        template: text that every row is put into, with the names of columns in braces. None if a row is its text.
        messages: whether the column holds requests as JSON; lists of messages are known without it.
        output_tokens: of each answer; or ``"p50"``, a percentile of the rows' own lengths; or ``"{column}"``.
        models: identifiers of the models to price with.
        versus: identifiers of the models to compare them with.
        precision: what is over 1 GB is sampled until the total is known to this share of it. None to count every row.
        seed: which sample is drawn.
        workers: how many processes count; as many as there are cores if it is None.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices hold; today (UTC) if none is given.
        runtime: the process. None if warnings are dropped.

    Raises:
        NoSuchPath: a path does not exist.
        UsageError: a column is missing or holds no text, or a store refuses.
        MissingExtra: pyarrow, or what reaches a store, is not installed.
    """
    from .commands.dataset.options import DatasetOptions, answers_of
    from .commands.dataset.run import price_dataset
    from .dataset.measure import Aim
    from .dataset.template import parse_template
    from .pricing.rate_limits import load_limits

    table = pricing or load_pricing()
    answers, percentile, answer_column = answers_of(str(output_tokens))
    options = DatasetOptions(
        urls=urls,
        column=column,
        holds_requests=messages,
        template=None if template is None else parse_template(template, "template"),
        output=answers,
        output_column=answer_column,
        output_percentile=percentile,
        models=[table.find(name) for name in models],
        comparators=[table.find(name) for name in versus],
        aim=Aim(mode="exact", seed=seed)
        if precision is None
        else Aim(mode="precision", half_width=precision, seed=seed),
        workers=workers,
        on=_today(as_of),
        pricing=table,
        limits=load_limits(None),
    )
    return price_dataset(options, runtime or Runtime())


def diff(
    revisions: Sequence[str] = (),
    workload: Workload | None = None,
    *,
    paths: Sequence[str] = (".",),
    staged: bool = False,
    models: Sequence[str] = DEFAULT_MODELS,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Difference:
    """Return what a change adds in the repository of the current folder, as ``gpt41calc diff`` does.

    Args:
        revisions: the base, and what is compared with it. Without the first: where this branch left the default
            branch; without the second: the work tree, or what is staged.
        workload: what comes with the files; 1,000 output tokens if none is given.
        paths: files and folders to look at.
        staged: whether what is staged is compared.
        models: identifiers of the models to price with.
        rules: which files are looked at.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices hold; today (UTC) if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .commands.diff.run import DiffOptions, difference

    table = pricing or load_pricing()
    options = DiffOptions(
        revisions=revisions,
        staged=staged,
        paths=paths,
        rules=rules,
        models=[table.find(name) for name in models],
        workload=workload or Workload(),
        on=_today(as_of),
    )
    return difference(options, runtime or Runtime())


def log(
    paths: Sequence[str] = (),
    *,
    since: str | None = None,
    token_budget: int | None = None,
    model: str | None = None,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    runtime: Runtime | None = None,
) -> History:
    """Return what files came to with every commit that changed them, as ``gpt41calc log`` does.

    Args:
        paths: files and folders. None for the current folder.
        since: leave out what led to this revision.
        token_budget: most tokens, to name the commit that first broke it.
        model: count as this model does. None to count as GPT-4.1.
        rules: which files are looked at.
        pricing: the table to look the model up in; the shipped one if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .commands.log.run import LogOptions, history

    found = (pricing or load_pricing()).find(model) if model else None
    options = LogOptions(paths=paths, rules=rules, since=since, token_budget=token_budget, model=found)
    return history(options, runtime or Runtime())


def batch(
    path: str | Sequence[str],
    forecast: OutputForecast | None = None,
    *,
    models: Sequence[str] = (),
    variants: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> BatchPlan:
    """Price a file of API requests in every processing mode, as ``gpt41calc batch`` does.

    Args:
        path: the file, one request a line; or several.
        forecast: how long answers are; 1,000 tokens each if none is given.
        models: identifiers of models to run all requests with. None to run each with the model that it names.
        variants: identifiers of models that the same requests could be run with.
        versus: identifiers of models to compare with.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices hold; today (UTC) if none is given.
        runtime: the process. None if warnings are dropped.
    """
    from .commands.batch.options import BatchOptions
    from .commands.batch.run import plan_batch
    from .pricing.rate_limits import load_limits

    table = pricing or load_pricing()
    options = BatchOptions(
        paths=[path] if isinstance(path, str) else path,
        models=[table.find(name) for name in models],
        variants=[table.find(name) for name in variants],
        comparators=[table.find(name) for name in versus],
        forecast=forecast or OutputForecast(),
        on=_today(as_of),
        pricing=table,
        limits=load_limits(None),
    )
    return plan_batch(options, runtime or Runtime())


def finetune(
    path: str,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    epochs: int | None = None,
    saves_tokens: int | None = None,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Training:
    """Price training on a file of examples, as ``gpt41calc finetune`` does.

    Args:
        path: the file, one example a line.
        models: identifiers of the models to train.
        epochs: how often each example is seen. None for the rule of OpenAI's cookbook.
        saves_tokens: by how many tokens training makes prompts shorter, to learn when it is paid for.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices hold; today (UTC) if none is given.
        runtime: the process. None if warnings are dropped.
    """
    from .commands.finetune.run import FinetuneOptions, price_training

    table = pricing or load_pricing()
    options = FinetuneOptions(
        path=path,
        models=[table.find(name) for name in models],
        epochs=epochs,
        saves_tokens=saves_tokens,
        pricing=table,
        on=_today(as_of),
    )
    return price_training(options, runtime or Runtime())


def preflight(
    paths: Sequence[str],
    usage_tier: int,
    workload: Workload | None = None,
    *,
    models: Sequence[str] = (),
    requests_per_minute: int = 1,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    until: date | None = None,
    runtime: Runtime | None = None,
) -> Preflight:
    """Say whether the API will accept a request with some files, as ``gpt41calc preflight`` does.

    Args:
        paths: files and folders, all in one request.
        usage_tier: usage tier of the organisation, from 1 to 5.
        workload: how often it is sent, and with which output; once with 1,000 output tokens if none is given.
        models: identifiers of the models to send to. None for the variants of GPT-4.1 that are still served.
        requests_per_minute: how many are sent in a minute.
        rules: which files of folders are counted.
        pricing: the table to look models up in; the shipped one if none is given.
        as_of: the first day on which it must work; today (UTC) if none is given.
        until: the last day; ``as_of`` if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .commands.preflight.results import Traffic
    from .commands.preflight.run import PreflightOptions, preflight_inputs
    from .pricing.rate_limits import load_limits

    table, on = pricing or load_pricing(), _today(as_of)
    chosen_workload = workload or Workload()
    options = PreflightOptions(
        paths=paths,
        rules=rules,
        models=[table.find(name) for name in models],
        requests=chosen_workload.requests,
        traffic=Traffic(
            workload=chosen_workload, usage_tier=usage_tier, per_minute=requests_per_minute, as_of=on, until=until or on
        ),
        pricing=table,
        limits=load_limits(None),
    )
    return preflight_inputs(options, runtime or Runtime())


def recommend(
    paths: Sequence[str],
    task: str,
    workload: Workload | None = None,
    *,
    needs: Sequence[str] = (),
    max_cost: Decimal | None = None,
    latency: Latency = "standard",
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Recommendation:
    """Rank the variants of GPT-4.1 for a task, as ``gpt41calc recommend`` does.

    Args:
        paths: files and folders, all in one request.
        task: what is to be done, such as ``code`` or ``extraction``.
        workload: what comes with the files; 1,000 output tokens if none is given.
        needs: features that the model must have, such as ``fine-tuning``.
        max_cost: most US dollars of a request. None for no limit.
        latency: how soon an answer is needed.
        rules: which files of folders are counted.
        pricing: the table to look models up in; the shipped one if none is given.
        as_of: the day whose prices and statuses hold; today (UTC) if none is given.
        runtime: the process. None if nothing is cached, and warnings are dropped.
    """
    from .commands.recommend.run import RecommendOptions, recommend_for, wishes
    from .guidance.load import load_guidance

    guidance = load_guidance()
    options = RecommendOptions(
        paths=paths,
        rules=rules,
        wishes=wishes(task, guidance, needs=needs, max_cost=max_cost, latency=latency),
        workload=workload or Workload(tier="batch" if latency == "batch" else "standard"),
        guidance=guidance,
        pricing=pricing or load_pricing(),
        on=_today(as_of),
    )
    return recommend_for(options, runtime or Runtime())


def compare_pricing(
    *, litellm: Path | None = None, pricing: Pricing | None = None, as_of: date | None = None
) -> Compared:
    """Compare the price table with other databases, as ``gpt41calc pricing compare`` does.

    Args:
        litellm: litellm's ``model_prices_and_context_window.json``. None to compare with genai-prices only.
        pricing: the table; the shipped one if none is given.
        as_of: the last day that is looked at; today (UTC) if none is given.
    """
    from .commands.pricing.known_differences import load_known
    from .commands.pricing.run import compare_tables

    return compare_tables(pricing or load_pricing(), _today(as_of), litellm=litellm, known=load_known())


def usage(
    paths: Sequence[str],
    *,
    requests: Sequence[str] = (),
    invoices: Sequence[str] = (),
    forecast: OutputForecast | None = None,
    by: Sequence[str] = ("model", "day", "tier"),
    timezone: str | None = None,
    unnamed_model: str | None = None,
    tier: Tier | None = None,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> UsageCost:
    """Return what API responses cost, by the usage that they report, as ``gpt41calc usage`` does.

    Args:
        paths: API responses, Batch output files, exports and logs, or folders of logs.
        requests: Batch input files with the requests, to compare the estimate with what was charged.
        invoices: exports of the provider (CSV or JSON), to compare the sums with.
        forecast: how long answers were expected to be; 1,000 tokens each if none is given.
        by: what a row stands for: ``day``, ``week``, ``month``, ``model``, ``session``, ``project``, ``tier``.
        timezone: time zone of days, weeks and months, such as ``Europe/Berlin``. None for UTC.
        unnamed_model: model of answers that do not name theirs.
        tier: price list of answers that do not say theirs. None for batch in a Batch output file, else standard.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day of answers that do not say theirs; today (UTC) if none is given.
        runtime: the process. None if warnings are dropped.
    """
    from .commands.usage.run import UsageOptions, price_usage

    options = UsageOptions(
        paths=paths,
        requests=requests,
        invoices=invoices,
        forecast=forecast or OutputForecast(),
        keys=tuple(by),
        zone=timezone,
        unnamed_model=unnamed_model,
        tier=tier,
        pricing=pricing or load_pricing(),
        on=_today(as_of),
        today=_today(None),
    )
    return price_usage(options, runtime or Runtime())[0]


def models(
    names: Sequence[str] = (),
    *,
    retiring_days: int | None = None,
    pricing: Pricing | None = None,
    as_of: date | None = None,
) -> list[Model]:
    """Return models of the price table, as ``gpt41calc models`` shows them.

    Args:
        names: identifiers, other spellings, globs or providers. Without a name, all models.
        retiring_days: only models that are served now and shut down within so many days, the next one first.
        pricing: the table; the shipped one if none is given.
        as_of: the day from which these days are counted; today (UTC) if none is given.

    Raises:
        UnknownModel: the table lists no such model.

    >>> [model.id for model in models(["gpt-4.1*"])]
    ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano']
    """
    from .commands.models.run import retiring, selected

    found = selected(names, pricing or load_pricing())
    if retiring_days is None:
        return found
    return [model for _, model in retiring(found, _today(as_of), retiring_days)]


def cache_info(runtime: Runtime | None = None) -> CacheInfo:
    """Return where the counts of earlier runs are and how many, as ``gpt41calc cache info`` does.

    Args:
        runtime: the process. None if warnings are dropped.
    """
    from .commands.cache.run import cache_info as info

    return info(runtime or Runtime())


def clear_cache() -> None:
    """Delete the counts of earlier runs, as ``gpt41calc cache clear`` does."""
    from .commands.cache.run import clear_caches

    clear_caches()


def schema_names() -> list[str]:
    """Return the names of the documents that have a JSON Schema, in alphabetical order."""
    from .commands.schema.run import schema_names as names

    return names()


def schema(name: str) -> Schema:
    """Return the JSON Schema of a document, as ``gpt41calc schema NAME`` prints it.

    Args:
        name: what the document is called, such as ``estimate``.

    Raises:
        UsageError: there is none of this name.

    >>> schema("estimate").document["type"]
    'object'
    """
    from .commands.schema.run import load_schema

    return load_schema(name)
