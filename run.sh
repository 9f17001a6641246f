#!/usr/bin/env bash
# Sets up, builds and runs everything from a clean clone, on Debian 12 or 13 with the .NET 10 SDK.
#
#   ./run.sh demo             trains, evaluates, ships and exports a small model on a data set that it draws; see the README
#   ./run.sh test [NAME...]   runs all tests, or those of the named projects (Core, Data, ...)
#   ./run.sh sweep [MODEL...] takes every model of the catalogue, or those named, through all that is done with one
#   ./run.sh ci               runs all tests, then the sweep, and begins no model after 70 minutes
#   ./run.sh build            installs missing native libraries and builds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/setup.sh

results=artifacts/test-results passed=0 failed=0 skipped=0
mkdir -p "$results"

run_tests() {
  local names=("$@") name
  [ ${#names[@]} -gt 0 ] || names=($(for project in test/*.Tests; do project=${project#test/Fovea.}; echo "${project%.Tests}"; done))
  # One project after another: each uses all cores.
  for name in "${names[@]}"; do run_project "Fovea.$name.Tests" "Fovea.$name.Tests"; done
}

# The whole catalogue in two processes with a thread each: most of the time goes into making plans, which is the work of one thread.
# The models that fill the memory come after the others, one by one.
run_sweep() {
  local options=(-explicit only -preEnumerateTheories -reporter verbose) model part children=()
  if [ $# -gt 0 ]; then
    for model in "$@"; do options+=(-trait "model=$model"); done
    run_project Fovea.Sweep.Tests sweep "${options[@]}"
    return
  fi
  for part in 0 1; do
    OMP_NUM_THREADS=1 start_project Fovea.Sweep.Tests "sweep-$part" "${options[@]}" -trait "part=$part" &
    children+=($!)
  done
  for part in 0 1; do
    wait "${children[part]}" && tally "sweep-$part" 0 || tally "sweep-$part" $?
  done
  run_project Fovea.Sweep.Tests sweep-alone "${options[@]}" -trait part=alone
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
  local assembly=artifacts/bin/$project/release/$project.dll
  [ -f "$assembly" ] || fail "there are no tests '$project'; wanted one of: $(cd test && echo Fovea.*.Tests | sed 's/Fovea\.//g; s/\.Tests//g')"
  rm -f "$results/$name.xml"
  echo "== $name"
  dotnet "$assembly" -noColor -noLogo -xml "$results/$name.xml" "${@:3}" </dev/null || code=$?
  echo "== $name: $((SECONDS - started)) s"
  return $code
}

# tally RESULT CODE: adds to the counts what a run, which ended with CODE, has written.
tally() {
  local result=$results/$1.xml code=$2
  if [ ! -s "$result" ]; then
    echo "$1 ended with code $code before it wrote its results; that counts as one failure" >&2
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + $(count "$result" passed)))
  skipped=$((skipped + $(count "$result" skipped)))
  local bad=$(($(count "$result" failed) + $(count "$result" errors)))
  if [ $bad -eq 0 ] && [ $code -ne 0 ]; then bad=1; fi
  failed=$((failed + bad))
}

# The last line of all test runs; fails unless tests ran and all of them passed.
summary() {
  if [ $skipped -eq 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
  [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# count FILE ATTRIBUTE: the sum over the assemblies of an xunit result file.
count() { grep -o '<assembly [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }

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
the run                 $run (recipe.yaml, log.jsonl, metrics.csv, TensorBoard events, checkpoints)
the model, to ship      $artefact
the model, as ONNX      $onnx

to try next:
  ./fovea cost repvgg_a0 repvgg_n3 --classes 24 --image-size 64 --deploy
  ./fovea explain resnet18 --image-size 112 --train --profile
  ./fovea data stats DIR        and then        ./fovea train -c configs/demo.yaml --data DIR --out runs/mine
END
  return $gate
}

heading() { printf '\n== %s\n' "$*"; }

case ${1:-} in
  demo) install_libraries; build src/Fovea.Cli; run_demo ;;
  test) shift; install_libraries; build Fovea.slnx; run_tests "$@"; summary ;;
  sweep) shift; install_libraries; build Fovea.slnx; run_sweep "$@"; summary ;;
  ci) install_libraries; build Fovea.slnx; run_tests; export SWEEP_UNTIL=$(($(date +%s) + 70 * 60 - SECONDS)); run_sweep; summary ;;
  build) install_libraries; build Fovea.slnx ;;
  -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" ;;
  *) fail "unknown command '${1:-}'; wanted demo, test, sweep, ci or build" ;;
esac
