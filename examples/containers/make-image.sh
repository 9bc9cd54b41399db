#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a small image without any network: the static busybox of this machine and nothing else.
# Usage: make-image.sh [NAME]; the engine is $SRT_ENGINE, podman, or docker.
set -eu
name=${1:-srt-busybox}
die() {
  echo "$1" >&2
  exit 2
}
engine=${SRT_ENGINE:-$(command -v podman || command -v docker)} || die "there is neither podman nor docker"
busybox=$(command -v busybox) || die "busybox is missing: apt-get install busybox-static"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
for dir in bin etc tmp var/tmp run proc sys dev usr; do
  mkdir -p "$root/$dir"
done
chmod 1777 "$root/tmp" "$root/var/tmp" "$root/run"
cp "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do
  [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
ln -s ../bin "$root/usr/bin"
printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
tar -C "$root" --owner=0 --group=0 -c . | "$engine" import - "$name" >/dev/null
echo "$name"
