#!/usr/bin/env bash
# Many deployments under observation: threads, queries and the time of a processor.
#
#   standalone/bench/verification-bench.sh [DEPLOYMENTS…]    default 200 1000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
(cd "$here/.." && mvn -q -B -ntp -Pbench -pl bench -am -DskipTests package)
exec java -cp "$here/target/classes:$here/target/lib/*" io.jenkins.plugins.gitops.bench.VerificationsBenchmark "$@"
