#!/usr/bin/env bash
# Sets up all that the project needs on a machine with Python 3.11+, git and make.
#
#   infra/setup.sh            the Python environment in .venv/, from requirements.lock
#   infra/setup.sh installer  only the pinned installer in .boot/
#   infra/setup.sh tests      also the system packages that some tests need
#
# Quick when nothing changed. The machine's own pip and uv configuration (mirrors,
# certificates, proxies) is respected; no registry is named here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
  say "$1"
  exit 1
}

# The version is asked by running the program: a version manager may offer names
# on the PATH behind which nothing is installed.
find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3 python3.14; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
      2>/dev/null; then
      "$name" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  fail "Python 3.11 to 3.14 is needed and was not found. Install it (on Debian: apt-get install python3) and run this again."
}

apt_install() {
  say "installing Debian packages: $*"
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

# Debian ships Python without `ensurepip` and so without working virtual environments.
make_boot_environment() {
  local python=$1 package
  "$python" -c 'import ensurepip, venv' 2>/dev/null && "$python" -m venv --clear .boot && return
  package="$(basename "$(readlink -f "$python")")-venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt_install "$package"
    "$python" -m venv --clear .boot
  else
    fail "Python's venv module is incomplete. Run \`apt-get install $package\` as root, then run this again."
  fi
}

install_installer() {
  local stamp=.boot/.lock-digest digest
  digest=$(sha256sum bootstrap.lock)
  [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ] && [ -x .boot/bin/uv ] && return
  say "making .boot/ with the pinned installer"
  make_boot_environment "$(find_python)"
  .boot/bin/pip install --quiet --disable-pip-version-check \
    --require-hashes -r bootstrap.lock >&2
  printf '%s\n' "$digest" >"$stamp"
}

# uv does not read pip's configuration. Where a machine names its mirror or its
# certificates to pip only, uv is told the same.
follow_pip_configuration() {
  local index certificates
  export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"
  certificates="${PIP_CERT:-$(pip_setting cert)}"
  if [ -z "${SSL_CERT_FILE:-}" ] && [ -f "$certificates" ]; then
    export SSL_CERT_FILE="$certificates"
  fi
  index="${PIP_INDEX_URL:-$(pip_setting index-url)}"
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && [ -n "$index" ]; then
    export UV_DEFAULT_INDEX="$index"
  fi
}

pip_setting() {
  .boot/bin/pip config get "global.$1" 2>/dev/null || true
}

install_environment() {
  local stamp=.venv/.lock-digest digest python
  digest=$(sha256sum requirements.lock pyproject.toml infra/setup.sh)
  [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ] && [ -x .venv/bin/pcbl ] && return
  install_installer
  follow_pip_configuration
  python=$(find_python)
  if ! .venv/bin/python -c '' 2>/dev/null; then
    say "making .venv/ with $python"
    .boot/bin/uv venv --quiet --clear --python "$python" .venv
  fi
  say "installing from requirements.lock"
  # Without compiled bytecode every process would compile every import anew where
  # the machine forbids Python to write it.
  UV_COMPILE_BYTECODE=1 .boot/bin/uv pip install --python .venv/bin/python \
    --require-hashes -r requirements.lock
  .boot/bin/uv pip install --python .venv/bin/python --quiet \
    --no-deps --no-build-isolation -e .
  printf '%s\n' "$digest" >"$stamp"
}

# Browser tests drive Debian's Chromium, template tests its LibreOffice. Where they
# cannot be installed the tests that need them fail and say so; all others run.
install_test_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
  command -v soffice >/dev/null || missing+=(libreoffice-calc)
  [ "${#missing[@]}" -eq 0 ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt_install "${missing[@]}"
  else
    say "Some tests need more. Run \`apt-get install ${missing[*]}\` as root."
  fi
}

case "${1:-environment}" in
  environment) install_environment ;;
  installer) install_installer ;;
  tests)
    install_environment
    install_test_packages
    ;;
  *) fail "unknown part \`$1\`; use environment, installer or tests" ;;
esac
