#!/bin/bash
# A release as PGXN takes it: build/db_advisor-VERSION.zip, of what is committed. Refused while META.json is not right.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# The version control's own says why: no repository, no commit, no program.
if ! git archive -o "$work/all.tar" HEAD || ! mkdir "$work/tree" || ! tar -xf "$work/all.tar" -C "$work/tree"; then
    echo "dist: a release is made of a commit in a git checkout" >&2
    exit 1
fi
/usr/bin/python3 tools/lint/meta.py "$work/tree" >&2 || exit 1
version=$(/usr/bin/python3 tools/lint/meta.py "$work/tree" --version) || exit 1
zip=build/db_advisor-$version.zip
mkdir -p build
git archive --format=zip --prefix="db_advisor-$version/" -o "$work/dist.zip" HEAD && mv "$work/dist.zip" "$zip" || exit 1
if [ -n "$(git status --porcelain)" ]; then echo "dist: what is not committed is left out" >&2; fi
echo "$zip"
