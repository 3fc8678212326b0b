#!/usr/bin/env bash
# Measures how long the window takes from the start of its process to the first rows on screen.
# usage: first_paint.sh PROGRAMS DOCUMENTS — one JSON line a figure
set -euo pipefail

PROGRAMS=$1
DOCUMENTS=$2
STARTS=10
PATIENCE_SECONDS=60
GOAL_MS=800

# The profile of so many documents that the other benches use, filled by one of them if need be.
profile=$PROGRAMS/../bench/$DOCUMENTS
[[ -e $profile/filled ]] || "$PROGRAMS/vanthu-bench" memory --documents "$DOCUMENTS" >&2
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT

# Starts the window with the given arguments, waits for the line it prints, and ends it.
first_paint() {
    local line='' window output
    output=$(mktemp -u)
    mkfifo "$output"
    # No other window of this user may be open: a second one only brings the first to the front.
    VANTHU_STARTED_AT=$(date +%s%3N) "$PROGRAMS/vanthu-desktop" "$@" >"$output" 2>/dev/null &
    window=$!
    exec 3<"$output"
    rm "$output"
    while read -r -t "$PATIENCE_SECONDS" -u 3 line; do
        [[ $line == "painted after "* ]] && break
    done
    exec 3<&-
    kill "$window" 2>/dev/null || true
    wait "$window" 2>/dev/null || true
    [[ $line =~ ^painted\ after\ ([0-9]+)\ ms$ ]] || {
        echo "the window did not paint in $PATIENCE_SECONDS s" >&2
        return 1
    }
    echo "${BASH_REMATCH[1]}"
}

# Prints the middle and the worst of some starts; the very first one warms the disk's cache.
measure() {
    local bench=$1 goal=$2 took=() start
    shift 2
    first_paint "$@" >/dev/null
    # Not `_`, which bash itself sets with every command.
    for ((start = 0; start < STARTS; start++)); do
        took+=("$(first_paint "$@")")
    done
    mapfile -t took < <(printf '%s\n' "${took[@]}" | sort -n)
    figure "$bench" p50 "${took[STARTS / 2]}" "$goal"
    figure "$bench" max "${took[-1]}" "$goal"
}

figure() {
    printf '{"bench":"%s","documents":%d,"metric":"%s","unit":"ms","value":%d,"goal":%s}\n' \
        "$1" "$DOCUMENTS" "$2" "$3" "$4"
}

measure empty-window null --profile "$empty" --blank
measure first-paint "$GOAL_MS" --profile "$profile" --as clerk
