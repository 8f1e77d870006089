#!/usr/bin/env bash
# The same rules on Azure Repos: a copy of the repository, and policies on its main.
set -euo pipefail
: "${OWNER:?your GitHub user or organisation}"

az repos create --name parcel-mirror --output none
az repos import create --repository parcel-mirror \
  --git-source-url "https://github.com/$OWNER/parcel.git" --output none
id=$(az repos show --repository parcel-mirror --query id --output tsv)

az repos policy approver-count create --repository-id "$id" --branch main \
  --blocking true --enabled true --minimum-approver-count 1 --creator-vote-counts true \
  --allow-downvotes false --reset-on-source-push true --output none
az repos policy comment-required create --repository-id "$id" --branch main \
  --blocking true --enabled true --output none
az repos policy work-item-linking create --repository-id "$id" --branch main \
  --blocking true --enabled true --output none
az repos policy merge-strategy create --repository-id "$id" --branch main \
  --blocking true --enabled true --allow-squash true --output none
az repos policy list --repository-id "$id" --query "[].type.displayName" --output tsv
