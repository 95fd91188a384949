# Over 300 lines: one function for each command, each with its arguments.
"""The library: the result of every command, as a function of plain values.

Paths are counted as on the command line: folders by git's rules, and each path once. Money is ``decimal.Decimal``, in
US dollars. Nothing is printed and no worker process is started; pass a ``Runtime`` to use the cache of counts or to
receive warnings. Every function raises subclasses of ``gpt41calc.errors.Gpt41calcError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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
    from .commands.compare.comparison import Comparison
    from .commands.count.run import Counts
    from .commands.dataset.run import DatasetPrice
    from .commands.diff.compare import Difference
    from .commands.finetune.training import Training
    from .commands.log.history import History
    from .commands.pack.run import Packed
    from .commands.preflight.results import Preflight
    from .commands.pricing.run import Compared
    from .commands.recommend.recommendation import Latency, Recommendation
    from .commands.schema.run import Schema
    from .commands.tokens.run import Token
    from .commands.usage.usage_cost import UsageCost
    from .pricing.price import Tier
    from .pricing.schema import Model
    from .tokenizer.split import Part
    from .tokenizer.truncate import Truncated

__all__ = [
    "batch",
    "cache_info",
    "check",
    "clear_cache",
    "compare",
    "compare_pricing",
    "count",
    "count_tokens",
    "dataset",
    "decode",
    "diff",
    "encode",
    "estimate",
    "estimate_paths",
    "finetune",
    "load_pricing",
    "log",
    "models",
    "pack",
    "preflight",
    "recommend",
    "schema",
    "schema_names",
    "split",
    "tokens",
    "truncate",
    "usage",
]


def _today(as_of: date | None) -> date:
    return as_of or datetime.now(UTC).date()


def count_tokens(text: str | bytes, model: str = "gpt-4.1", *, pricing: Pricing | None = None) -> int:
    """Return the number of tokens of a text for a model.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        pricing: the price table. None for the shipped one.

    Returns:
        The exact number of tokens; for a model whose tokenizer is not public,
        the expected number (``estimate`` returns its bounds).

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
        from .calculator.kind_ratio import with_mean_ratio
        from .tokenizer.text_kind import kinds_of_texts

        found = with_mean_ratio(found, kinds_of_texts([as_utf8(text).decode()]))
    return input_tokens(tokens, found).value


def _token_encoding(model: str, pricing: Pricing | None) -> str:
    """Return the encoding of a model whose tokens have ids."""
    from .pricing.encoding import encoding_with_ids

    return encoding_with_ids((pricing or load_pricing()).find(model))


def encode(
    text: str | bytes, model: str = "gpt-4.1", *, special_tokens: bool = False, pricing: Pricing | None = None
) -> Sequence[int]:
    """Return the token ids of a text.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        special_tokens: whether names such as ``<|endoftext|>`` stand for the special tokens; else they are text.
        pricing: the price table. None for the shipped one.

    Raises:
        UnknownModel: the table does not list the model.
        UsageError: the tokens of the model have no published ids.

    >>> list(encode("hello world"))
    [24912, 2375]
    """
    from .commands.encode.run import encode_text

    return [
        token
        for ids in encode_text([as_utf8(text)], _token_encoding(model, pricing), special_tokens=special_tokens)
        for token in ids
    ]


def tokens(
    text: str | bytes, model: str = "gpt-4.1", *, special_tokens: bool = False, pricing: Pricing | None = None
) -> Sequence[Token]:
    """Return the tokens of a text, with their ids, bytes and places; for a Claude model, one possible tiling.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        special_tokens: whether names such as ``<|endoftext|>`` stand for the special tokens; else they are text.
        pricing: the price table. None for the shipped one.

    Raises:
        UnknownModel: the table does not list the model.
        UsageError: the tokens of the model are not known; those of Claude only with ``ctok``, which needs Python 3.12.

    >>> [token.bytes for token in tokens("hello world")]
    [b'hello', b' world']
    """
    from .commands.tokens.run import tokens_of
    from .pricing.encoding import encoding_with_tokens

    encoding = encoding_with_tokens((pricing or load_pricing()).find(model))
    return list(tokens_of([as_utf8(text)], encoding, special_tokens=special_tokens))


