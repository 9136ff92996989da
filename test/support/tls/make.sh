#!/usr/bin/env bash
# Makes the certificates of this folder anew: a CA, a server certificate for localhost, 127.0.0.1 and ::1, a client certificate. For tests only.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
touch "$work/index"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = it
[it]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 21200101000000Z
policy = names
unique_subject = no
[names]
commonName = supplied
END
sign() { # file, common name, extensions, arguments of openssl ca
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$2" -out "$work/$1.csr"
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$1.csr" -out "$1.crt" -extfile <(printf "$3") "${@:4}"
}
sign ca 'protogate test CA' 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' -selfsign -keyfile ca.key
sign server localhost 'subjectAltName=DNS:localhost,DNS:backend.test,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' -cert ca.crt -keyfile ca.key
sign client 'protogate test client' 'extendedKeyUsage=clientAuth\nbasicConstraints=CA:FALSE\n' -cert ca.crt -keyfile ca.key
rm ca.key
