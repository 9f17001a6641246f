#!/usr/bin/env bash
# Runs a command in a Debian 13 root, where oneDNN is 3.7 (this makes 3.x testable on a Debian 12 machine).
#
#   eng/debian13.sh [--root DIR] [COMMAND...]
#
# DIR (default ~/.cache/fovea/debian13, about 300 MB) is made at the first use; delete it to make it anew. Without COMMAND the built
# tests of the oneDNN backend run. The command sees this repository and the .NET SDK under the paths they have here, runs in the
# repository, and is root. All mounts end with the command.
#
# Needs: root with the right to mount and chroot; debootstrap and the Debian archive keyring; network at the first use. The Debian
# mirror and the proxy are those of this system's apt, else deb.debian.org.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${HOME:-/root}/.cache/fovea/debian13
packages=(libdnnl3.6 libturbojpeg0 libpng16-16t64 libwebp7 libicu76 libssl3t64 ca-certificates)

fail() { echo "debian13.sh: $*" >&2; exit 1; }

# Mounts are made in a namespace of our own, so that none outlives the command, whatever ends it.
if [ -z "${FOVEA_DEBIAN13_NAMESPACE:-}" ]; then
  [ "$(id -u)" = 0 ] || fail "needs root (for chroot and mount); run it with sudo"
  unshare --mount true 2>/dev/null || fail "may not mount here (unshare --mount is refused); needs CAP_SYS_ADMIN, as in 'docker run --privileged'"
  exec env FOVEA_DEBIAN13_NAMESPACE=1 unshare --mount --propagation private "${BASH_SOURCE[0]}" "$@"
fi
unset FOVEA_DEBIAN13_NAMESPACE

if [ "${1:-}" = --root ]; then
  [ $# -ge 2 ] || fail "--root wants a directory"
  root=$2
  shift 2
fi
case ${1:-} in
  -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
  -*) fail "unknown option $1; wanted --root DIR, or a command" ;;
esac
root=$(realpath -m "$root")
[ "$root" != / ] || fail "the root must be a directory of its own, not /"

sdk=$(dotnet --list-sdks 2>/dev/null | sed -nE 's,.*\[(.*)/sdk\]$,\1,p' | tail -n 1)
[ -n "$sdk" ] || fail "no .NET SDK found by 'dotnet --list-sdks'; install the .NET 10 SDK"

if [ $# -eq 0 ]; then
  tests=$repository/artifacts/bin/Fovea.Backends.OneDnn.Tests/release/Fovea.Backends.OneDnn.Tests.dll
  [ -f "$tests" ] || fail "the tests are not built; run: dotnet build test/Fovea.Backends.OneDnn.Tests -c Release"
  set -- dotnet "$tests"
fi

mirror() {
  local found
  found=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null |
    grep -Eo '^(URIs:|deb )[^#]*' | grep -Eo 'https?://[^ ]*/debian/?( |$)' | head -n 1 | tr -d ' ') || true
  echo "${found:-http://deb.debian.org/debian}"
}

bind() {   # bind SOURCE: shows a directory of this system under the same path in the root
  mkdir -p "$root$1"
  mount --rbind "$1" "$root$1"
}

make_root() {
  command -v debootstrap >/dev/null || fail "no debootstrap; run: apt-get install debootstrap"
  if [ ! -f "$root/.fovea-root" ] && [ -n "$(ls -A "$root" 2>/dev/null)" ]; then
    fail "$root is not empty and was not made by this script; choose another directory with --root"
  fi
  local proxy
  proxy=$(apt-config dump 2>/dev/null | grep -E '^Acquire::https?::Proxy ' || true)
  if [ -n "$proxy" ] && [ -z "${http_proxy:-}" ]; then
    http_proxy=$(sed -nE 's/^Acquire::http::Proxy "(.*)";/\1/p' <<<"$proxy")
    [ -z "$http_proxy" ] || export http_proxy
  fi

  echo "debian13.sh: making a Debian 13 root in $root from $(mirror); this takes a few minutes" >&2
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  touch "$root/.fovea-root"
  debootstrap --variant=minbase trixie "$root" "$(mirror)" >&2 || fail "debootstrap failed; its log is $root/debootstrap/debootstrap.log"
  [ -z "$proxy" ] || echo "$proxy" >"$root/etc/apt/apt.conf.d/90proxy"
  for system in /proc /dev /sys; do bind "$system"; done
  cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
  inside apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive inside apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
  inside apt-get clean
  echo "${packages[*]}" >"$root/.fovea-ready"
}

inside() { chroot "$root" "$@"; }

if [ "$(cat "$root/.fovea-ready" 2>/dev/null)" != "${packages[*]}" ]; then
  make_root
else
  for system in /proc /dev /sys; do bind "$system"; done
fi
bind "$sdk"
bind "$repository"
mkdir -p "$root/root" "$root/tmp"

exec chroot "$root" env --chdir="$repository" -u DNNL_PATH -u LD_LIBRARY_PATH HOME=/root LC_ALL=C.UTF-8 TMPDIR=/tmp \
  DOTNET_ROOT="$sdk" DOTNET_CLI_TELEMETRY_OPTOUT=1 PATH="$sdk:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
