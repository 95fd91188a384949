"""Names that people, gateways and clouds write, and the model that each is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import UnknownModel, UsageError
from gpt41calc.pricing.names import taken_sentence
from gpt41calc.pricing.selection import select
from gpt41calc.pricing.sellers import load_sellers
from gpt41calc.pricing.spelling import SELLERS
from gpt41calc.pricing.table import Pricing, load_pricing

TAKEN = """
gpt-4.1: gpt-4.1 | GPT-4.1 | gpt4.1 | GPT4.1 | Gpt 4.1 | gpt-4-1 | gpt_4_1 | gpt-41 | gpt41 | 4.1 | gpt-4.1-latest
gpt-4.1: gpt-4.1-2025-04-14 | GPT-4.1-2025-04-14 | gpt-4.1@2025-04-14 | gpt-4.1-20250414 | gpt-4.1 (2025-04-14)
gpt-4.1: openai/gpt-4.1 | openai:gpt-4.1 | openai:chat:gpt-4.1 | openai:responses:gpt-4.1 | OpenAI/GPT-4.1
gpt-4.1: openai/gpt-4.1-2025-04-14 | openai/responses/gpt-4.1 | openai-responses:gpt-4.1 | openai / gpt-4.1
gpt-4.1: azure/gpt-4.1 | azure/gpt-4.1-2025-04-14 | azure_ai/gpt-4.1 | azure:chat:gpt-4.1 | azure/global/gpt-4.1
gpt-4.1: azure/global-standard/gpt-4.1 | openrouter/openai/gpt-4.1 | github/gpt-4.1 | github/openai/gpt-4.1
gpt-4.1: vercel_ai_gateway/openai/gpt-4.1 | litellm_proxy/gpt-4.1 | litellm_proxy/openai/gpt-4.1
gpt-4.1: azure_openai:gpt-4.1 | gpt‑4.1 | gpt–4.1 | " gpt-4.1 " | openrouter:openai/gpt-4.1 | gpt-4.1[1m]
gpt-4.1: gpt-4.1:latest
gpt-4.1-mini: gpt-4.1 mini | GPT-4.1 Mini | gpt-4.1mini | gpt-4.1_mini | 4.1-mini | 4.1 mini | gpt4.1-mini
gpt-4.1-mini: gpt-41-mini
gpt-4.1-mini: openai/gpt-4.1-mini | azure/gpt-4.1-mini-2025-04-14 | openrouter/openai/gpt-4.1-mini | mini-4.1
gpt-4.1-nano: GPT-4.1 nano | 4.1-nano | openai/gpt-4.1-nano | azure/gpt-4.1-nano | gpt-4.1-nano-latest
gpt-4o: GPT-4o | gpt4o | gpt 4o | 4o | openai/gpt-4o | azure/gpt-4o | azure/gpt-4o-2024-11-20
gpt-4o: openai/gpt-4o-2024-08-06
gpt-4o: openrouter/openai/gpt-4o | github/gpt-4o | gpt-4o-latest
gpt-4o-2024-05-13: openai/gpt-4o-2024-05-13 | GPT-4o-2024-05-13 | azure/gpt-4o-2024-05-13 | gpt-4o-20240513
gpt-4o-mini: GPT-4o mini | gpt4o-mini | 4o-mini | openai/gpt-4o-mini | azure/gpt-4o-mini-2024-07-18
gpt-4.5-preview: gpt-4.5 | GPT-4.5 Preview | openai/gpt-4.5-preview | gpt-4.5-preview-2025-02-27
gpt-4: GPT-4 | gpt4 | openai/gpt-4 | azure/gpt-4-0613
gpt-4-turbo: GPT-4 Turbo | gpt4-turbo | openai/gpt-4-turbo-2024-04-09 | azure/gpt-4-turbo
gpt-3.5-turbo: gpt-3.5-turbo-0125 | openai/gpt-3.5-turbo-0125 | azure/gpt-35-turbo | GPT-3.5 Turbo | gpt35-turbo
o1: O1 | openai/o1 | o1-2024-12-17 | azure/o1
o3: O3 | openai/o3 | openai/o3-2025-04-16 | openrouter/openai/o3 | o3-high
o3-mini: o3-mini-high | openai/o3-mini | O3 Mini | o3-mini-2025-01-31
o4-mini: o4-mini | O4-mini | openai/o4-mini | openai/o4-mini-2025-04-16 | o4-mini-high
gpt-5: GPT-5 | gpt5 | openai/gpt-5 | azure/gpt-5-2025-08-07
gpt-5-mini: gpt5-mini | openai/gpt-5-mini | GPT-5 mini
gpt-5.6-luna: gpt-5.6-luna-2026-07-09 | openai/gpt-5.6-luna | azure/gpt-5.6-luna-2026-07-09 | GPT-5.6 Luna
gpt-6-luna: openai/gpt-6-luna | gpt-6-luna-2026-09-22 | global.openai.gpt-6-luna | openai.gpt-6-luna | GPT-6 Luna
claude-3-7-sonnet: claude-3.7-sonnet | claude-3.7 | Claude 3.7 Sonnet | claude-sonnet-3.7 | sonnet-3.7 | 3.7-sonnet
claude-3-7-sonnet: anthropic/claude-3.7-sonnet | anthropic/claude-3-7-sonnet-20250219
claude-3-7-sonnet: anthropic:claude-3-7-sonnet-latest
claude-3-7-sonnet: openrouter/anthropic/claude-3.7-sonnet | anthropic/claude-3.7-sonnet:thinking
claude-3-7-sonnet: anthropic/claude-3.7-sonnet:beta
claude-3-7-sonnet: vertex_ai/claude-3-7-sonnet@20250219 | bedrock/anthropic.claude-3-7-sonnet-20250219-v1:0
claude-3-7-sonnet: bedrock/us.anthropic.claude-3-7-sonnet-20250219-v1:0 | claude-3-7-sonnet-thinking
claude-3-7-sonnet: bedrock/us-east-1/anthropic.claude-3-7-sonnet-20250219-v1:0
claude-3-7-sonnet: bedrock/converse/anthropic.claude-3-7-sonnet-20250219-v1:0
claude-3-7-sonnet: arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0
claude-3-7-sonnet: arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0
claude-3-7-sonnet: anthropic:messages:claude-3-7-sonnet-20250219 | vercel_ai_gateway/anthropic/claude-3-7-sonnet
claude-3-5-sonnet: vertex_ai/claude-3-5-sonnet-v2@20241022
claude-sonnet-4: claude-4-sonnet | Claude Sonnet 4 | anthropic/claude-sonnet-4 | claude-sonnet-4-20250514 | sonnet-4
claude-sonnet-4: us.anthropic.claude-sonnet-4-20250514-v1:0 | vertex_ai/claude-sonnet-4@20250514
claude-sonnet-4-5: claude-sonnet-4.5 | claude-4.5-sonnet | anthropic/claude-sonnet-4.5 | sonnet 4.5
claude-sonnet-4-5: claude-sonnet-4-5-20250929
claude-sonnet-4-5: vertex_ai/claude-sonnet-4-5@20250929 | bedrock/global.anthropic.claude-sonnet-4-5-20250929-v1:0
claude-sonnet-4-5: projects/p/locations/global/publishers/anthropic/models/claude-sonnet-4-5@20250929
claude-haiku-4-5: claude-haiku-4.5 | haiku-4.5 | anthropic/claude-haiku-4.5 | azure_ai/claude-haiku-4-5
claude-opus-4-5: claude-opus-4.5 | opus 4.5 | anthropic/claude-opus-4-5-20251101
claude-sonnet-5-5: claude-sonnet-5.5 | anthropic/claude-sonnet-5.5 | claude-sonnet-5-5[1m]
gemini-2.5-pro: Gemini 2.5 Pro | gemini-2-5-pro | gemini2.5-pro | 2.5-pro | gemini/gemini-2.5-pro
gemini-2.5-pro: models/gemini-2.5-pro
gemini-2.5-pro: google/gemini-2.5-pro | vertex_ai/gemini-2.5-pro | google-gla:gemini-2.5-pro
gemini-2.5-pro: google-vertex:gemini-2.5-pro
gemini-2.5-pro: google_genai:gemini-2.5-pro | openrouter/google/gemini-2.5-pro
gemini-2.5-pro: publishers/google/models/gemini-2.5-pro
gemini-2.5-pro: projects/p/locations/us-central1/publishers/google/models/gemini-2.5-pro | gemini-pro-2.5
gemini-2.5-flash: gemini-2.5-flash-001 | Gemini 2.5 Flash | 2.5-flash | google/gemini-2.5-flash
gemini-2.5-flash: gemini/gemini-2.5-flash
gemini-2.5-flash-lite: gemini-2.5-flash-lite | Gemini 2.5 Flash-Lite | google/gemini-2.5-flash-lite
gemini-2.0-flash: gemini-2.0-flash-001 | models/gemini-2.0-flash-001 | Gemini 2.0 Flash
gemini-3-pro-preview: gemini-3-pro | google/gemini-3-pro-preview | gemini/gemini-3-pro-preview
ft:gpt-4.1-2025-04-14: ft:gpt-4.1-2025-04-14:acme::a1b2 | openai/ft:gpt-4.1-2025-04-14:acme::a1b2 | FT:gpt-4.1:acme
ft:gpt-4.1-mini-2025-04-14: ft:gpt-4.1-mini-2025-04-14:acme:name:x | ft:GPT-4.1 mini:acme::x
"""
"""The model, and names that mean it."""

REFUSED = """
azure/us/gpt-4.1 | Azure charges more in a region ('us') than gpt-4.1 costs elsewhere
azure/eu/gpt-4.1-mini | Azure charges more in a region ('eu') than gpt-4.1-mini costs elsewhere
azure/eu/gpt-4o-2024-08-06 | Azure charges more in a region ('eu') than gpt-4o costs elsewhere
azure/apac/gpt-6-luna | Azure charges more in a region ('apac') than gpt-6-luna costs elsewhere
us.anthropic.claude-sonnet-4-5-20250929-v1:0 | Amazon Bedrock charges more in a region ('us')
eu.anthropic.claude-sonnet-4-6 | Amazon Bedrock charges more in a region ('eu')
bedrock/jp.anthropic.claude-sonnet-4-5-20250929-v1:0 | Amazon Bedrock charges more in a region ('jp')
us.openai.gpt-6-luna | Amazon Bedrock charges more in a region ('us')
us-gov.anthropic.claude-3-7-sonnet-20250219-v1:0 | Amazon Bedrock charges more in a region ('us-gov')
bedrock/us-gov-west-1/anthropic.claude-3-7-sonnet-20250219-v1:0 | in a region ('us-gov-west-1')
bedrock/us-east-1/1-month-commitment/anthropic.claude-3-7-sonnet-20250219-v1:0 | capacity that is paid by the hour
projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929 | in a region ('us-east5')
openai/gpt-4.1:free | ':free' is a variant of OpenRouter that costs nothing, and is limited
openrouter/google/gemini-2.5-pro:free | ':free' is a variant of OpenRouter
anthropic/claude-3.7-sonnet:online | ':online' adds a web search that is charged for each request
openai/gpt-4.1:nitro | ':nitro' goes to the fastest provider
openai/gpt-4.1:floor | ':floor' goes to the cheapest provider
openai/gpt-4.1:extended | ':extended' has another window
gpt-4.1:batch | 'batch' is another price list
gpt-4.1:flex | 'flex' is another price list
batch/gpt-4.1 | 'batch' is another price list
openai/gpt-4.1:priority | 'priority' is another price list
github_copilot/gpt-4.1 | GitHub Copilot charges by seat and request, not by token
bedrock_mantle/openai.gpt-6-luna | Amazon Bedrock's endpoint in the style of OpenAI charges a tenth more
vertex_ai/gemini-2.0-flash | Vertex AI charges 0.15 and 0.60 dollars a million tokens for it
replicate/openai/gpt-4.1 | unknown model
chatgpt/gpt-6-luna | a ChatGPT subscription is not charged by token
claude-sonnet-4[1m] | Claude Sonnet 4 charges more for long prompts, which the price table does not have
claude-3-7-sonnet[1m] | charges more for long prompts
gpt-4.1-2020-01-01 | gpt-4.1 was released on 2025-04-14, after 2020-01-01
claude-3-7-sonnet-20240620 | claude-3-7-sonnet was released on 2025-02-24, after 2024-06-20
sonnet | it can mean several models
claude | it can mean several models
claude-3 | it can mean several models
claude-3.5 | it can mean several models
gemini-2.5 | it can mean several models
gemini | it can mean several models
gpt | it can mean several models
mini | it can mean several models
gpt-6 | it can mean several models
luna | it can mean several models
claude-opus-latest | 'latest' is another model after each release
claude-sonnet-latest | 'latest' is another model after each release
gpt-4.1-preview | unknown model 'gpt-4.1-preview'
gpt-4.1-2025-13-45 | unknown model 'gpt-4.1-2025-13-45'
gpt-4.1-turbo | unknown model
gpt-9 | unknown model
gpt-4o-audio-preview | unknown model
gpt-4o-mini-tts | unknown model
gpt-image-1 | unknown model
gemini-2.5-flash-image | unknown model
gemini-9-pro | unknown model
claude-9-sonnet | unknown model
anthropic/gpt-4.1 | unknown model
gemini/gpt-4.1 | unknown model
google/claude-3-7-sonnet | unknown model
llama-3.3-70b-instruct | unknown model
meta-llama/llama-3.3-70b-instruct | unknown model
deepseek-chat | unknown model
deepseek/deepseek-r1:free | unknown model
mistral-large-latest | unknown model
grok-4 | unknown model
qwen/qwen3-coder | unknown model
our-deployment | unknown model
gateway/gpt-4.1 | unknown model
us/gpt-4.1 | unknown model
- | unknown model
/ | unknown model
openai/ | unknown model
"""
"""Names that are refused, and what the message says."""


def taken() -> Iterator[tuple[str, str]]:
    """Yield names and the models that they mean."""
    for line in TAKEN.strip().splitlines():
        model, names = line.split(": ", 1)
        yield from ((name.strip().strip('"'), model) for name in names.split(" | "))


def refused() -> Iterator[tuple[str, str]]:
    """Yield names and what is said of them."""
    for line in REFUSED.strip().splitlines():
        name, _, reason = line.partition(" | ")
        yield name, reason


@pytest.fixture(scope="module")
def shipped() -> Pricing:
    """Return the table of the package."""
    return load_pricing()


@pytest.mark.parametrize(("name", "expected"), list(taken()))
def test_names_that_mean_one_model(shipped: Pricing, name: str, expected: str) -> None:
    """Spelling, seller and date do not matter where they change no price."""
    actual = shipped.find(name).id

    assert expected == actual


@pytest.mark.parametrize(("name", "reason"), list(refused()))
def test_names_that_are_refused(shipped: Pricing, name: str, reason: str) -> None:
    """What changes the price, or means nothing or several things, is said so, with what to do next."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find(name)

    assert reason in str(caught.value)
    assert caught.value.hint


