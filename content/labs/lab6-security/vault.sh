#!/usr/bin/env bash
# A vault, a key in it, and an application that reads the key without knowing it.
set -euo pipefail
: "${SUFFIX:?as in lab 4}"

readers=$(az deployment group show -g rg-parcel -n main --query properties.outputs.principals.value -o json)
writer=$(az ad signed-in-user show --query id -o tsv)
az deployment group create -g rg-parcel --name vault --template-file infra/vault.bicep --output none \
  --parameters suffix="$SUFFIX" readers="$readers" writer="$writer"

echo "waiting for the role assignment"
sleep 60
az keyvault secret set --vault-name "kv-parcel-$SUFFIX" --name CarrierKey \
  --value "$(openssl rand -hex 16)" --query attributes.created --output tsv
az deployment group create -g rg-parcel --name main --template-file infra/main.bicep --output none \
  --parameters suffix="$SUFFIX" vaultName="kv-parcel-$SUFFIX"

host=$(az webapp show -g rg-parcel -n "app-parcel-$SUFFIX" --query defaultHostName -o tsv)
curl --silent --output /dev/null --write-out "without the key: %{http_code}\n" "https://$host/carrier/rates"
curl --silent --write-out "\nwith the key: %{http_code}\n" --retry 6 --retry-delay 10 --retry-all-errors --fail \
  "https://$host/parcels/7/quote?weight=2"
