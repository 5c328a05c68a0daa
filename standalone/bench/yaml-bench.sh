#!/usr/bin/env bash
# One tag edited in a kustomization of 100 lines and of 100 kB.
#
# First our own time alone (JMH), then whole processes: this editor on a cold JVM, kustomize and yq (mikefarah's), where
# they are installed. Prints the median of RUNS runs in milliseconds, and how many lines each tool changed: one is right.
#
#   standalone/bench/yaml-bench.sh [RUNS]      default 20; QUICK=1 leaves JMH out
set -euo pipefail
runs=${1:-20}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$here/.." && mvn -q -B -ntp -Pbench -pl bench -am -DskipTests package)
classpath="$here/target/classes:$here/target/lib/*"

if [ -z "${QUICK:-}" ]; then
  java -cp "$classpath" org.openjdk.jmh.Main YamlEditBenchmark
fi

# measure NAME COMMAND…: every run begins with the same file
measure() {
  local name=$1 times=()
  shift
  for _ in $(seq "$runs"); do
    cp "$work/original.yaml" "$work/kustomization.yaml"
    local start end
    start=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    times+=($(((end - start) / 10000)))
  done
  local median changed
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$(((runs + 1) / 2))p")
  changed=$(diff "$work/original.yaml" "$work/kustomization.yaml" | grep -c '^>' || true)
  printf '%-28s %8s ms   %6s lines changed\n' "$name" "$((median / 100)).$(printf '%02d' $((median % 100)))" "$changed"
}

for bytes in 4500 100000; do
  repository=$(java -cp "$classpath" io.jenkins.plugins.gitops.bench.EditFile "$work/original.yaml" "$bytes")
  echo "== $(wc -l <"$work/original.yaml") lines, $(wc -c <"$work/original.yaml") bytes, whole processes, median of $runs"
  cd "$work"
  measure "gitops (cold JVM)" java -XX:TieredStopAtLevel=1 -Xshare:auto -cp "$classpath" \
    io.jenkins.plugins.gitops.bench.EditFile kustomization.yaml "$repository" v2.0.0
  if command -v kustomize >/dev/null; then
    measure "kustomize edit set image" kustomize edit set image "$repository=$repository:v2.0.0"
  else
    echo "kustomize                    SKIPPED: not installed"
  fi
  if command -v yq >/dev/null && yq --version | grep -q mikefarah; then
    measure "yq -i" yq -i "(.images[] | select(.name == \"$repository\") | .newTag) = \"v2.0.0\"" kustomization.yaml
  else
    echo "yq                           SKIPPED: mikefarah's yq is not installed"
  fi
done
