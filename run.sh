#!/usr/bin/env bash
# Sets up, builds and runs everything from a clean clone, on Debian 12 or 13 with the .NET 10 SDK.
#
#   ./run.sh demo               trains, evaluates, ships and exports a small model on a data set that it draws; see the README
#   ./run.sh test [NAME...]     runs all tests, or those of the named projects (Core, Data, ...)
#   ./run.sh parity [ID...]     compares all models that have a fixture, or those named, with their public implementations
#   ./run.sh sweep [MODEL...]   takes every model of the catalogue, or those named, through all that is done with one
#   ./run.sh machines [STATE...] runs the tests of backend and kernels and the light sweep as on other machines: all states, or those named, as
#                               in avx2/v256/1/3 (instructions of oneDNN / vectors of .NET / threads / version of oneDNN)
#   ./run.sh ci                 tests, the states that matter, parity, then the sweep, which begins no model after 55 minutes
#   ./run.sh build              installs missing native libraries and builds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/setup.sh

results=artifacts/test-results passed=0 failed=0 skipped=0 failures=()
mkdir -p "$results"

# What every test runs under: the settings of a state.
state=()

# What ends tests that hang. The whole sweep and all of parity may take hours.
limit=()
readonly half_an_hour=(timeout --kill-after=10 1800)

# Some tests fill a small disk, which root mounts; others become root in a namespace of their own for it.
namespace=()
[ "$(id -u)" = 0 ] || ! unshare --map-root-user --mount true 2>/dev/null || namespace=(unshare --map-root-user --mount)

# The states that CI runs: each instruction set with both versions of oneDNN, and one thread and two.
ci_states=(avx2/v256/2/3 sse41/v128/1/2 avx2/v256/1/2 native/native/2/3 sse41/v128/2/3)

run_tests() {
  local names=("$@") name limit=("${half_an_hour[@]}")
  [ ${#names[@]} -gt 0 ] || names=($(for project in test/*.Tests; do project=${project#test/Fovea.}; echo "${project%.Tests}"; done))
  # One project after another: each uses all cores.
  for name in "${names[@]}"; do run_project "Fovea.$name.Tests" "Fovea.$name.Tests"; done
}

run_parity() {
  local options=(-explicit only -preEnumerateTheories) id
  for id in "$@"; do options+=(-trait "fixture=$id"); done
  if [ $# -gt 0 ]; then run_project Fovea.Parity.Tests parity "${options[@]}"; else run_halves Fovea.Parity.Tests parity "${options[@]}"; fi
}

# The whole catalogue; the models that fill the memory come after the others, one by one.
run_sweep() {
  local options=(-explicit only -preEnumerateTheories -reporter verbose) model
  for model in "$@"; do options+=(-trait "model=$model"); done
  if [ $# -gt 0 ]; then
    run_project Fovea.Sweep.Tests sweep "${options[@]}"
  else
    run_halves Fovea.Sweep.Tests sweep "${options[@]}"
    run_project Fovea.Sweep.Tests sweep-alone "${options[@]}" -trait part=alone
  fi
}

# run_states STATE...: what depends on the machine, in each state.
run_states() {
  local name words limit=("${half_an_hour[@]}")
  for name in "$@"; do
    IFS=/ read -ra words <<<"$name"
    [ ${#words[@]} -eq 4 ] || fail "the state '$name'; wanted four words, as in avx2/v256/1/3"
    state=(env "OMP_NUM_THREADS=${words[2]}")
    case ${words[0]} in
      native) ;;
      avx2 | sse41) state+=("ONEDNN_MAX_CPU_ISA=${words[0]^^}") ;;
      *) fail "the state '$name' has the instructions '${words[0]}'; wanted native, avx2 or sse41" ;;
    esac
    # EnableAVX512 is what .NET 10 reads; it was EnableAVX512F before.
    case ${words[1]} in
      native) ;;
      v256) state+=(DOTNET_EnableAVX512=0 DOTNET_EnableAVX512F=0) ;;
      v128) state+=(DOTNET_EnableAVX2=0) ;;
      *) fail "the state '$name' has the vectors '${words[1]}'; wanted native, v256 or v128" ;;
    esac
    state+=(eng/onednn.sh "${words[3]}")
    for project in Backends.OneDnn Parity Sweep; do run_project "Fovea.$project.Tests" "$name/Fovea.$project.Tests"; done
  done
  state=()
}

# Every state.
all_states() { echo {native,avx2,sse41}/{native,v256,v128}/{1,2}/{2,3}; }

# run_halves PROJECT RESULT [OPTION...]: tests of one thread each, in two processes: most of their time goes into making plans.
run_halves() {
  local part children=()
  for part in 0 1; do
    OMP_NUM_THREADS=1 start_project "$1" "$2-$part" "${@:3}" -trait "part=$part" &
    children+=($!)
  done
  for part in 0 1; do
    wait "${children[part]}" && tally "$2-$part" 0 || tally "$2-$part" $?
  done
}

# run_project PROJECT RESULT [OPTION...]: runs tests and adds what came of them to the counts.
run_project() {
  local code=0
  start_project "$@" || code=$?
  tally "$2" $code
}