def test_how_many_names_are_tried() -> None:
    """At least 150 names are in the two lists, each once."""
    names = [name for name, _ in (*taken(), *refused())]

    assert sorted(set(names)) == sorted(names)
    assert len(names) >= 150


def test_a_name_of_the_table_is_no_other_spelling(shipped: Pricing) -> None:
    """Every name of the table means its own model, exactly, and reports say nothing about it."""
    for model in shipped.models:
        for name in model.names:
            found = shipped.find(name)

            assert (model.id, None) == (found.id, found.named_as)


def test_every_model_is_found_in_capitals_and_behind_its_vendor(shipped: Pricing) -> None:
    """No name of the table loses its model by its case, or by the vendor in front of it."""
    for model in shipped.models:
        behind = [f"{model.provider}/{name}" for name in (model.id, *model.snapshots)]
        for name in (*model.names, *(behind if model.provider != "other" else [])):
            assert model.id == shipped.find(name.upper()).id


def test_a_dated_snapshot_of_every_model_is_that_model(shipped: Pricing) -> None:
    """A snapshot of the day of release that the table does not list is the model it is named after."""
    names = {name for model in shipped.models for name in model.names}
    for model in shipped.models:
        name = f"{model.id}-{model.released}"
        if name not in names and model.id != "gpt-4o-2024-05-13":  # which is a snapshot itself
            assert model.id == shipped.find(name).id


