#!/bin/sh
# Certificates for docker-compose.yml, made once: an authority whose key is thrown away, one for the broker, one for
# its clients. Each folder holds what one side needs, and no more.
#   certificates.sh BROKER_FOLDER CLIENT_FOLDER BROKER_NAME
set -eu
broker=$1 client=$2 name=$3
[ -f "$client/client.pem" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

sign() { # NAME [OPTION…]
  subject=$1
  shift
  openssl req -x509 -nodes -days 3650 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
    -subj "/CN=$subject" -keyout "$subject.key" -out "$subject.pem" "$@" 2>/dev/null
}

sign authority -addext basicConstraints=critical,CA:TRUE
sign broker -CA authority.pem -CAkey authority.key -addext basicConstraints=critical,CA:FALSE \
  -addext "subjectAltName=$name"
sign client -CA authority.pem -CAkey authority.key -addext basicConstraints=critical,CA:FALSE

# Readable by the containers' own users; a folder is a volume that only its side mounts.
cat broker.key broker.pem > "$broker/broker.pem"
cp authority.pem "$broker/authority.pem"
cp authority.pem "$client/authority.pem"
cp client.key "$client/client.key"
cp client.pem "$client/client.pem"
chmod 0444 "$broker"/*.pem "$client"/*.pem "$client/client.key"
