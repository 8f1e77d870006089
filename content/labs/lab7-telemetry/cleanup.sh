#!/usr/bin/env bash
# All of it goes: resources, vault, budget, project, repository.
set -euo pipefail
: "${SUFFIX:?as in lab 4}"
: "${OWNER:?your GitHub user or organisation}"

az group delete --name rg-parcel --yes
az keyvault purge --name "kv-parcel-$SUFFIX" || echo "no vault to purge"
az rest --method delete \
  --url "/subscriptions/$(az account show --query id -o tsv)/providers/Microsoft.Consumption/budgets/budget-parcel?api-version=2023-05-01"
az devops project delete --id "$(az devops project show --project parcel --query id -o tsv)" --yes
gh auth refresh --scopes delete_repo
gh repo delete "$OWNER/parcel" --yes

az resource list --resource-group rg-parcel --query "length(@)" 2>/dev/null || echo "rg-parcel is gone"
