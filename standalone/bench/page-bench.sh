#!/usr/bin/env bash
# How long the pages take the server, beside the same bytes from the same server; then what the ledger behind them takes,
# and how long Chromium takes for the overview of 1,000 applications.
#
#   standalone/bench/page-bench.sh [DEPLOYMENTS] [GATES] [REQUESTS]      default 500 50 400
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

(cd "$here/.." && mvn -q -B -ntp -Pbench -pl bench -am -DskipTests package)
bench() {
  java -Dsun.net.httpserver.nodelay=true -cp "$here/target/classes:$here/target/lib/*" \
    "io.jenkins.plugins.gitops.bench.page.$@"
}
bench PageBench "${1:-500}" "${2:-50}" "${3:-400}"
bench LedgerBench 15 "${1:-500}" 5000

playground=$here/../playground/target
(cd "$here/.." && mvn -q -B -ntp -DskipTests process-test-classes -pl playground -am)
java -cp "$playground/test-classes:$playground/classes:$(cat "$playground/test-class-path")" \
  io.jenkins.plugins.gitops.playground.page.OverviewTime 1000 500 11
