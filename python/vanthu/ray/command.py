"""The command ``vanthu ray``: a run begun here, or handed to a cluster."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Settings

if TYPE_CHECKING:
    from ray.job_submission import JobSubmissionClient

_AGENT_SECONDS = 60.0

_FAILED = 1
_SOME_FAILED = 2
"""As ``vanthu ingest`` ends when single inputs failed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command ``vanthu ray``. Gives the exit code."""
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as end:
        # argparse ends with 2, which says here that single inputs failed.
        return _FAILED if end.code else 0
    try:
        settings = _settings(given)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return _FAILED
    return _submit(given) if given.command == "submit" else _ingest(given, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vanthu ray", description="Reads documents on a Ray cluster.")
    commands = parser.add_subparsers(dest="command", required=True)
    ingest = commands.add_parser("ingest", help="read files from a node of the cluster, or on this machine alone")
    submit = commands.add_parser("submit", help="start the reading on a cluster and show its log")
    for command in (ingest, submit):
        command.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, or address as s3://bucket/prefix")
        command.add_argument("--out", required=True, help="folder or address that all nodes reach")
        command.add_argument("--lexicon", help="a word list of your own, at the same path on all nodes")
        command.add_argument("--workers", type=int, help="readers at a time; without it, one a processor")
        command.add_argument("--memory", type=int, metavar="MIB", help="memory of one reader, in MiB")
        command.add_argument("--retry-failed", action="store_true", help="read again what failed before")
    ingest.add_argument("--address", help="of the cluster; without it, the one that is at hand, or this machine")
    submit.add_argument("--address", default="http://127.0.0.1:8265", help="of the cluster's dashboard")
    submit.add_argument("--wheel", type=Path, help="a wheel of vanthu that the nodes use for this run")
    submit.add_argument("--no-wait", action="store_true", help="end as soon as the cluster has it")
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    settings = Settings(workers=given.workers, retry_failed=given.retry_failed)
    return settings if given.memory is None else dataclasses.replace(settings, memory=given.memory << 20)


def _ingest(given: argparse.Namespace, settings: Settings) -> int:
    from .. import Options, VanthuError
    from . import ingest

    try:
        report = ingest(
            given.paths, given.out, options=Options(lexicon=given.lexicon), settings=settings, address=given.address
        )
    except (VanthuError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _FAILED
    for node in report.refused:
        print(f"warning: node {node.address} was not used: {node.why}", file=sys.stderr)
    print(
        f"{report.documents} records of {report.pages} pages, {report.failed} failed, {report.skipped} skipped, "
        f"{report.unchanged} unchanged, {report.seconds:.0f} s: {given.out}"
    )
    if report.dead_letters > report.failed:
        print(f"{report.dead_letters} inputs without a record stand in {given.out}/failed, those of earlier runs too")
    return _SOME_FAILED if report.dead_letters else 0


def _submit(given: argparse.Namespace) -> int:
    from ray.job_submission import JobStatus, JobSubmissionClient

    command = ["python", "-m", "vanthu.ray", "ingest", *given.paths, "--out", given.out]
    for flag in ("lexicon", "workers", "memory"):
        if getattr(given, flag) is not None:
            command += [f"--{flag}", str(getattr(given, flag))]
    if given.retry_failed:
        command.append("--retry-failed")
    runtime = {} if given.wheel is None else {"py_modules": [str(given.wheel)]}
    try:
        client = JobSubmissionClient(given.address)
        job = _started(client, shlex.join(command), runtime)
    except (ConnectionError, RuntimeError, ValueError) as error:
        print(f"error: the cluster at {given.address} does not take it: {error}", file=sys.stderr)
        return _FAILED
    print(f"{job} runs; its progress is shown at {given.address}")
    if given.no_wait:
        return 0
    asyncio.run(_show_log(client, job))
    status = client.get_job_status(job)
    if status == JobStatus.SUCCEEDED:
        return 0
    code = client.get_job_info(job).driver_exit_code
    return _SOME_FAILED if code == _SOME_FAILED else _FAILED


async def _show_log(client: JobSubmissionClient, job: str) -> None:
    """Shows the log of a job until it ends."""
    async for lines in client.tail_job_logs(job):
        print(lines, end="", flush=True)


def _started(client: JobSubmissionClient, entrypoint: str, runtime: dict[str, list[str]]) -> str:
    """The job's id. A cluster that has just been started has no agent for jobs yet."""
    end = time.monotonic() + _AGENT_SECONDS
    while True:
        try:
            return client.submit_job(entrypoint=entrypoint, runtime_env=runtime)
        except RuntimeError as error:
            if "No available agent" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(2)
