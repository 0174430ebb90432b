#!/usr/bin/env bash
# Builds the image from the packed package in release/ and pushes it; prints its name and digest for the workflow.
set -euo pipefail
image="${IMAGE,,}" # a registry takes no capitals
version="${VERSION#v}"
docker login ghcr.io --username "$ACTOR" --password-stdin <<<"$TOKEN"
tags=(--tag "$image:$version")
if [ "$NEWEST_OF_MAJOR" = true ]; then tags+=(--tag "$image:${version%%.*}"); fi
docker build "${tags[@]}" --file deploy/Dockerfile .
docker push --all-tags "$image"
digest="$(docker inspect --format '{{index .RepoDigests 0}}' "$image:$version")"
{
  echo "image=$image"
  echo "digest=${digest#*@}"
} >>"$GITHUB_OUTPUT"
