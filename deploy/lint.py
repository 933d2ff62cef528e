"""Checks everything under deploy/ without Docker, Grafana or a cluster: `make lint-deploy`.

What needs a tool that is not there is skipped, and said so. Exit 1 when a check fails.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
BUILD = ROOT / "build" / "deploy"
OVERLAYS = ("development", "production")
KUBERNETES = "1.33"
KUSTOMIZE = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
# Kinds that Kubernetes' own schemas do not have.
TYPED = {"ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule"}


class MissingToolError(Exception):
    """What a check needs, and is not on this machine."""


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    """Runs a tool of this environment or of the machine; its output. Raises on a failure."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    tool = shutil.which(str(command[0]), path=path)
    if not tool:
        raise MissingToolError(str(command[0]))
    done = subprocess.run(
        [tool, *command[1:]], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def dockerfile() -> None:
    """The Dockerfile, with hadolint."""
    run("hadolint", DEPLOY / "Dockerfile")


def compose() -> None:
    """The compose file, against the compose specification's schema."""
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")


def yaml_style() -> None:
    """Style of all YAML, with yamllint."""
    run("yamllint", "--strict", "-c", DEPLOY / "yamllint.yml", "docker-compose.yml", "deploy")


def prometheus() -> None:
    """Configuration, rules and their tests, with promtool."""
    folder = DEPLOY / "prometheus"
    run("promtool", "check", "config", "prometheus.yml", cwd=folder)
    run("promtool", "test", "rules", *sorted((folder / "tests").glob("*.yml")), cwd=folder)


def dashboards() -> None:
    """The dashboards are what their Python builds."""
    run(sys.executable, DEPLOY / "grafana" / "build.py", BUILD / "dashboards")
    for built in sorted((BUILD / "dashboards").glob("*.json")):
        if built.read_text() != (DEPLOY / "grafana" / "dashboards" / built.name).read_text():
            raise RuntimeError(f"{built.name} is not current: python deploy/grafana/build.py")


def kubernetes() -> None:
    """Every overlay renders, and its objects have the fields that Kubernetes knows."""
    for overlay in OVERLAYS:
        rendered = _rendered(overlay)
        core = [thing for thing in yaml.safe_load_all(rendered.read_text()) if thing["kind"] not in TYPED]
        known = rendered.with_suffix(".core.yaml")
        known.write_text(yaml.safe_dump_all(core))
        run("kubernetes-validate", "--strict", "--quiet", "-k", KUBERNETES, known)


def types() -> None:
    """Dashboards, KEDA's objects and the Prometheus operator's, with tsc against the types of their makers."""
    folder = BUILD / "types"
    shutil.copytree(DEPLOY / "types", folder, dirs_exist_ok=True)
    run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", cwd=folder)
    things = list(_typed())
    names = ", ".join(sorted({kind for kind, _ in things}))
    lines = [f'import type {{ {names} }} from "./types";']
    lines += [f"export const v{n}: {kind} = {json.dumps(thing)};" for n, (kind, thing) in enumerate(things)]
    (folder / "checked.ts").write_text("\n".join(lines) + "\n")
    run("npx", "--no-install", "tsc", "-p", ".", cwd=folder)


def _typed() -> Iterator[tuple[str, Any]]:
    for file in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        yield "Dashboard", json.loads(file.read_text())
    try:
        rendered = [_rendered(overlay) for overlay in OVERLAYS]
    except MissingToolError:
        return  # said by the check of the overlays
    for file in rendered:
        for thing in yaml.safe_load_all(file.read_text()):
            if thing["kind"] in TYPED:
                yield thing["kind"], thing


def _rendered(overlay: str) -> Path:
    file = BUILD / f"{overlay}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(run(_kustomize(), "build", DEPLOY / "kubernetes" / "overlays" / overlay))
    return file


def _kustomize() -> Path | str:
    if shutil.which("kustomize"):
        return "kustomize"
    binary = BUILD / "bin" / "kustomize"
    if not binary.exists():
        try:
            run("go", "install", KUSTOMIZE, GOBIN=str(binary.parent))
        except MissingToolError:
            raise MissingToolError("kustomize, or go to build it") from None
    return binary


def check_all(checks: Sequence[Callable[[], None]]) -> int:
    """Runs the checks and says how each went; 1 when one failed, else 0."""
    status = 0
    for check in checks:
        what = (check.__doc__ or "").strip()
        try:
            check()
            print(f"ok       {what}", flush=True)
        except MissingToolError as missing:
            print(f"skipped  {what} (no {missing})", flush=True)
        except RuntimeError as error:
            status = 1
            print(f"failed   {what}\n{error}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(check_all((dockerfile, compose, yaml_style, prometheus, dashboards, kubernetes, types)))
