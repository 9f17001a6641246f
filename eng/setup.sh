# Sourced by run.sh and fovea in the root of the repository: what has to be there before anything runs.

fail() { echo "error: $*" >&2; exit 1; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export HOME=${HOME:-$PWD/artifacts/home}
# Without ICU the SDK ends at once; nothing here depends on cultures.
PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q libicuuc || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
if ! command -v dotnet >/dev/null; then
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    [ -n "$folder" ] && [ -x "$folder/dotnet" ] && export PATH="$folder:$PATH" DOTNET_ROOT="$folder" && break
  done
fi
dotnet --list-sdks 2>/dev/null | grep -q '^10\.' || fail "the .NET 10 SDK was not found in PATH; install it (https://dotnet.microsoft.com/download/dotnet/10.0)"

# Shared libraries by the beginning of their file name, and the packages that have them: the first that apt knows is installed.
libraries=(
  "libdnnl.so.[23] libdnnl3.6 libdnnl2"
  "libturbojpeg.so.0 libturbojpeg0 libturbojpeg"
  "libpng16.so.16 libpng16-16t64 libpng16-16"
  "libwebp.so.7 libwebp7"
  "libssl.so.[13] libssl3t64 libssl3"
)

missing_libraries() {
  local known entry words
  known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
  for entry in "${libraries[@]}"; do
    read -ra words <<<"$entry"
    grep -q "^[[:space:]]${words[0]}" <<<"$known" || echo "$entry"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "needs root, or sudo, to run: $*"; fi
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 </dev/null; }

has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[ot]tf' 2>/dev/null | head -n 1)" ]; }

# Whether packages can be installed without a password.
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

# Installs with apt what of the libraries is missing; on other systems says what to install.
install_libraries() {
  local missing entry packages=() words package
  missing=$(missing_libraries)
  [ -f /etc/ssl/certs/ca-certificates.crt ] || missing+=$'\n'"ca-certificates ca-certificates"
  # Pictures have letters where that costs no question; without a font they have none, which the tool tells.
  has_font || ! may_install || missing+=$'\n'"fonts fonts-dejavu-core"
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail "missing: $(awk 'NF { printf "%s ", $1 }' <<<"$missing")(install them with your system's package manager; Debian calls them libdnnl, libturbojpeg0, libpng16-16, libwebp7)"
  as_root apt-get update -qq >&2 </dev/null
  while IFS= read -r entry; do
    read -ra words <<<"$entry"
    [ ${#words[@]} -gt 0 ] || continue
    for package in "${words[@]:1}" ""; do
      [ -n "$package" ] || fail "apt knows none of: ${words[*]:1} (for ${words[0]})"
      if apt-cache show "$package" >/dev/null 2>&1; then packages+=("$package"); break; fi
    done
  done <<<"$missing"
  echo "installing ${packages[*]}" >&2
  apt_install "${packages[@]}"
}

# build PROJECT: in Release, leaving no build servers behind.
build() {
  echo "building $1" >&2
  dotnet build "$1" -c Release --nologo -v quiet --disable-build-servers >&2 </dev/null
}
