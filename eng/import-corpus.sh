#!/usr/bin/env bash
# Imports all configurations of a folder of another system, takes two steps with each, and writes a table: file, outcome, model or reason.
#
#   eng/import-corpus.sh FOLDER TABLE [all|models|none]   which files take steps: all, the first of each model, or none
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -ge 2 ] || { echo "wanted FOLDER TABLE [all|models|none]" >&2; exit 2; }
export FOVEA_CORPUS FOVEA_CORPUS_TABLE FOVEA_CORPUS_STEPS="${3:-all}"
FOVEA_CORPUS=$(realpath "$1") FOVEA_CORPUS_TABLE=$(realpath "$2")
tests=${FOVEA_CORPUS_TESTS:-artifacts/bin/Fovea.Cli.Tests/release/Fovea.Cli.Tests}
"$tests" -explicit only -method '*ImportCorpusTests*' >/dev/null || true
cut -f2 "$FOVEA_CORPUS_TABLE" | sort | uniq -c
echo "refused and failed, by reason:"
awk -F'\t' '$2 == "refused" || $2 == "failed" { print $2 ": " $3 }' "$FOVEA_CORPUS_TABLE" | sort | uniq -c | sort -rn
