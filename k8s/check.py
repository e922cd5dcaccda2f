"""Checks rendered manifests for what the API schemas cannot say.

    python3 k8s/check.py rendered.yaml [other-rendering.yaml]

With a second file the two must hold the same resources.
"""

import sys
from pathlib import Path

import yaml

# Made outside: by k8s/secrets.sh and from deploy/, or by the city's store of secrets and its operators.
SECRETS = {
    "heju-registry": {"nats-url", "database-url"},
    "heju-committees": {"nats-url", "database-url"},
    "heju-funds": {"nats-url", "database-url"},
    "heju-gateway": {"nats-url", "accounts.json", "signing-key.pem"},
    "heju-migrate": {"nats-url"},
    "heju-sealing": {"current", "keys", "index"},
    "nats-passwords": set(),
    "postgres-passwords": set(),
}
CONFIG_MAPS_MADE_OUTSIDE = {"nats", "postgres", "collector"}
# Seconds between the end of the drain and the moment the pod is killed.
SPARE_S = 10


def load(path):
    return [document for document in yaml.safe_load_all(Path(path).read_text(encoding="utf-8")) if document]


def identity(resource):
    return f"{resource['kind']}/{resource['metadata']['name']}"


def check(resources):
    """One sentence for each thing that is wrong."""
    wrong = []
    of_kind = lambda *kinds: [resource for resource in resources if resource["kind"] in kinds]
    workloads = of_kind("Deployment", "StatefulSet", "Job")
    config_maps = {resource["metadata"]["name"]: resource for resource in of_kind("ConfigMap")}
    drain = sum(int(config_maps["heju"]["data"][key]) for key in ("HEJU__SHUTDOWN_GRACE_S", "HEJU__SHUTDOWN_DEADLINE_S"))

    for resource in workloads:
        name, pod = identity(resource), resource["spec"]["template"]["spec"]
        labels = resource["spec"]["template"]["metadata"]["labels"]
        if resource["kind"] != "Job":
            selector = resource["spec"]["selector"]["matchLabels"]
            if not selector.items() <= labels.items():
                wrong.append(f"{name}: its selector does not match its pods")
        if pod.get("automountServiceAccountToken") is not False:
            wrong.append(f"{name}: mounts a token of the API")
        if not pod.get("securityContext", {}).get("runAsNonRoot"):
            wrong.append(f"{name}: may run as root")
        volumes = {volume["name"] for volume in pod.get("volumes", [])}
        volumes |= {claim["metadata"]["name"] for claim in resource["spec"].get("volumeClaimTemplates", [])}
        for container in pod["containers"]:
            security = container.get("securityContext", {})
            if security.get("allowPrivilegeEscalation") is not False or not security.get("readOnlyRootFilesystem"):
                wrong.append(f"{name}: a container may gain rights or write to its root")
            if not container.get("resources", {}).get("requests"):
                wrong.append(f"{name}: asks for no resources")
            if container["image"].endswith(":latest") or ":" not in container["image"]:
                wrong.append(f"{name}: {container['image']} names no version")
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes:
                    wrong.append(f"{name}: mounts the volume {mount['name']}, which is not there")
            for source in container.get("envFrom", []):
                if "configMapRef" in source and source["configMapRef"]["name"] not in config_maps:
                    wrong.append(f"{name}: reads ConfigMap {source['configMapRef']['name']}, which is not there")
                if "secretRef" in source and source["secretRef"]["name"] not in SECRETS:
                    wrong.append(f"{name}: reads Secret {source['secretRef']['name']}, which nobody makes")
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                if reference and reference["key"] not in SECRETS.get(reference["name"], set()):
                    wrong.append(f"{name}: reads {reference['name']}/{reference['key']}, which nobody makes")
        for volume in pod.get("volumes", []):
            made = config_maps.keys() | CONFIG_MAPS_MADE_OUTSIDE
            if "configMap" in volume and volume["configMap"]["name"] not in made:
                wrong.append(f"{name}: mounts ConfigMap {volume['configMap']['name']}, which is not there")
            if "secret" in volume and volume["secret"]["secretName"] not in SECRETS:
                wrong.append(f"{name}: mounts Secret {volume['secret']['secretName']}, which nobody makes")

    for resource in of_kind("Deployment"):
        name, pod = resource["metadata"]["name"], resource["spec"]["template"]["spec"]
        if pod["containers"][0]["name"] != "heju":
            continue
        if pod.get("terminationGracePeriodSeconds", 30) < drain + SPARE_S:
            wrong.append(f"Deployment/{name}: is killed before its drain of {drain} s can end")
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if probe not in pod["containers"][0]:
                wrong.append(f"Deployment/{name}: has no {probe}")
        for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
            if not any(other["metadata"]["name"] == name for other in of_kind(kind)):
                wrong.append(f"Deployment/{name}: has no {kind} of its name")

    pods = [resource["spec"]["template"]["metadata"]["labels"] for resource in workloads]
    for service in of_kind("Service"):
        if not any(service["spec"]["selector"].items() <= labels.items() for labels in pods):
            wrong.append(f"{identity(service)}: selects no pod")
    policies = of_kind("NetworkPolicy")
    denies = [policy for policy in policies if policy["spec"]["podSelector"] == {} and not policy["spec"].get("ingress")]
    if not any(set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"} for policy in denies):
        wrong.append("no NetworkPolicy denies what is not allowed")
    return wrong


def main():
    resources = load(sys.argv[1])
    wrong = check(resources)
    if len(sys.argv) > 2:
        key = lambda resource: (resource["kind"], resource["metadata"]["name"])
        ours, theirs = sorted(resources, key=key), sorted(load(sys.argv[2]), key=key)
        if [key(resource) for resource in ours] != [key(resource) for resource in theirs]:
            wrong.append("render.py and kubectl render different resources")
        wrong += [f"{identity(a)}: render.py and kubectl differ" for a, b in zip(ours, theirs) if a != b]
    for sentence in wrong:
        print(f"  {sentence}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