@given(st.text(max_size=60))
def test_no_text_is_an_accident(shipped: Pricing, text: str) -> None:
    """Whatever is asked for, the answer is a model or an explained refusal."""
    with suppress(UnknownModel):
        assert shipped.find(text).named_as in {None, text}


@pytest.mark.parametrize(
    "name", ["gemini-9-pro-preview", "gemini-3-ultra", "google/gemini-9", "claude-9", "gpt-9-mini"]
)
def test_hints_stay_within_the_vendor(shipped: Pricing, name: str) -> None:
    """Nobody who mistypes a Gemini is sent to a GPT."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find(name)
    vendor = {"gem": "google", "goo": "google", "cla": "anthropic", "gpt": "openai"}[name[:3]]
    near = caught.value.hint.partition("? ")[0].removeprefix("did you mean ").split(" or ")

    assert {vendor} == {shipped.find(one).provider for one in near}


def test_the_hint_of_an_unknown_name_says_how_to_name_it(shipped: Pricing) -> None:
    """A deployment has a name of its own; the hint says how it is given."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find("our-deployment")

    assert "--alias 'our-deployment=gpt-4.1' or [alias] in the project file" in caught.value.hint


def test_a_cloud_keeps_its_own_dates(shipped: Pricing) -> None:
    """What a cloud sells is priced as its vendor sells it, and the report says whose prices and dates these are."""
    expected = (
        "'bedrock/anthropic.claude-3-7-sonnet-20250219-v1:0' was taken for claude-3-7-sonnet; "
        "prices, dates and caps are those of Anthropic, and may differ at Amazon Bedrock"
    )
    name = "bedrock/anthropic.claude-3-7-sonnet-20250219-v1:0"

    assert expected == taken_sentence(name, shipped.find(name))


