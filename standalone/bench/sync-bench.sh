#!/usr/bin/env bash
# Many waits for Argo CD beside as many pollers at one second: requests, threads, heap and latency.
#
#   standalone/bench/sync-bench.sh [WAITS…]    default 1000 10000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
(cd "$here/.." && mvn -q -B -ntp -Pbench -pl bench -am -DskipTests package)
exec java -cp "$here/target/classes:$here/target/lib/*" io.jenkins.plugins.gitops.bench.SyncWaitsBenchmark "$@"
