#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: the owner, the application's role and the database.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE mall_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE mall_app LOGIN NOINHERIT PASSWORD :'app_password';
CREATE ROLE mall_supplier NOLOGIN;
GRANT mall_supplier TO mall_app, mall_owner;
SQL
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname template1 --file /etc/mall/roles.sql
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --command 'CREATE DATABASE mall OWNER mall_owner'
