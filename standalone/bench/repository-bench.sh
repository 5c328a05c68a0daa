#!/usr/bin/env bash
# One bump over HTTP on loopback: this engine, JGit's transport and git with kustomize (where it is installed), medians.
#
#   standalone/bench/repository-bench.sh [quick|full|shapes] [ROUNDS] [WAYS]      default full 15 .*
#
# shapes is a list like 5000x10,1000x200000: files x commits; WAYS is a pattern of the titles of the ways to measure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

(cd "$here/.." && mvn -q -B -ntp -Pbench -pl bench -am -DskipTests package)
exec java -cp "$here/target/classes:$here/target/lib/*" \
  io.jenkins.plugins.gitops.bench.repository.RepositoryBench "${1:-full}" "${2:-15}" "${3:-.*}"