# start_project PROJECT RESULT [OPTION...]: runs tests; their results are called RESULT.
start_project() {
  local project=$1 name=$2 started=$SECONDS code=0
  local assembly=artifacts/bin/$project/release/$project.dll result=$results/${2//\//-}.xml
  [ -f "$assembly" ] || fail "there are no tests '$project'; wanted one of: $(cd test && echo Fovea.*.Tests | sed 's/Fovea\.//g; s/\.Tests//g')"
  rm -f "$result"
  echo "== $name"
  "${namespace[@]}" "${state[@]}" "${limit[@]}" dotnet "$assembly" -noColor -noLogo -longRunning 300 -xml "$result" "${@:3}" </dev/null || code=$?
  echo "== $name: $((SECONDS - started)) s"
  return $code
}

# tally RESULT CODE: adds to the counts what a run, which ended with CODE, has written.
tally() {
  local result=$results/${1//\//-}.xml code=$2
  if [ ! -s "$result" ]; then
    failures+=("$1: it ended with code $code before it wrote its results, which counts as one failure")
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + $(count "$result" passed)))
  skipped=$((skipped + $(count "$result" skipped)))
  local bad=$(($(count "$result" failed) + $(count "$result" errors)))
  if [ $bad -eq 0 ] && [ $code -ne 0 ]; then bad=1; fi
  [ $bad -eq 0 ] || failures+=("$1: $bad failed"$'\n'"$(failed_tests "$result")")
  failed=$((failed + bad))
}

# What failed where, then the last line of all test runs; fails unless tests ran and all of them passed.
summary() {
  [ $failed -eq 0 ] || printf 'FAILED in %s\n' "${failures[@]}"
  if [ $skipped -eq 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
  [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# failed_tests FILE: the tests that failed, each with its message.
failed_tests() {
  tr '\n' ' ' <"$1" | sed 's/<test /\n&/g' |
    sed -nE '/^<test [^>]*result="Fail"/{s/^<test [^>]* name="([^"]*(\\&quot;[^"]*)*)"[^>]*>/  \1: /; s/: <failure.*<message><!\[CDATA\[/: /; s/\]\]>.*//; s/\\?&quot;/"/g; p}' | cut -c 1-600
}

# count FILE ATTRIBUTE: the sum over the assemblies of an xunit result file.
count() { grep -o '<assembly [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }

# Within the hour: the sweep goes as far as time allows.
run_ci() {
  run_tests
  run_states "${ci_states[@]}"
  run_parity
  export SWEEP_UNTIL=$(($(date +%s) + 55 * 60 - SECONDS))
  run_sweep
}

run_demo() {
  local folder=demo gate=0 least=0.9
  local data=$folder/data run=$folder/run artefact=$folder/signs.fovea onnx=$folder/signs.onnx
  mkdir -p $folder
  rm -rf $run $artefact $onnx
  heading "Drawing the data set"
  ./fovea data synth $data --classes 24 --images 6000 --seed 1
  heading "Training a small RepVGG"
  ./fovea train -c configs/demo.yaml --data $data --out $run
  heading "Evaluating it, class by class"
  ./fovea validate --run $run --data $data --per-class --min-top1 $least || gate=$?
  [ $gate -eq 0 ] || [ $gate -eq 3 ] || return $gate
  heading "Re-parameterising it, with the proof"
  ./fovea deploy $run --data $data -o $artefact
  heading "Exporting ONNX"
  ./fovea export $artefact -o $onnx
  heading "Predicting"
  ./fovea predict $(find $data/val -type f | LC_ALL=C sort | awk 'NR % 200 == 1' | head -n 4) --model $artefact --top 3
  heading "Done in $SECONDS s"
  cat <<END
the data set            $data
the run                 $run (recipe.yaml, log.jsonl, metrics.csv, TensorBoard events, checkpoints, pictures)
the model, to ship      $artefact
the model, as ONNX      $onnx

to try next:
  ./fovea cost repvgg_a0 repvgg_n3 --classes 24 --image-size 64 --deploy
  ./fovea explain resnet18 --image-size 112 --train --profile
  ./fovea data stats DIR        and then        ./fovea train --data DIR --out runs/mine
END
  return $gate
}

heading() { printf '\n== %s\n' "$*"; }

case ${1:-} in
  demo) install_libraries; build src/Fovea.Cli; run_demo ;;
  test) shift; install_libraries; build Fovea.slnx; run_tests "$@"; summary ;;
  sweep) shift; install_libraries; build Fovea.slnx; run_sweep "$@"; summary ;;
  parity) shift; install_libraries; build Fovea.slnx; run_parity "$@"; summary ;;
  machines) shift; install_libraries; build Fovea.slnx; [ $# -gt 0 ] || set -- $(all_states); run_states "$@"; summary ;;
  ci) install_libraries; build Fovea.slnx; run_ci; summary ;;
  build) install_libraries; build Fovea.slnx ;;
  -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" ;;
  *) fail "unknown command '${1:-}'; wanted demo, test, parity, sweep, machines, ci or build" ;;
esac
