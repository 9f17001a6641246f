#!/usr/bin/env bash
# Imports all configurations of a folder of another system, takes two steps with each, and writes a table: file, outcome, model or reason.
#
#   eng/import-corpus.sh FOLDER TABLE [all|models|none]   which files take steps: all, the first of each model, or none
set -euo pipefail
[ $# -ge 2 ] || { echo "wanted FOLDER TABLE [all|models|none]" >&2; exit 2; }
[ -d "$1" ] || { echo "$1: there is no such folder" >&2; exit 2; }
[ -d "$(dirname "$2")" ] || { echo "$2: there is no folder to write it to" >&2; exit 2; }
export FOVEA_CORPUS FOVEA_CORPUS_TABLE FOVEA_CORPUS_STEPS="${3:-all}"
FOVEA_CORPUS=$(realpath "$1") FOVEA_CORPUS_TABLE=$(realpath "$2")
tests=${FOVEA_CORPUS_TESTS:-$(dirname "${BASH_SOURCE[0]}")/../artifacts/bin/Fovea.Cli.Tests/release/Fovea.Cli.Tests}
[ -x "$tests" ] || { echo "$tests: is missing; wanted 'dotnet build test/Fovea.Cli.Tests -c Release' first, or FOVEA_CORPUS_TESTS=FILE" >&2; exit 2; }
tests=$(realpath "$tests")
rm -f "$FOVEA_CORPUS_TABLE"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
"$tests" -explicit only -method '*ImportCorpusTests*' >/dev/null || true
[ -f "$FOVEA_CORPUS_TABLE" ] || { echo "$tests: wrote no table; '$tests -explicit only -method *ImportCorpusTests*' says why" >&2; exit 1; }
cut -f2 "$FOVEA_CORPUS_TABLE" | sort | uniq -c
echo "refused and failed, by reason:"
awk -F'\t' '$2 == "refused" || $2 == "failed" { print $2 ": " $3 }' "$FOVEA_CORPUS_TABLE" | sort | uniq -c | sort -rn
