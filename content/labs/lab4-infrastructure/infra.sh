#!/usr/bin/env bash
# What would change, then the change itself, then what the workflows need to know.
set -euo pipefail
: "${SUFFIX:?three to eight letters or digits, such as mk26}"
: "${OWNER:?your GitHub user or organisation}"

az bicep build --file infra/main.bicep --stdout > /dev/null
az deployment group what-if --resource-group rg-parcel \
  --template-file infra/main.bicep --parameters suffix="$SUFFIX"
az deployment group create --resource-group rg-parcel --name main \
  --template-file infra/main.bicep --parameters suffix="$SUFFIX" --output none
prefix=$(gh api -H "X-GitHub-Api-Version: 2026-03-10" \
  "repos/$OWNER/parcel/actions/oidc/customization/sub" --jq .sub_claim_prefix)
echo "subjects begin with $prefix"
az deployment group create --resource-group rg-parcel --name identity \
  --template-file infra/identity.bicep --parameters prefix="$prefix" --output none

client=$(az deployment group show -g rg-parcel -n identity --query properties.outputs.clientId.value -o tsv)
gh variable set AZURE_CLIENT_ID --body "$client"
gh variable set AZURE_TENANT_ID --body "$(az account show --query tenantId -o tsv)"
gh variable set AZURE_SUBSCRIPTION_ID --body "$(az account show --query id -o tsv)"
gh variable set APP --body "app-parcel-$SUFFIX"
for environment in staging production; do
  gh api -X PUT "repos/$OWNER/parcel/environments/$environment" --silent
done
gh variable list