@pytest.mark.parametrize(
    ("name", "shutdown", "max_output"),
    [
        ("azure/gpt-4.1", date(2027, 4, 14), 32_768),
        ("openai/gpt-4.1", date(2027, 1, 14), 32_768),
        ("bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0", date(2027, 4, 8), 64_000),
        ("anthropic/claude-sonnet-4-5", date(2026, 11, 30), 64_000),
        ("bedrock/global.anthropic.claude-sonnet-4-6", None, 64_000),
        ("anthropic/claude-sonnet-4.6", None, 128_000),
    ],
)
def test_dates_and_caps_of_a_cloud(shipped: Pricing, name: str, shutdown: date | None, max_output: int) -> None:
    """Where a cloud is known to end a model on another day, or to answer less, its model has that day and that cap."""
    found = shipped.find(name)

    assert (shutdown, max_output) == (found.shutdown if shutdown else None, found.max_output)


def test_the_report_says_what_a_cloud_does_otherwise(shipped: Pricing) -> None:
    """Prices are the vendor's; the day is the cloud's."""
    expected = (
        "'azure/gpt-4.1' was taken for gpt-4.1, which is shut down on 2027-04-14 at Azure; prices are those of OpenAI"
    )

    assert expected == taken_sentence("azure/gpt-4.1", shipped.find("azure/gpt-4.1"))


