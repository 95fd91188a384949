"""Compare the counts of requests with those of vendors' endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...calculator.endpoint_count import EndpointCounts
from ...endpoints.ask import EndpointOptions, Question, ask_endpoints
from ...endpoints.count_request import count_request, vendor_of
from ...endpoints.vendor_api import VENDOR_APIS, Vendor
from ...errors import RequestError, UnknownModel, UsageError
from ...requests.tokens import request_tokens
from ...tokenizer.engines import tokenizer

if TYPE_CHECKING:
    from ...calculator.estimate import Estimate
    from ...counting.runtime import Runtime
    from ...pricing.schema import Model
    from ...requests.inputs import RequestInput
    from ...requests.request_inputs import RequestInputs
    from .options import EstimateOptions

__all__ = ["with_endpoint_counts"]


def with_endpoint_counts(
    result: Estimate,
    requests: RequestInputs | None,
    models: Mapping[str, Model],
    options: EstimateOptions,
    endpoints: EndpointOptions,
    runtime: Runtime,
) -> Estimate:
    """Return an estimate with the endpoints' counts of its requests.

    Args:
        result: the estimate.
        requests: its inputs. None if all of them are text.
        models: the models of the estimate, by identifier.
        options: the options of the estimate.
        endpoints: the settings for endpoints.
        runtime: the process environment, for warnings and progress.

    Raises:
        UsageError: there is no request, no model of its vendor, or no key.
    """
    bodies = [one for one in (requests.requests if requests else ()) if one.body is not None]
    if not bodies and requests and requests.skipped:  # why they cannot be counted is reported with them
        return replace(result, endpoints=EndpointCounts(counts=()))
    if not bodies:
        message = "--count-with api: asks for requests, and no input is one"
        raise UsageError(
            message, hint="a JSON file with the body of a request, or with a bare list of messages, is one"
        )
    variants = [models[one.model.id] for one in result.models if one.role == "variant"]
    questions = [question for one in bodies for question in _questions(one, variants, options)]
    return replace(result, endpoints=ask_endpoints(questions, endpoints, runtime))


def _questions(one: RequestInput, variants: Sequence[Model], options: EstimateOptions) -> list[Question]:
    request, name = one.measured.request, one.source.name
    vendor = vendor_of(request.endpoint)
    found = []
    for model in _models_for(one, vendor, variants, options):
        try:
            question = count_request(one.body or {}, request.endpoint, _name_for(model, request.model, options))
        except RequestError as error:
            message = f"--count-with api: {name}: {error}"
            raise UsageError(message) from error
        offline = request_tokens(one.measured, model, tokenizer(model.counted_in))
        found.append(Question(path=name, request=question, offline=offline))
    return found


def _models_for(one: RequestInput, vendor: Vendor, variants: Sequence[Model], options: EstimateOptions) -> list[Model]:
    """Return the models of its vendor for which a request is counted: those of -m, else the one that it names."""
    own = [model for model in variants if model.provider == vendor]
    named = one.measured.request.model
    if options.adds_models_of_requests and named is not None:
        own = [model for model in own if model.id == options.pricing.find(named).id]
    if not own:
        api = VENDOR_APIS[vendor].name
        message = f"--count-with api: {one.source.name}: written for {api}, and none of its models is asked for"
        raise UsageError(message, hint="name one with -m")
    return own[:1] if options.adds_models_of_requests else own


def _name_for(model: Model, written: str | None, options: EstimateOptions) -> str:
    """Return the vendor's name of a model: the name in the body, if it means this model."""
    try:
        if written is not None and options.pricing.find(written).id == model.id:
            return written
    except UnknownModel:
        pass
    return model.snapshots[0] if model.provider == "anthropic" and model.snapshots else model.id
