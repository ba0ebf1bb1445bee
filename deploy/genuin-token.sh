#!/bin/sh
# Gets a token from Genuin and writes it to the file that the relay includes.
#
#   genuin-token.sh nginx|caddy CREDENTIALS FILE
#
# CREDENTIALS is a file with three lines, readable only by the user who runs this:
#   url=https://api.begenuin.com
#   api_key=…
#   api_secret=…
# FILE is replaced atomically and readable only by its owner. If Genuin returns no token, it stays unchanged and the
# script exits with an error. Secrets are never passed on a command line or in the environment, or printed.
# Needs curl. muster-genuin-token.timer runs it every half hour, because the token's lifetime is not documented.
set -eu
umask 077

fail() {
    echo "genuin-token: $1" >&2
    exit 1
}

[ $# -eq 3 ] || fail "usage: genuin-token.sh nginx|caddy CREDENTIALS FILE"
server=$1 credentials=$2 file=$3
case $server in
    nginx) line='proxy_set_header Authorization "Bearer %s";\n' ;;
    caddy) line='header_up Authorization "Bearer %s"\n' ;;
    *) fail "expected nginx or caddy, found $server" ;;
esac

url='' api_key='' api_secret=''
while IFS='=' read -r name value || [ -n "$name" ]; do
    case $name in
        url) url=${value%/} ;;
        api_key) api_key=$value ;;
        api_secret) api_secret=$value ;;
    esac
done <"$credentials"

case $url in
    https://*) scheme='=https' ;;
    http://127.0.0.1:*) scheme='=http' ;; # a sandbox on this machine
    *) fail "expected url=https://… in $credentials" ;;
esac
for value in "$api_key" "$api_secret"; do
    case $value in
        '' | *[!A-Za-z0-9._~+/=:@-]*) fail "expected api_key and api_secret of plain characters in $credentials" ;;
    esac
done

folder=$(mktemp -d)
next="$file.next"
trap 'rm -rf "$folder" "$next"' EXIT

status=$(printf '{"api_key":"%s","api_secret":"%s"}' "$api_key" "$api_secret" |
    curl --silent --show-error --max-time 20 --proto "$scheme" --tlsv1.2 --max-filesize 1000000 \
        --header 'Content-Type: application/json' --data-binary @- \
        --dump-header "$folder/headers" --output "$folder/body" --write-out '%{http_code}' \
        "$url/api/thirdparty/auth") || fail "Genuin could not be reached at $url"
[ "$status" = 200 ] || fail "Genuin answered $status at $url"

# Genuin's documentation disagrees on where the token is: most likely in the header, perhaps in the body.
token=$(tr -d '\r' <"$folder/headers" |
    sed -nE 's/^[Gg][Nn]-[Aa][Cc][Cc][Ee][Ss][Ss]-[Tt][Oo][Kk][Ee][Nn]:[[:space:]]*(Bearer )?//p' | head -n 1)
[ -n "$token" ] || token=$(tr -d '\r\n' <"$folder/body" |
    sed -nE 's/.*"(gn-access-token|access_token|token)"[[:space:]]*:[[:space:]]*"(Bearer )?([^"]*)".*/\3/p')
case $token in
    '' | *[!A-Za-z0-9._~+/=-]*) fail "Genuin answered without a token" ;;
esac

# shellcheck disable=SC2059 # the line is one of the two above
printf "$line" "$token" >"$next"
mv -f "$next" "$file"
