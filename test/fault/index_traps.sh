#!/bin/bash
# Indexes that the planner takes for a gain and that would make a recorded statement slower must not be advised;
# in a twin of each trap, whose estimates are right, the same index must be. What the advisor says of small tables
# is checked; bench/index_quality/run.sh traps measures as well. Runs on the throw-away server of
# tools/check_server.sh, or by
#   tools/test_server.sh -- bash test/fault/index_traps.sh
set -u
exec bash "$(dirname "${BASH_SOURCE[0]}")/../../bench/index_quality/run.sh" traps --rows 60000 --verdicts
