#!/usr/bin/env bash
# A key was committed. Rewrite a mirror clone so that no commit holds it. Needs git-filter-repo.
set -euo pipefail
git init -q -b main leaky
git -C leaky config user.name Reader
git -C leaky config user.email reader@example.org
echo "CARRIER_KEY=k-12345" > leaky/settings.env
git -C leaky add . && git -C leaky commit -qm "Settings"
echo "print('parcel')" > leaky/app.py
git -C leaky add . && git -C leaky commit -qm "Application"

git clone -q --mirror leaky leaky.git
cd leaky.git
git filter-repo --quiet --invert-paths --path settings.env
if git log --all --format=%H -- settings.env | grep -q .; then
  echo "still there"
  exit 1
fi
git log --oneline --all