def test_every_model_that_a_cloud_sells_otherwise_is_in_the_table(shipped: Pricing) -> None:
    """No row of sellers.toml is about a model or a cloud that there is not."""
    sellers = {seller for seller, _ in SELLERS.values() if seller}
    ids = {model.id for model in shipped.models}

    for each in load_sellers().sold:
        assert each.seller in sellers
        assert set() == set(each.models) - ids


# -- Names of one's own


@pytest.mark.parametrize(
    ("alias", "name", "expected"),
    [
        ("our-deployment=gpt-4.1", "our-deployment", "gpt-4.1"),
        ("our-deployment=gpt-4.1", "Our-Deployment", "gpt-4.1"),
        ("gateway/*=*", "gateway/gpt-4.1-mini", "gpt-4.1-mini"),
        ("gw-*-eu=openai/*", "gw-gpt-4.1-eu", "gpt-4.1"),
        ("prod-*=gpt-4.1-mini", "prod-7", "gpt-4.1-mini"),
        ("gpt4.1=gpt-4.1-nano", "gpt4.1", "gpt-4.1-nano"),
        ("azure/us/gpt-4.1=gpt-4.1", "azure/us/gpt-4.1", "gpt-4.1"),
    ],
)
def test_aliases(shipped: Pricing, alias: str, name: str, expected: str) -> None:
    """A name of one's own means a model of the table, before any other reading."""
    found = shipped.with_aliases([alias]).find(name)

    assert (expected, name) == (found.id, found.named_as)


