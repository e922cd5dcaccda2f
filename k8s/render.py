"""Renders an overlay as `kubectl kustomize` does, for machines that have no kubectl.

It knows the part of kustomize that is used here and refuses everything else: resources, namespace, labels, images and
strategic-merge patches. `check.sh` compares it with the real one wherever kubectl is installed.

    python3 k8s/render.py k8s/overlays/demo
"""

import copy
import sys
from pathlib import Path

import yaml

KNOWN = {"apiVersion", "kind", "resources", "namespace", "labels", "images", "patches"}
# What lists of maps are merged by; any other list is replaced.
MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
CLUSTER_SCOPED = {"Namespace"}


def fail(message):
    sys.exit(f"render.py: {message}")


def merge(base, patch, key=None):
    """`base` with `patch` laid over it, as a strategic merge does."""
    if isinstance(base, dict) and isinstance(patch, dict):
        merged = dict(base)
        for name, value in patch.items():
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = merge(merged[name], value, name) if name in merged else copy.deepcopy(value)
        return merged
    by = MERGE_KEYS.get(key)
    if isinstance(base, list) and isinstance(patch, list) and by:
        merged = list(base)
        for item in patch:
            at = next((i for i, known in enumerate(merged) if known.get(by) == item.get(by)), None)
            if item.get("$patch") == "delete":
                if at is None:
                    fail(f"nothing to delete for {item}")
                merged.pop(at)
            elif at is None:
                # A new item goes first, as kustomize does it.
                merged.insert(0, copy.deepcopy(item))
            else:
                merged[at] = merge(merged[at], item)
        return merged
    return copy.deepcopy(patch)


def identity(resource):
    return (resource["apiVersion"], resource["kind"], resource["metadata"]["name"])


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def pod_templates(resource):
    template = resource.get("spec", {}).get("template")
    return [template] if isinstance(template, dict) else []


def render(folder):
    """The resources of a folder with a kustomization."""
    settings = documents(folder / "kustomization.yaml")[0]
    if unknown := set(settings) - KNOWN:
        fail(f"{folder}: does not know {', '.join(sorted(unknown))}")
    resources = []
    for name in settings.get("resources", []):
        path = folder / name
        resources += render(path.resolve()) if path.is_dir() else documents(path)
    for entry in settings.get("patches", []):
        if set(entry) != {"path"}:
            fail(f"{folder}: a patch is named by its path alone")
        for patch in documents(folder / entry["path"]):
            at = [i for i, resource in enumerate(resources) if identity(resource) == identity(patch)]
            if len(at) != 1:
                fail(f"{folder}: {entry['path']} patches {identity(patch)}, which is there {len(at)} times")
            resources[at[0]] = merge(resources[at[0]], patch)
    for entry in settings.get("labels", []):
        if entry.get("includeSelectors"):
            fail(f"{folder}: labels do not go into selectors")
        for resource in resources:
            targets = [resource] + (pod_templates(resource) if entry.get("includeTemplates") else [])
            for target in targets:
                metadata = target.setdefault("metadata", {})
                metadata["labels"] = {**metadata.get("labels", {}), **entry["pairs"]}
    if namespace := settings.get("namespace"):
        for resource in resources:
            if resource["kind"] not in CLUSTER_SCOPED:
                resource["metadata"]["namespace"] = namespace
    for image in settings.get("images", []):
        for template in (template for resource in resources for template in pod_templates(resource)):
            for container in template["spec"].get("containers", []) + template["spec"].get("initContainers", []):
                if container["image"].split(":")[0] == image["name"]:
                    container["image"] = f"{image.get('newName', image['name'])}:{image['newTag']}"
    names = [identity(resource) for resource in resources]
    if twice := {name for name in names if names.count(name) > 1}:
        fail(f"{folder}: {twice} is there twice")
    return resources


if __name__ == "__main__":
    if len(sys.argv) != 2:
        fail("name the folder of an overlay")
    yaml.safe_dump_all(render(Path(sys.argv[1]).resolve()), sys.stdout, sort_keys=False, allow_unicode=True)
