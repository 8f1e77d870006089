#!/usr/bin/env bash
# Production waits for you, and takes deployments from main only.
set -euo pipefail
: "${OWNER:?your GitHub user or organisation}"
me=$(gh api user --jq .id)

gh api -X PUT "repos/$OWNER/parcel/environments/production" --silent --input - <<JSON
{"wait_timer": 0, "prevent_self_review": false,
 "reviewers": [{"type": "User", "id": $me}],
 "deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}
JSON
gh api -X POST "repos/$OWNER/parcel/environments/production/deployment-branch-policies" \
  -f name=main --silent
gh api "repos/$OWNER/parcel/environments/production" --jq '.protection_rules[].type'
