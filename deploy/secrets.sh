#!/usr/bin/env bash
# Prints an environment file for compose.yaml with passwords and keys made at random.
# Keep it: personal data that was sealed with these keys cannot be opened without them.
set -euo pipefail

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# A letter first: the configuration of NATS would read a password of digits as a number.
for name in NATS_REGISTRY NATS_COMMITTEES NATS_FUNDS NATS_GATEWAY NATS_MIGRATE NATS_STREET \
            POSTGRES DATABASE_REGISTRY DATABASE_COMMITTEES DATABASE_FUNDS; do
  printf '%s_PASSWORD=p%s\n' "$name" "$(random 20)"
done
printf 'HEJU_SEALING_KEY=%s\n' "$(random 32)"
printf 'HEJU_SEALING_INDEX=%s\n' "$(random 32)"
