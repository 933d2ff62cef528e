#!/bin/sh
# Sets the digest of every base image in docker-compose.yml and deploy/Dockerfile to what its tag stands for today.
# Needs Docker with buildx and a way to the registry; look at the difference before you commit it.
set -eu
cd "$(dirname "$0")/.."
files="deploy/Dockerfile docker-compose.yml"
# shellcheck disable=SC2086
for image in $(sed -nE 's/^(FROM|    image:) ([a-z/-]+:[^@ ]+).*/\2/p' $files | sort -u); do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
  echo "$digest" | grep -qE '^sha256:[0-9a-f]{64}$' || { echo "$image: no digest: $digest" >&2; exit 1; }
  for file in $files; do
    # What follows the image on its line stays, but for the comment that it has no digest yet.
    pinned=$(sed -E "s|^(FROM\|    image:) $image(@sha256:[0-9a-f]{64})?( AS [a-z]+)?( +# by tag:.*)?\$|\1 $image@$digest\3|" "$file")
    printf '%s\n' "$pinned" > "$file"
  done
  echo "$image@$digest"
done
