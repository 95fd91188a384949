"""Runs the steps of action.yml as a runner of GitHub does, as far as this action needs it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]

_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


@dataclass(frozen=True)
class Ran:
    """What came of a run."""

    status: int
    """The exit status of the step that failed, or 0."""

    log: str
    """What the steps wrote."""

    outputs: dict[str, str]
    """The outputs of the action."""

    summary: str
    """What was added to the page of the job."""


@dataclass
class Runner:
    """A machine on which jobs run."""

    workspace: Path
    """The checkout."""

    temporary: Path
    """An empty folder."""

    environment: dict[str, str]
    """What is in the environment of every step."""

    token: str = ""
    """The token of the job."""

    pull_request: int | None = None
    """The number of the pull request that the job is about."""

    artifact_url: str = ""
    """The address that the server gives an artifact. Empty if it keeps none."""

    used: list[dict[str, str]] = field(default_factory=list)
    """What other actions were given."""

    programs: Path | None = None
    """Where gpt41calc is installed. None if the action installs it."""

    def run(self, **inputs: str) -> Ran:
        """Run the action, to its end or to the first step that fails."""
        context = {f"inputs.{name}": str(one["default"]) for name, one in ACTION["inputs"].items()}
        context["github.token"] = self.token
        context = {name: _filled(value, context) for name, value in context.items()}
        given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        assert given.keys() <= context.keys()
        context |= given
        files = {name: self.temporary / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        status, log = 0, ""
        for step in STEPS:
            ended = self._step(step, context, files)
            status, log = ended.returncode, log + ended.stdout
            if status:
                break
        outputs = {name: _filled(one["value"], context) for name, one in ACTION["outputs"].items()}
        return Ran(status, log, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"))

    def _step(
        self, step: Mapping[str, Any], context: dict[str, str], files: Mapping[str, Path]
    ) -> subprocess.CompletedProcess[str]:
        """Run a step and take its outputs, unless it is not to be run."""
        for file in files.values():
            file.touch()
        files["GITHUB_OUTPUT"].write_text("", encoding="utf-8")
        nothing = subprocess.CompletedProcess[str]([], 0, "")
        if "if" in step and not _holds(step["if"], context):
            return nothing
        if "uses" in step:
            context[f"steps.{step['id']}.outputs.artifact-url"] = self.artifact_url
            self.used.append({name: _filled(str(value), context) for name, value in step["with"].items()})
            return nothing
        if step.get("id") == "install" and self.programs is not None:
            context |= {"steps.install.outputs.folder": str(self.temporary)}
            context |= {"steps.install.outputs.programs": str(self.programs)}
            return nothing
        script, event = self.temporary / "step.sh", self.temporary / "event.json"
        script.write_text(step["run"], encoding="utf-8")
        event.write_text(json.dumps({"pull_request": {"number": self.pull_request}} if self.pull_request else {}))
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],  # noqa: S607 - where it is differs
            cwd=self.workspace / _filled(step.get("working-directory", "."), context),
            env=self.environment
            | {name: str(file) for name, file in files.items()}
            | {"GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(self.temporary)}
            | {"GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "shop/cart"}
            | {name: _filled(value, context) for name, value in step.get("env", {}).items()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
        )
        for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            context[f"steps.{step['id']}.outputs.{name}"] = value
        return ended


def _filled(text: str, context: Mapping[str, str]) -> str:
    """Return a text with its expressions replaced; what a step has not set is empty."""
    return _EXPRESSION.sub(lambda match: _named(match[1], context), text)


def _named(name: str, context: Mapping[str, str]) -> str:
    return context.get(name, "") if name.startswith("steps.") else context[name]


def _holds(condition: str, context: Mapping[str, str]) -> bool:
    """Return whether every comparison of a condition holds."""
    for term in condition.split(" && "):
        match = re.fullmatch(r"(\S+) (==|!=) '(.*)'", term)
        assert match, term
        if (_named(match[1], context) == match[3]) != (match[2] == "=="):
            return False
    return True
