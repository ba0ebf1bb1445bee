#!/bin/sh
# Lets each call number through once. For Caddy, which cannot store them. systemd starts it for each change, with the
# connection as standard input and output (deploy/systemd/muster-once.socket).
#   once.sh [FOLDER]
# Responds with 204 to a new number, 409 to a known one, and 400 to anything else.
set -eu
folder=${1:-/var/lib/muster-once}

number=
while IFS= read -r line; do
    line=$(printf '%s' "$line" | tr -d '\r')
    case $line in
        '') break ;;
        [Mm][Uu][Ss][Tt][Ee][Rr]-[Cc][Aa][Ll][Ll]:*) number=$(printf '%s' "${line#*:}" | tr -d ' \t') ;;
    esac
done

answer() {
    printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1"
    exit 0
}

# The number becomes the name of a folder, so it must be a plain name.
case $number in
    '' | [.-]* | *[!A-Za-z0-9._~-]*) answer '400 Bad Request' ;;
esac
[ "${#number}" -le 200 ] || answer '400 Bad Request'

# mkdir is atomic: of two at the same time, one succeeds. Folders survive a restart.
if mkdir "$folder/$number" 2>/dev/null; then
    answer '204 No Content'
elif [ -d "$folder/$number" ]; then
    answer '409 Conflict'
fi
# A full disk or a missing folder: a number that cannot be stored must not pass.
answer '500 Internal Server Error'
