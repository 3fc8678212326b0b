#!/usr/bin/env bash
# All figures: those of the desk from `vanthu bench`, those of the window and the package from here.
# usage: bench.sh PROGRAMS [NAME…] [--documents N] [--json]
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
programs=$1
shift
names=() documents=() form=table
while (($#)); do
    case $1 in
    --documents)
        documents=("${2:?--documents needs a number}")
        shift 2
        ;;
    --json) form=json && shift ;;
    -*) echo "bench does not know $1" >&2 && exit 2 ;;
    *) names+=("$1") && shift ;;
    esac
done

# A bench is wanted if it was named, or if nothing was; package, crash and server only when named.
wanted() {
    local name
    ((${#names[@]})) || return 0
    for name in "${names[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

desk_names=()
for name in "${names[@]}"; do
    case $name in
    first-paint | package | crash) ;;
    server) desk_names+=(parcels) ;;
    *) desk_names+=("$name") ;;
    esac
done

figures() {
    if ((${#names[@]} == 0 || ${#desk_names[@]})); then
        "$programs/vanthu" bench "${desk_names[@]}" ${documents[0]:+--documents "${documents[0]}"} --json
    fi
    if wanted first-paint; then
        local count
        for count in "${documents[@]:-100000}"; do
            WEBKIT_SKIA_ENABLE_CPU_RENDERING=1 xvfb-run --auto-servernum \
                --server-args="-screen 0 1366x768x24 -nolisten tcp" \
                "$here/first_paint.sh" "$programs" "$count"
        done
    fi
    if [[ " ${names[*]} " == *" package "* ]]; then
        "$here/package.sh" "$programs/bundle/deb"
    fi
    if [[ " ${names[*]} " == *" server "* ]]; then
        "$programs/province" figures
    fi
    if [[ " ${names[*]} " == *" crash "* ]]; then
        "$programs/crash" --json
    fi
}

table() {
    node -e '
        const rows = [["bench", "documents", "metric", "value", "goal", ""]];
        for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
            const { bench, documents, metric, unit, value, goal, least } = JSON.parse(line);
            const isHeld = least ? value >= goal : value <= goal;
            const verdict = goal === null || goal === undefined ? "" : isHeld ? "held" : "MISSED";
            const number = (n) => n === null || n === undefined ? "" : `${n.toLocaleString("en")} ${unit}`;
            rows.push([bench, documents.toLocaleString("en"), metric, number(value), number(goal), verdict]);
        }
        const wide = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
        const left = new Set([0, 2, 5]);
        for (const row of rows) {
            console.log(row.map((cell, at) =>
                left.has(at) ? cell.padEnd(wide[at]) : cell.padStart(wide[at])).join("  ").trimEnd());
        }'
}

if [[ $form == json ]]; then figures; else figures | table; fi
