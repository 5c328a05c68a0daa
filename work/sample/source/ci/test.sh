#!/bin/sh
# Stands for a team's own tests: says what it would do and succeeds, or fails when FAIL names this kind of test.
set -eu
kind=$1
echo "[simulated] $kind against ${2:-this workspace}: ok"
if [ "${FAIL:-}" = "$kind" ]; then
    echo "[simulated] $kind failed, because FAIL=$FAIL" >&2
    exit 1
fi
