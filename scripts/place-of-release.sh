#!/usr/bin/env bash
# What a release may be called among the releases of the repository, as outputs of a step. A patch of an older line must
# not move back what people follow: `latest` of npm and GitHub, and the major tags of action and image.
#   TAG=v1.2.3 REPOSITORY=owner/name bash scripts/place-of-release.sh >>"$GITHUB_OUTPUT"
set -euo pipefail
made="$(gh api --paginate "repos/$REPOSITORY/releases" --jq '.[] | select(.draft or .prerelease | not) | .tag_name')"

# Whether no release of the line that begins with $1 is newer than this one.
newest_of() {
  local newest
  newest="$(printf '%s\n' "$made" "$TAG" | grep -E '^v[0-9]+\.[0-9]+\.[0-9]+$' | grep "^$1" | sort -V | tail -n 1)"
  if [ "$newest" = "$TAG" ]; then echo true; else echo false; fi
}

major="${TAG%%.*}"
minor="${TAG%.*}"
latest="$(newest_of v)"
newest_of_major="$(newest_of "$major\.")"
npm_tag="latest-${minor#v}"
if [ "$newest_of_major" = true ]; then npm_tag="latest-${major#v}"; fi
if [ "$latest" = true ]; then npm_tag=latest; fi
echo "latest=$latest"
echo "newest_of_major=$newest_of_major"
echo "npm_tag=$npm_tag"
