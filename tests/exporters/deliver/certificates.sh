#!/usr/bin/env bash
# certificates.sh FOLDER: makes two authorities, and good and bad certificates.
set -euo pipefail
cd "$1"

# authority NAME
authority() {
	certtool --generate-privkey --key-type ecdsa --outfile "$1.key" 2>/dev/null
	printf 'cn = "%s"\nca\ncert_signing_key\nexpiration_days = 2\n' "$1" >template
	certtool --generate-self-signed --load-privkey "$1.key" --template template \
		--outfile "$1.pem" 2>/dev/null
}

# certificate NAME AUTHORITY LINE...: signed by AUTHORITY, with these lines in the template.
certificate() {
	local name=$1 authority=$2
	shift 2
	certtool --generate-privkey --key-type ecdsa --outfile "$name.key" 2>/dev/null
	{
		printf 'cn = "%s"\nsigning_key\ntls_www_server\ntls_www_client\n' "$name"
		printf '%s\n' "$@"
	} >template
	certtool --generate-certificate --load-privkey "$name.key" --template template \
		--load-ca-certificate "$authority.pem" --load-ca-privkey "$authority.key" \
		--outfile "$name.pem" 2>/dev/null
}

authority trusted
authority stranger
certificate good trusted 'dns_name = "localhost"' 'ip_address = "127.0.0.1"' 'expiration_days = 2'
certificate elsewhere trusted 'dns_name = "elsewhere.example"' 'expiration_days = 2'
certificate foreign stranger 'dns_name = "localhost"' 'expiration_days = 2'
certificate expired trusted 'dns_name = "localhost"' \
	'activation_date = "2020-01-01 00:00:00 UTC"' 'expiration_date = "2020-01-02 00:00:00 UTC"'
certificate early trusted 'dns_name = "localhost"' \
	'activation_date = "2090-01-01 00:00:00 UTC"' 'expiration_date = "2090-01-02 00:00:00 UTC"'
certificate client trusted 'expiration_days = 2'
certificate wirecensus trusted 'expiration_days = 2'

certtool --generate-privkey --key-type ecdsa --outfile self.key 2>/dev/null
printf 'cn = "localhost"\ndns_name = "localhost"\nsigning_key\ntls_www_server\nexpiration_days = 2\n' >template
certtool --generate-self-signed --load-privkey self.key --template template --outfile self.pem 2>/dev/null
