#!/usr/bin/env bash
# Resource group with a budget, project, repository. Run it once, from an empty folder.
set -euo pipefail
: "${ORG:?the Azure DevOps organisation, such as contoso}"
: "${OWNER:?your GitHub user or organisation}"
: "${MAIL:?where the budget sends its mail}"

az deployment sub create --name ground --location westeurope \
  --template-file infra/ground.bicep --parameters mail="$MAIL"

az extension add --name azure-devops --upgrade --yes
az devops configure --defaults organization="https://dev.azure.com/$ORG" project=parcel
az devops project create --name parcel --process Agile --visibility private

git init -b main
git add .
git commit -m "The parcel API"
gh repo create "$OWNER/parcel" --public --source . --push
