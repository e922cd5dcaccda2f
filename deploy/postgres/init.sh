#!/bin/sh
# Run once by the image of PostgreSQL when its data folder is empty: a role and a database for each service.
# Nobody but its own role may connect to a service's database.
set -eu

for service in registry committees funds; do
  role="heju_$service"
  case "$service" in
    registry) password="$HEJU_REGISTRY_PASSWORD" ;;
    committees) password="$HEJU_COMMITTEES_PASSWORD" ;;
    funds) password="$HEJU_FUNDS_PASSWORD" ;;
  esac
  psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set role="$role" --set password="$password" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password' CONNECTION LIMIT 100;
CREATE DATABASE :"role" OWNER :"role" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
