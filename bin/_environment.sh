# Makes the project's own environment: sourced by the commands beside it, never run.
#
# .tools  a small virtual environment that holds only uv
# .venv   everything in uv.lock; made anew only when uv.lock, pyproject.toml or Python changed

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$project/.tools"
venv="$project/.venv"
stamp="$venv/.made-from"
oldest_python="3.11"

say() { printf '%s\n' "$*" >&2; }
step() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

fail() { # fail JAPANESE ENGLISH
  say ""
  say "エラー: $1"
  say "Error: $2"
  exit 1
}

# ------------------------------------------------------------ what an administrator has to do

as_root() { # as_root COMMAND…; 1 when we may not
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

may_be_root() { [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

missing_packages() { # prints those of the given Debian packages that are not installed
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || printf '%s ' "$package"
  done
}

install_command() { # install_command PACKAGE…: what an administrator types; a fresh machine's lists are empty
  local sudo=""
  [ "$(id -u)" -eq 0 ] || ! command -v sudo >/dev/null || sudo="sudo "
  printf '%s' "${sudo}apt-get update && ${sudo}apt-get install -y $*"
}

need_packages() { # need_packages PACKAGE…: installs them, or says the one command and ends
  local missing command log
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  missing=${missing% }
  # shellcheck disable=SC2086  # a list of words
  command=$(install_command $missing)
  if ! command -v apt-get >/dev/null || ! may_be_root; then
    fail "次のパッケージが必要です。管理者 (root) に依頼して、このコマンドを実行してください: $command" \
      "These packages are needed. Ask an administrator (root) to run: $command"
  fi
  step "$missing をインストールしています (installing with apt-get)"
  log=$(mktemp)
  # In a session of its own: Ctrl-C in the middle would leave dpkg in need of repair.
  # shellcheck disable=SC2086  # a list of words
  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    as_root setsid --wait env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt-get でインストールできませんでした。ネットワークを確認して、もう一度実行してください。手で行う場合: $command" \
      "apt-get could not install them. Check the network and run this again, or install by hand: $command"
  fi
  rm -f "$log"
}

python_packages() { # python_packages PYTHON: prints what it lacks to make a virtual environment
  [ -x "$tools/bin/uv" ] || "$1" -c 'import ensurepip, venv' 2>/dev/null ||
    "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

telephone_packages() { # prints what unpacking Asterisk takes, where none is there; telephony/provision.py decides
  command -v mmdebstrap >/dev/null && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] && return 0
  [ -d "${MADOGUCHI_CACHE:-$HOME/.cache/madoguchi}/asterisk-root" ] && return 0
  case $(PATH="$PATH:/usr/sbin" asterisk -V 2>/dev/null) in "Asterisk 2"[2-9]*) return 0 ;; esac
  echo mmdebstrap debian-archive-keyring gpg
}

# ------------------------------------------------------------ Python and uv

new_enough() { "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$oldest_python'.split('.'))))" 2>/dev/null; }

find_python() { # prints the first Python that is new enough
  local name path
  for name in python3 python3.13 python3.12 python3.11 python3.14; do
    path=$(command -v "$name") && new_enough "$path" && printf '%s\n' "$path" && return 0
  done
  return 1
}

no_network() {
  fail "部品を取得できませんでした。初回の起動にはインターネット接続が必要です。接続とプロキシの設定 (HTTPS_PROXY) を確認して、もう一度実行してください。理由は上に表示されています。途中までの取得分は残っています。" \
    "The parts could not be fetched (the reason stands above). The first start needs the Internet: check the connection and the proxy settings (HTTPS_PROXY), then run this again. What was fetched so far is kept."
}

interrupted() {
  rm -f "${log:-}"
  say ""
  say "中断しました。もう一度実行すると、続きから始まります。"
  say "Interrupted. Run it again to go on from here."
  exit 130
}

enough_space() {
  local free
  free=$(df -Pk "$project" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "${free:-0}" -ge 1500 ] || fail \
    "$project の空き容量が ${free} MB しかありません。1500 MB 以上空けてから、もう一度実行してください。" \
    "Only ${free} MB are free at $project. Make room for 1500 MB and run this again."
}

make_tools() {
  local python=$1 said
  [ -x "$tools/bin/uv" ] && return 0
  step "uv を用意しています (fetching uv)"
  rm -rf "$tools"
  said=$("$python" -m venv "$tools" 2>&1) || {
    say "$said"
    fail "$tools を作れませんでした。空き容量とフォルダーの権限を確認してください。" \
      "$tools could not be made. Check the free space and the folder's permissions."
  }
  if ! "$tools/bin/pip" install --quiet --disable-pip-version-check --retries 2 --timeout 20 'uv>=0.8,<1' >&2; then
    rm -rf "$tools"
    no_network
  fi
}

wanted_stamp() { # a line that changes when the environment has to be made anew
  { cat "$project/uv.lock" "$project/pyproject.toml" && printf '%s' "$project"; } | sha256sum | cut -d' ' -f1
}

is_made_for() { # is_made_for run|test; what tests take is enough to run
  local wanted made
  wanted=$(wanted_stamp)
  made=$(cat "$stamp" 2>/dev/null || true)
  [ "$made" = "$wanted test" ] || [ "$made" = "$wanted $1" ]
}

# need_environment run|test PACKAGE…: the environment that running, or testing, takes, and Debian packages beside.
need_environment() {
  is_made_for "$1" && return 0
  exec 8<"$project"
  flock 8 # of two commands started together one waits
  is_made_for "$1" || make_environment "$@"
  exec 8<&-
}

make_environment() {
  local purpose=$1 python groups=(--no-dev --inexact)
  shift
  exec 7>&2 # the trap may find us while our own errors go into a log
  trap 'interrupted 2>&7' INT
  [ "$purpose" = test ] && groups=()
  enough_space
  python=$(find_python) || {
    # shellcheck disable=SC2046  # a list of words
    need_packages python3 python3-venv $(telephone_packages) "$@"
    python=$(find_python) || fail \
      "Python $oldest_python 以降が必要です。インストールしてから、もう一度実行してください。" \
      "Python $oldest_python or later is needed. Install it and run this again."
  }
  # All at once and first of all: nobody is sent to an administrator a second time.
  # shellcheck disable=SC2046  # lists of words
  need_packages $(python_packages "$python") $(telephone_packages) "$@"
  make_tools "$python"
  step "Python の部品を用意しています。初回は数分かかります (fetching the Python parts; the first time takes some minutes)"
  rm -f "$stamp"
  (cd "$project" && UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$venv" VIRTUAL_ENV='' \
    "$tools/bin/uv" sync --frozen "${groups[@]}" --python "$python" >&2 </dev/null) || no_network
  printf '%s %s' "$(wanted_stamp)" "$purpose" >"$stamp"
  trap - INT
  exec 7>&-
}
