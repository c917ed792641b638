#!/usr/bin/env bash
# Takes the pictures of the README from the demo's newest release.
#
#   infra/screenshots.sh [folder]   PNG files go to docs/images unless told otherwise
#
# Needs Chromium and the results of `make demo`. Nothing is loaded from any network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec .venv/bin/python -m tests.support.screenshots "${1:-docs/images}"
