#!/usr/bin/env bash
# Six rescues on a scratch repository. Nothing here touches your own work.
set -euo pipefail
mkdir scratch && cd scratch
git init -q -b main
git config user.name Reader
git config user.email reader@example.org

save() { echo "$2" >> "$1"; git add "$1"; git commit -qm "$3"; }
save app.py one "First"
git tag -a v1.0.0 -m "Release 1.0.0"
save app.py two "Second"
save notes.txt bad "A bad commit"
bad=$(git rev-parse HEAD)
save app.py three "Third"

echo "1 revert a commit that others have"
git revert --no-edit "$bad"
test ! -e notes.txt

echo "2 get back what reset threw away"
git reset -q --hard HEAD~2
git reflog -2
git branch rescue "HEAD@{1}"
git merge -q --ff-only rescue

echo "3 a fix from main on the release branch"
save fix.txt fixed "Round the price"
git switch -qc release/1.0 v1.0.0
git cherry-pick -x main
git log -1 --format=%B | grep "cherry picked from"

echo "4 one file as it was"
git switch -q main
git restore --source=v1.0.0 app.py
test "$(wc -l < app.py)" -eq 1
git restore app.py
test "$(wc -l < app.py)" -eq 3

echo "5 a merge that was a mistake"
git switch -qc feature
save feature.txt new "A feature"
git switch -q main
git merge -q --no-ff -m "Merge the feature" feature
git revert --no-edit -m 1 HEAD
test ! -e feature.txt

echo "6 a branch deleted too early"
lost=$(git rev-parse feature)
git branch -qD feature
git branch feature "$lost"
git describe --tags
