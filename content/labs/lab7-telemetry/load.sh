#!/usr/bin/env bash
# Sixty requests; each fifth forgets the weight.
set -euo pipefail
: "${SUFFIX:?as in lab 4}"
host=$(az webapp show -g rg-parcel -n "app-parcel-$SUFFIX" --query defaultHostName -o tsv)
for number in $(seq 1 60); do
  query="?weight=$((number % 9 + 1))"
  if ((number % 5 == 0)); then query=""; fi
  curl --silent --output /dev/null --write-out "%{http_code}\n" \
    "https://$host/parcels/$number/quote$query"
done | sort | uniq -c
