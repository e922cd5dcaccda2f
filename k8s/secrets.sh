#!/usr/bin/env bash
# Prints the Secrets of the demonstration, made at random, for a namespace:
#   k8s/secrets.sh accounts.json | kubectl apply --namespace heju-demo --filename -
# A city makes the same Secrets (same names, same keys) from its own store of secrets.
set -euo pipefail

accounts=${1:?name the file of accounts: one that cargo xtask up made, or your own}
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
password() { printf 'p%s' "$(random 20)"; }

secret() { # name, then key=value …
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: Opaque\nstringData:\n' "$1"
  shift
  for pair in "$@"; do printf '  %s: "%s"\n' "${pair%%=*}" "${pair#*=}"; done
}

postgres=("POSTGRES_PASSWORD=$(password)")
nats=()
for service in registry committees funds; do
  database=$(password) bus=$(password)
  postgres+=("HEJU_${service^^}_PASSWORD=$database")
  nats+=("NATS_${service^^}_PASSWORD=$bus")
  secret "heju-$service" "nats-url=nats://$service:$bus@nats:4222" \
    "database-url=postgres://heju_$service:$database@postgres/heju_$service"
done
for service in gateway migrate; do
  bus=$(password)
  nats+=("NATS_${service^^}_PASSWORD=$bus")
  secret "heju-$service" "nats-url=nats://$service:$bus@nats:4222"
  if [ "$service" = gateway ]; then
    printf '  accounts.json: |\n'
    sed 's/^/    /' "$accounts"
    # The signing key of the built-in issuer: Ed25519, PKCS#8.
    printf '  signing-key.pem: |\n'
    openssl genpkey -algorithm ed25519 | sed 's/^/    /'
  fi
done
nats+=("NATS_STREET_PASSWORD=$(password)")
secret nats-passwords "${nats[@]}"
secret postgres-passwords "${postgres[@]}"
secret heju-sealing "current=k1" "keys=k1:$(random 32)" "index=$(random 32)"
