#!/usr/bin/env bash
# Runs a command with oneDNN 2 or 3 as Debian has it, also where this system has the other one.
#
#   eng/onednn.sh 2|3 COMMAND...
#
# The system's own library is taken where it is of that version. Else 2 is Debian 12's file beside the system's (DNNL_PATH), and 3, which needs
# a newer C library than Debian 12 has, runs in a Debian 13 root (eng/debian13.sh: needs root and the right to mount). Both are had from
# Debian's archive by apt at the first use and stay in ~/.cache/fovea.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/setup.sh

major=${1:-}
[[ $major == [23] && $# -ge 2 ]] || fail "wanted 2 or 3, and a command; got: $*"
shift
export FOVEA_DNNL_MAJOR=$major
cache=$HOME/.cache/fovea/onednn2

# Takes the library and what it is linked with out of Debian 12's packages, with lists of its own, so that the system's stay as they are.
fetch_version_2() {
  local lists=$cache/apt options package
  mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
  : >"$lists/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" >"$lists/sources.list"
  options=(-qq -o "Dir::Etc::SourceList=$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$lists/lists"
    -o "Dir::Cache=$lists/cache" -o "Dir::State::status=$lists/status" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >&2 </dev/null
  (cd "$lists" && apt-get "${options[@]}" download libdnnl2 ocl-icd-libopencl1 >&2 </dev/null)
  for package in "$lists"/*.deb; do dpkg-deb -x "$package" "$cache"; done
  rm -rf "$lists"
}

has() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "libdnnl\.so\.$major"; }

if has; then exec "$@"; fi
if [ "$major" = 2 ]; then
  folder=$cache/usr/lib/x86_64-linux-gnu
  [ -e "$folder/libdnnl.so.2" ] && [ -e "$folder/libOpenCL.so.1" ] || fetch_version_2
  exec env DNNL_PATH="$folder/libdnnl.so.2" LD_LIBRARY_PATH="$folder" "$@"
fi
command -v debootstrap >/dev/null || { as_root apt-get update -qq >&2 </dev/null; apt_install debootstrap; }
exec eng/debian13.sh "$@"