def test_the_later_alias_holds(shipped: Pricing) -> None:
    """What the command line says comes after what the project file says."""
    actual = shipped.with_aliases(["x=gpt-4.1", "x=gpt-4o"]).find("x").id

    assert actual == "gpt-4o"


@pytest.mark.parametrize("written", ["", "=", "x", "x=", "=gpt-4.1", "a*b*=gpt-4.1", "a=*", "a*=*b*", "gpt-4.1=gpt-4o"])
def test_no_alias(shipped: Pricing, written: str) -> None:
    """What is no pair of names, or would take the place of a name of the table, is refused."""
    with pytest.raises(UsageError):
        shipped.with_aliases([written])


def test_an_alias_of_nothing(shipped: Pricing) -> None:
    """An alias that leads to no model is refused when it is given."""
    with pytest.raises(UnknownModel, match=r"^--alias x=gpt-9: unknown model 'gpt-9'$"):
        shipped.with_aliases(["x=gpt-9"])


# -- Several at once


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (["gpt-4.1,GPT-4.1 mini"], ["gpt-4.1", "gpt-4.1-mini"]),
        (["gpt-4.1*"], ["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano"]),
        (["GPT-4.1-????"], ["gpt-4.1-mini", "gpt-4.1-nano"]),
        (["gpt-4.1-nano", "gpt-4.1*"], ["gpt-4.1-nano", "gpt-4.1", "gpt-4.1-mini"]),
        (["gpt-4.1, ,"], ["gpt-4.1"]),
    ],
)
def test_selections(shipped: Pricing, wanted: list[str], expected: list[str]) -> None:
    """Lists and patterns choose models, each once, in the order asked."""
    actual = [model.id for model in select(wanted, shipped)]

    assert expected == actual


@pytest.mark.parametrize("provider", ["openai", "Anthropic", "google"])
def test_a_provider_is_all_its_models(shipped: Pricing, provider: str) -> None:
    """The name of a provider chooses what it serves, first what still can be called."""
    expected = [model.id for model in shipped.models if model.provider == provider.lower()]
    found = select([provider], shipped)
    retired = [model.status(shipped.checked) == "retired" for model in found]

    assert sorted(expected) == sorted(model.id for model in found)
    assert sorted(retired) == retired


def test_all(shipped: Pricing) -> None:
    """All is the whole table."""
    assert {model.id for model in shipped.models} == {model.id for model in select(["all"], shipped)}


@pytest.mark.parametrize("word", ["gpt-9*", "", ",", "none"])
def test_nothing_chosen(shipped: Pricing, word: str) -> None:
    """A word that chooses nothing is an error."""
    with pytest.raises(UnknownModel):
        select([word], shipped)


def test_a_letter_for_a_digit(shipped: Pricing) -> None:
    """The nearest name comes first, although another one has the same numbers."""
    with pytest.raises(UnknownModel) as raised:
        shipped.find("gpt-4.l")

    assert "did you mean gpt-4.1 or " in str(raised.value.hint)
