#!/usr/bin/env bash
# Sets up, builds and runs everything from a clean clone, on Debian 12 or 13 with the .NET 10 SDK.
#
#   ./run.sh demo             trains, evaluates, ships and exports a small model on a data set that it draws; see the README
#   ./run.sh test [NAME...]   runs all tests, or those of the named projects (Core, Data, ...)
#   ./run.sh build            installs missing native libraries and builds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/setup.sh

run_tests() {
  local results=artifacts/test-results names=("$@") passed=0 failed=0 skipped=0 name
  [ ${#names[@]} -gt 0 ] || names=($(for project in test/*.Tests; do project=${project#test/Fovea.}; echo "${project%.Tests}"; done))
  mkdir -p "$results"
  # One project after another: each uses all cores.
  for name in "${names[@]}"; do
    local project=Fovea.$name.Tests started=$SECONDS code=0
    local assembly=artifacts/bin/$project/release/$project.dll result=$results/$project.xml
    [ -f "$assembly" ] || fail "there are no tests '$name'; wanted one of: $(cd test && echo Fovea.*.Tests | sed 's/Fovea\.//g; s/\.Tests//g')"
    rm -f "$result"
    echo "== $project"
    dotnet "$assembly" -noColor -noLogo -xml "$result" </dev/null || code=$?
    echo "== $project: $((SECONDS - started)) s"
    if [ ! -s "$result" ]; then
      echo "$project ended with code $code before it wrote its results; that counts as one failure" >&2
      failed=$((failed + 1))
      continue
    fi
    passed=$((passed + $(count "$result" passed)))
    skipped=$((skipped + $(count "$result" skipped)))
    local bad=$(($(count "$result" failed) + $(count "$result" errors)))
    if [ $bad -eq 0 ] && [ $code -ne 0 ]; then bad=1; fi
    failed=$((failed + bad))
  done
  if [ $skipped -eq 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
  [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# count FILE ATTRIBUTE: the sum over the assemblies of an xunit result file.
count() { grep -o '<assembly [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }

case ${1:-} in
  test) shift; install_libraries; build Fovea.slnx; run_tests "$@" ;;
  build) install_libraries; build Fovea.slnx ;;
  -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" ;;
  *) fail "unknown command '${1:-}'; wanted demo, test or build" ;;
esac
