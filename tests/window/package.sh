#!/usr/bin/env bash
# Installs the newest .deb of a folder, starts it once without a screen anyone sees, and removes it.
# usage: package.sh FOLDER — one JSON line a figure
set -euo pipefail

PATIENCE_SECONDS=60
PACKED_MB_GOAL=25
INSTALLED_MB_GOAL=70

package=$(find "$1" -maxdepth 1 -name '*.deb' -printf '%T@ %p\n' | sort -rn | head -1 | cut -d' ' -f2-)
[[ -n $package ]] || {
    echo "there is no .deb in $1" >&2
    exit 1
}
package=$(realpath "$package")
name=$(dpkg-deb -f "$package" Package)
place=$(mktemp -d)
window=
finish() {
    # The whole group: the screen that nobody sees would leave the window behind.
    [[ -z $window ]] || kill -- "-$window" 2>/dev/null || true
    if ((EUID == 0)); then
        dpkg --remove "$name" >/dev/null 2>&1 || true
    fi
    rm -rf "$place"
}
trap finish EXIT

if ((EUID == 0)); then
    apt-get install -y -q "$package" </dev/null >&2
    program=$(command -v vanthu-desktop)
else
    echo "not root: the package is unpacked, not installed" >&2
    dpkg-deb -x "$package" "$place/root"
    program=$place/root/usr/bin/vanthu-desktop
fi

mkdir "$place/profile"
mkfifo "$place/said"
VANTHU_STARTED_AT=$(date +%s%3N) setsid xvfb-run --auto-servernum \
    "$program" --profile "$place/profile" >"$place/said" 2>&1 &
window=$!
if ! timeout "$PATIENCE_SECONDS" grep -m1 '^painted after' "$place/said" >&2; then
    echo "the installed window did not paint in $PATIENCE_SECONDS s" >&2
    exit 1
fi

figure() {
    printf '{"bench":"package","documents":0,"metric":"%s","unit":"MB","value":%s,"goal":%d}\n' \
        "$1" "$2" "$3"
}
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1048576 }'; }

dpkg-deb -x "$package" "$place/content"
figure packed "$(megabytes "$(stat -c %s "$package")")" "$PACKED_MB_GOAL"
figure installed "$(megabytes "$(du -sb "$place/content" | cut -f1)")" "$INSTALLED_MB_GOAL"