def decode(ids: Sequence[int], model: str = "gpt-4.1", *, pricing: Pricing | None = None) -> str:
    """Return the text of token ids, with U+FFFD for parts of characters that are not complete.

    Args:
        ids: the ids; those of special tokens become their names.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        pricing: the price table. None for the shipped one.

    Raises:
        UnknownModel: the table does not list the model.
        UnknownToken: no token has one of the ids.
        UsageError: the tokens of the model have no published ids.

    >>> decode([24912, 2375])
    'hello world'
    """
    from .tokenizer.token_bytes import Decoded

    return b"".join(Decoded(_token_encoding(model, pricing), [ids])).decode()


def truncate(
    text: str | bytes,
    tokens: int,
    model: str = "gpt-4.1",
    *,
    keep: Literal["start", "end", "middle"] = "start",
    marker: str = "",
    at: Literal["token", "word", "line", "sentence"] = "token",
    pricing: Pricing | None = None,
) -> Truncated:
    """Cut a text to a number of tokens.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones.
        tokens: most tokens of the result, encoded again, with the marker.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        keep: the part to keep; ``middle`` keeps the start and the end, and leaves out what is between.
        marker: text that stands for what is left out; empty for none.
        at: what no cut divides; a character, as readers see it, is never divided.
        pricing: the price table. None for the shipped one.

    Returns:
        The longest such text, its tokens, and whether something was left out.

    Raises:
        UnknownModel: the table does not list the model.
        UsageError: the marker has too many tokens, or the tokens of the model have no published ids.

    >>> truncate("one two three four", 3, marker="…")
    Truncated(text='one two…', tokens=3, is_cut=True)
    """
    from .commands.truncate.run import At, From, Truncation, truncate_text

    how = Truncation(tokens, From(keep), marker, At(at))
    return truncate_text([as_utf8(text)], _token_encoding(model, pricing), how)


def split(
    text: str | bytes,
    tokens: int,
    model: str = "gpt-4.1",
    *,
    overlap: int = 0,
    at: Literal["paragraph", "heading", "sentence", "line", "token"] = "paragraph",
    pricing: Pricing | None = None,
) -> Sequence[Part]:
    """Split a text into pieces of at most a number of tokens.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones.
        tokens: most tokens of a piece, encoded alone.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        overlap: most tokens of the end of a piece that the next one repeats; less than ``tokens``.
        at: where a piece ends; a unit that alone has too many tokens is divided at smaller ones, never in a character.
        pricing: the price table. None for the shipped one.

    Returns:
        The pieces in order, with their places in bytes. Without an overlap, they joined are the text.

    Raises:
        UnknownModel: the table does not list the model.
        UsageError: a character has too many tokens, ``overlap`` is not less than ``tokens``, or the tokens of the model
            have no published ids.

    >>> [part.text for part in split("One. Two three four.", 4)]
    ['One. ', 'Two three four.']
    """
    from .commands.split.run import At, Splitting, split_text

    how = Splitting(tokens, overlap, At(at))
    return list(split_text([as_utf8(text)], _token_encoding(model, pricing), how))


def estimate(
    text: str | bytes,
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    pricing: Pricing | None = None,
    as_of: date | None = None,
) -> Estimate:
    """Return context fit, cost and savings of a text.

    Args:
        text: the input of one request.
        workload: number of requests, output tokens, cached tokens and tier. None for one request with 1,000 output
            tokens.
        models: identifiers of the models to price.
        versus: identifiers of the models to compare them with.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices and model statuses are used. None for today (UTC).

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
        from .calculator.kind_ratio import with_mean_ratio
        from .tokenizer.text_kind import kinds_of_texts

        kinds = kinds_of_texts([raw.decode()])
        variants, others = ([with_mean_ratio(model, kinds) for model in some] for some in (variants, others))
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
    """Return the tokens of files and folders, as ``gpt41calc count`` does.

    Args:
        paths: files and folders.
        model: identifier of the model whose tokens are counted. None to count as GPT-4.1.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
    """
    from .commands.count.run import CountOptions, count_paths

    found = (pricing or load_pricing()).find(model) if model else None
    return count_paths(CountOptions(paths=paths, rules=rules, model=found), runtime or Runtime())


def pack(
    paths: Sequence[str],
    tokens: int,
    *,
    priority: Sequence[str] = (),
    model: str = "gpt-4.1",
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    runtime: Runtime | None = None,
) -> Packed:
    """Return the files to send so that a token budget is used best, as ``gpt41calc pack`` does.

    Args:
        paths: files and folders.
        tokens: most tokens of all files that are sent.
        priority: a file with lines of a glob and a weight, or ``git`` for what was changed last; with both, git decides
            within a weight. Empty for the smallest files first.
        model: identifier of the model whose tokens are counted.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.

    Raises:
        UsageError: the budget is negative, a path does not exist, or a priority cannot be used.
    """
    from .commands.pack.run import PackOptions, pack_paths

    found = (pricing or load_pricing()).find(model)
    options = PackOptions(paths=paths, budget_tokens=tokens, priority=priority, model=found, rules=rules)
    return pack_paths(options, runtime or Runtime())


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
    """Return context fit, cost and savings of files and folders, as ``gpt41calc estimate`` does.

    A file with the body of an API request is counted as a request.

    Raises:
        UsageError: a file has one request per line; use ``batch`` for it.
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
    """Return the comparison of files and folders with one budget, as ``gpt41calc check PATHS`` does.

    Args:
        paths: files and folders.
        limits: the limits of the budget.
        workload: number of requests, output tokens, cached tokens and tier. None for one request with 1,000 output
            tokens.
        models: identifiers of the models for which the budget must hold.
        against: the git revision that ``limits.max_increase`` is compared with. None for the commit
            where this branch left the default branch.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices and model statuses are used. None for today (UTC).
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
    """
    from .calculator.budget import Budget
    from .commands.check.base import Base
    from .commands.check.planned import BudgetFiles, CheckOptions
    from .commands.check.run import check_budgets

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


