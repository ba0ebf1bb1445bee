#!/bin/sh
# Lets each number of a call through once: for Caddy, which remembers nothing by itself. Started by systemd for every
# call that changes something, with the connection as input and output (deploy/systemd/muster-once.socket).
#   once.sh [FOLDER]
# Answers 204 to a number that is new, 409 to one that it knows, 400 to anything else.
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

# A number is a name in that folder and nothing else.
case $number in
    '' | [.-]* | *[!A-Za-z0-9._~-]*) answer '400 Bad Request' ;;
esac
[ "${#number}" -le 200 ] || answer '400 Bad Request'

# Making a folder succeeds for one of two that try at once, and a folder outlives every process.
if mkdir "$folder/$number" 2>/dev/null; then
    answer '204 No Content'
elif [ -d "$folder/$number" ]; then
    answer '409 Conflict'
fi
# A full disk, or a folder that is not there: whoever cannot remember must not let through.
answer '500 Internal Server Error'
