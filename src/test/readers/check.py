#!/usr/bin/env python3
"""Asks independent YAML readers whether they see in the edited files what the editor meant.

For every pair before/after below src/test/resources/edits each reader loads both. They may differ in the image alone:
a changed or new value must be a string made of the release, and nothing else may change, come or go. kustomize in
addition builds the edited kustomization and must render the released image.

Usage: check.py            all pairs; a reader that is not installed is skipped, and said to be
       check.py --require  a missing reader is a failure
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

EDITS = pathlib.Path(__file__).resolve().parent.parent / "resources" / "edits"
API = "ghcr.io/acme/api"
IMAGE_KEYS = {"images", "name", "newName", "newTag", "digest", "tag", "tagSuffix", "registry", "repository"}


def pairs():
    for properties in sorted(EDITS.glob("*/*/case.properties")):
        case = dict(line.split("=", 1) for line in properties.read_text("utf-8").splitlines())
        after = properties.parent / "after.yaml"
        if after.exists():
            yield properties.parent, case["release"], properties.parent / "before.yaml", after


def differences(before, after, path=""):
    """Yields (path, old, new) for every leaf that differs, came or went."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key), after.get(key), f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for i in range(max(len(before), len(after))):
            old = before[i] if i < len(before) else None
            new = after[i] if i < len(after) else None
            yield from differences(old, new, f"{path}[{i}]")
    elif isinstance(after, dict):
        for key, value in after.items():
            yield from differences(None, value, f"{path}.{key}")
    elif isinstance(after, list):
        for i, value in enumerate(after):
            yield from differences(None, value, f"{path}[{i}]")
    elif type(before) is not type(after) or before != after:
        yield path, before, after


def complaints(before, after, release):
    repository, _, version = release.rpartition(":") if "/" in release else ("", "", release)
    parts = version.split("@")
    changed = list(differences(before, after))
    for path, old, new in changed:
        key = path.rstrip("]0123456789[").rsplit(".", 1)[-1]
        if new is None or new == "":
            if key not in IMAGE_KEYS:
                yield f"{path}: {old!r} went away"
        elif not isinstance(new, str):
            yield f"{path}: {new!r} is a {type(new).__name__}, not a string"
        elif not (any(part in new for part in parts) or new == API or new in repository):
            yield f"{path}: {new!r} is not of the release {release}"


class Disagreement(Exception):
    pass


def pyyaml():
    import yaml

    return f"PyYAML {yaml.__version__} (YAML 1.1)", lambda file: list(yaml.safe_load_all(text(file)))


def ruamel():
    import ruamel.yaml

    def load(file):
        reader = ruamel.yaml.YAML(typ="safe", pure=True)
        return list(reader.load_all(text(file)))

    return f"ruamel.yaml {ruamel.yaml.__version__} (YAML 1.2)", load


def go_yaml():
    version = subprocess.run(["yq", "--version"], capture_output=True, text=True, check=True).stdout
    if "mikefarah" not in version:
        raise ImportError("the yq here is not mikefarah's")

    def load(file):
        command = ["yq", "-o=json", "-I=0", "explode(.)", str(file)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Disagreement(done.stderr.strip())
        return [json.loads(line) for line in done.stdout.splitlines() if line]

    return f"yq {version.split()[-1]} (go-yaml)", load


def text(file):
    return file.read_bytes().decode("utf-8")


def compare(reader):
    name, load = reader()
    seen = failed = 0
    unread = []
    for folder, release, before, after in pairs():
        label = f"{folder.parent.name}/{folder.name}"
        try:
            old = load(before)
        except Exception as e:  # What the reader cannot read before the edit says nothing about the edit.
            unread.append(f"{label} ({str(e).splitlines()[0]})")
            continue
        try:
            found = list(complaints(old, load(after), release))
        except Exception as e:
            found = [f"cannot be read any more: {e}"]
        seen += 1
        failed += bool(found)
        for complaint in found:
            print(f"  {label}: {complaint}")
    print(f"{name}: {seen - failed} of {seen} pairs agree")
    for label in unread:
        print(f"  could not read before the edit either: {label}")
    return failed


POD = f"""apiVersion: v1
kind: Pod
metadata: {{name: it}}
spec: {{containers: [{{name: it, image: {API}}}]}}
"""


def kustomize():
    if not shutil.which("kustomize"):
        raise ImportError("kustomize is not installed")
    version = subprocess.run(["kustomize", "version"], capture_output=True, text=True, check=True).stdout.strip()
    seen = failed = 0
    for folder, release, _, after in pairs():
        content = text(after)
        # Others name files that are not there, or start in a way that no line can be put before.
        if folder.parent.name != "kustomize" or not content.startswith("images:") or "resources" in content:
            continue
        with tempfile.TemporaryDirectory() as work:
            root = pathlib.Path(work)
            (root / "pod.yaml").write_text(POD)
            (root / "kustomization.yaml").write_bytes(b"resources: [pod.yaml]\n" + after.read_bytes())
            done = subprocess.run(["kustomize", "build", work], capture_output=True, text=True)
        if API not in content or f"newName: {API}" in content:
            continue
        wanted = release.rsplit("/", 1)[-1]
        seen += 1
        if done.returncode or wanted not in done.stdout.split("image:", 1)[-1].split("\n", 1)[0]:
            failed += 1
            print(f"  {folder.name}: wanted {wanted}, got {done.stdout or done.stderr}")
    print(f"kustomize {version}: {seen - failed} of {seen} kustomizations render the release")
    return failed


def main():
    failed = 0
    for check in (lambda: compare(pyyaml), lambda: compare(ruamel), lambda: compare(go_yaml), kustomize):
        try:
            failed += check()
        except (ImportError, FileNotFoundError) as e:
            print(f"SKIPPED: {e}")
            failed += "--require" in sys.argv
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
