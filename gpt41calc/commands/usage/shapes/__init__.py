"""Readers of the log formats that ``usage`` supports, one module each.

A new format is a class with the methods of ``Shape`` and an entry here.
"""

from __future__ import annotations

from .aider import AiderAnalytics
from .anthropic_stream import AnthropicStream
from .bedrock import BedrockInvocations
from .claude_code import ClaudeCodeLog
from .codex import CodexLog
from .google import GoogleAnswers
from .langfuse import LangfuseObservations
from .litellm import LiteLLMLog
from .llm_logs import LLMLogs
from .nested import NestedBodies
from .openai_organization import OpenAIOrganization
from .openai_stream import OpenAIStream
from .opentelemetry import OpenTelemetrySpans
from .promptfoo import PromptfooResults
from .shape import FileContext, Shape

__all__ = ["SHAPES", "FileContext", "Shape"]

SHAPES: tuple[type[Shape], ...] = (
    OpenAIStream,
    AnthropicStream,
    CodexLog,
    ClaudeCodeLog,
    OpenAIOrganization,
    LiteLLMLog,
    LangfuseObservations,
    OpenTelemetrySpans,
    PromptfooResults,
    AiderAnalytics,
    LLMLogs,
    BedrockInvocations,
    GoogleAnswers,
    NestedBodies,  # accepts all other lines
)
"""The readers in the order in which they are tried; the first that recognises a line reads it."""
