#!/usr/bin/env bash
# Renders every overlay and checks it: against the schemas of the API, against what our manifests promise, and, where
# kubectl is installed, against what the real kustomize renders. Needs python3; installs its tools into the cache folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/heju/k8s"
# The oldest and the newest version that a city may run.
versions=(1.30.0 1.37.0)

python="$cache/bin/python"
if ! "$python" -c 'import yaml, kubernetes_validate' 2>/dev/null; then
  # A virtual environment where Python can make one, else packages in a folder.
  rm -rf "$cache"
  if python3 -m venv "$cache" 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --quiet 'PyYAML==6.*' 'kubernetes-validate==1.37.*'
  else
    rm -rf "$cache" && mkdir -p "$cache/bin" "$cache/lib"
    python3 -m pip install --quiet --target "$cache/lib" 'PyYAML==6.*' 'kubernetes-validate==1.37.*'
    printf '#!/bin/sh\nPYTHONPATH="%s" exec python3 "$@"\n' "$cache/lib" >"$python"
    chmod +x "$python"
  fi
fi

rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
failed=0
for overlay in "$here"/overlays/*/; do
  name=$(basename "$overlay")
  "$python" "$here/render.py" "$overlay" >"$rendered/$name.yaml"
  with_kubectl=()
  if command -v kubectl >/dev/null; then
    kubectl kustomize "$overlay" >"$rendered/$name.kubectl.yaml"
    with_kubectl=("$rendered/$name.kubectl.yaml")
  fi
  "$python" "$here/check.py" "$rendered/$name.yaml" "${with_kubectl[@]}" || failed=1
  for version in "${versions[@]}"; do
    "$python" -m kubernetes_validate --strict --quiet --kubernetes-version "$version" "$rendered/$name.yaml" || failed=1
  done
  echo "k8s/overlays/$name: $(grep -c '^kind:' "$rendered/$name.yaml") resources, Kubernetes ${versions[*]}${with_kubectl:+, same as kubectl}"
done
exit "$failed"