def compare(
    paths: Sequence[str],
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    requests_per_month: int | None = None,
    rules: Rules = DEFAULT_RULES,
    pricing: Pricing | None = None,
    as_of: date | None = None,
    runtime: Runtime | None = None,
) -> Comparison:
    """Return inputs side by side, each compared with the first, as ``gpt41calc compare`` does.

    Args:
        paths: files, folders and bodies of requests; at least two.
        workload: output tokens and tier. None for 1,000 output tokens.
        models: identifiers of the models to price with.
        requests_per_month: number of requests per month. None if it is not known.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices are used. None for today (UTC).
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.

    Raises:
        UsageError: there are fewer than two inputs, or one has a request a line.
        NoSuchPath: a path does not exist.
    """
    from .commands.compare.run import CompareOptions, compare_inputs

    table = pricing or load_pricing()
    options = CompareOptions(
        paths=paths,
        rules=rules,
        models=[table.find(name) for name in models],
        workload=workload or Workload(),
        on=_today(as_of),
        requests_per_month=requests_per_month,
    )
    return compare_inputs(options, runtime or Runtime())


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
    max_read_bytes: int = 20 * 10**9,
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
        max_read_bytes: no more is read for a sample.
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
        else Aim(mode="precision", half_width=precision, most_bytes=max_read_bytes, seed=seed),
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
    """Return the tokens and cost of a change in the repository of the current folder, as ``gpt41calc diff`` does.

    Args:
        revisions: the base, and the revision that is compared with it. Without the first: where this branch left the
            default branch; without the second: the work tree, or the index if ``staged`` is set.
        workload: number of requests, output tokens, cached tokens and tier. None for one request with 1,000 output
            tokens.
        paths: files and folders that are compared.
        staged: whether the index is compared instead of the work tree.
        models: identifiers of the models to price with.
        rules: the rules for finding and reading files.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices are used. None for today (UTC).
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
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
    """Return the tokens of files after every commit that changed them, as ``gpt41calc log`` does.

    Args:
        paths: files and folders. None for the current folder.
        since: a revision; commits up to it are left out. None for all commits.
        token_budget: most tokens; the result names the commit that first exceeded it. None for no budget.
        model: identifier of the model whose tokens are counted. None to count as GPT-4.1.
        rules: the rules for finding and reading files.
        pricing: the price table. None for the shipped one.
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
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
    """Return the cost of a file of API requests in every processing mode, as ``gpt41calc batch`` does.

    Args:
        path: the file, with one request per line; or several files.
        forecast: the expected length of answers. None for 1,000 tokens each.
        models: identifiers of models to price all requests with. None to price each with the model that it names.
        variants: identifiers of models that the requests could be sent to instead.
        versus: identifiers of models to compare with.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices are used. None for today (UTC).
        runtime: the output of warnings. None to drop warnings.
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
    """Return the cost of training on a file of examples, as ``gpt41calc finetune`` does.

    Args:
        path: the file, with one example per line.
        models: identifiers of the models to train.
        epochs: number of epochs. None for the rule of OpenAI's cookbook.
        saves_tokens: number of tokens by which training makes prompts shorter, for the break-even point. None for no
            break-even point.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices are used. None for today (UTC).
        runtime: the output of warnings. None to drop warnings.
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
    """Return whether the API will accept a request with some files, as ``gpt41calc preflight`` does.

    Args:
        paths: files and folders, all in one request.
        usage_tier: usage tier of the organisation, from 1 to 5.
        workload: number of requests, output tokens and tier. None for one request with 1,000 output tokens.
        models: identifiers of the models. None for the variants of GPT-4.1 that are not shut down.
        requests_per_minute: number of requests sent per minute.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        as_of: the first day on which it must work. None for today (UTC).
        until: the last day on which it must work. None for ``as_of``.
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
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
    """Return the variants of GPT-4.1, ranked for a task, as ``gpt41calc recommend`` does.

    Args:
        paths: files and folders, all in one request.
        task: the task, such as ``code`` or ``extraction``.
        workload: number of requests, output tokens, cached tokens and tier. None for one request with 1,000 output
            tokens.
        needs: features that the model must have, such as ``fine-tuning``.
        max_cost: most US dollars of a request. None for no limit.
        latency: how soon an answer is needed.
        rules: the rules for finding and reading files below folders.
        pricing: the price table. None for the shipped one.
        as_of: the day whose prices and model statuses are used. None for today (UTC).
        runtime: the cache, worker processes and output of warnings. None to use no cache and drop warnings.
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
    """Return the differences between the price table and other databases, as ``gpt41calc pricing compare`` does.

    Args:
        litellm: path of litellm's ``model_prices_and_context_window.json``. None to compare with genai-prices only.
        pricing: the price table. None for the shipped one.
        as_of: the last day whose prices are compared. None for today (UTC).
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
    """Return the cost of API responses, by the usage that they report, as ``gpt41calc usage`` does.

    Args:
        paths: API responses, Batch output files, exports and logs, or folders of logs.
        requests: Batch input files with the requests, to compare estimated with billed tokens.
        invoices: exports of the provider (CSV or JSON), to compare with the sums.
        forecast: the length of answers that was expected. None for 1,000 tokens each.
        by: the groups of the rows: ``day``, ``week``, ``month``, ``model``, ``session``, ``project``, ``tier``.
        timezone: time zone of days, weeks and months, such as ``Europe/Berlin``. None for UTC.
        unnamed_model: identifier of the model of answers that do not name one. None to refuse such answers.
        tier: service tier of answers that do not state theirs. None for batch in a Batch output file, else standard.
        pricing: the price table. None for the shipped one.
        as_of: the day of answers that do not state theirs. None for today (UTC).
        runtime: the output of warnings. None to drop warnings.
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
        names: identifiers, other spellings, globs or providers; empty for all models.
        retiring_days: number of days; only models that are shut down within them are returned, the next one first. None
            for all models.
        pricing: the price table. None for the shipped one.
        as_of: the day from which these days are counted. None for today (UTC).

    Raises:
        UnknownModel: the table has no such model.

    >>> [model.id for model in models(["gpt-4.1*"])]
    ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano']
    """
    from .commands.models.run import retiring, selected

    found = selected(names, pricing or load_pricing())
    if retiring_days is None:
        return found
    return [model for _, model in retiring(found, _today(as_of), retiring_days)]


def cache_info(runtime: Runtime | None = None) -> CacheInfo:
    """Return the path of the cache of counts, and the number of counts in it, as ``gpt41calc cache info`` does.

    Args:
        runtime: the output of warnings. None to drop warnings.
    """
    from .commands.cache.run import cache_info as info

    return info(runtime or Runtime())


def clear_cache() -> None:
    """Delete the cache of counts, as ``gpt41calc cache clear`` does."""
    from .commands.cache.run import clear_caches

    clear_caches()


def schema_names() -> list[str]:
    """Return the names of the documents that have a JSON Schema, in alphabetical order."""
    from .commands.schema.run import schema_names as names

    return names()


def schema(name: str) -> Schema:
    """Return the JSON Schema of a document, as ``gpt41calc schema NAME`` prints it.

    Args:
        name: the name of the document, such as ``estimate``.

    Raises:
        UsageError: no document has this name.

    >>> schema("estimate").document["type"]
    'object'
    """
    from .commands.schema.run import load_schema

    return load_schema(name)
