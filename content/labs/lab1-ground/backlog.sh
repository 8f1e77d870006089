#!/usr/bin/env bash
# One epic, two stories, a bug, and the sprint they belong to.
set -euo pipefail

new() {  # type, title, then further options
  az boards work-item create --type "$1" --title "$2" "${@:3}" --query id --output tsv
}

epic=$(new Epic "Customers see what a parcel costs")
for title in "Quote for a parcel" "Health page for operations"; do
  story=$(new "User Story" "$title")
  az boards work-item relation add --id "$story" --relation-type parent --target-id "$epic" --output none
  echo "story $story: $title"
done
bug=$(new Bug "A quote without a weight ends in an error" --fields "Microsoft.VSTS.Common.Severity=2 - High")
echo "bug $bug"
