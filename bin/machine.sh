# What this machine must have: sourced by the other scripts in bin/. Debian 12 and its kin.
# Messages are Vietnamese first, then English, because both readers meet them.

say() { printf '%s\n' "$*"; }

die() { # vietnamese, english
  printf '\n%s\n%s\n' "$1" "$2" >&2
  exit 1
}

pick_python() { # sets PYTHON and PYTHON_VERSION
  unset PYTHONHOME PYTHONPATH
  local name
  for name in python3 python3.11 python3.12 python3.13; do
    command -v "$name" >/dev/null 2>&1 || continue
    PYTHON_VERSION=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $PYTHON_VERSION in
      3.11 | 3.12 | 3.13)
        PYTHON=$(command -v "$name")
        return 0
        ;;
    esac
  done
  die "Cần Python 3.11, 3.12 hoặc 3.13. Trên Debian 12: apt-get install -y python3" \
    "Python 3.11, 3.12 or 3.13 is needed; found: $(python3 --version 2>&1 | head -n 1). On Debian 12: apt-get install -y python3"
}

apt_install() { # package...
  local command="apt-get install -y --no-install-recommends $*" as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      as_root=(sudo)
    else
      die "Thiếu gói hệ thống: $*. Xin quản trị viên chạy lệnh: $command" \
        "System packages are missing and this user may not install them. An administrator must run: $command"
    fi
  fi
  command -v apt-get >/dev/null 2>&1 ||
    die "Thiếu: $*. Máy này không có apt-get." "Missing: $*. There is no apt-get here; install them by hand."
  say "Cài gói hệ thống / Installing system packages: $*"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
  # A fresh machine has no package lists; one that has them need not ask again.
  "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1 && return 0
  "${apt[@]}" update </dev/null >/dev/null &&
    "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null && return 0
  die "Không cài được: $*. Xin quản trị viên chạy lệnh: apt-get update && $command" \
    "These could not be installed. An administrator must run: apt-get update && $command"
}

missing_libraries() { # library package, library package...: packages of what cannot be loaded
  "$PYTHON" - "$@" <<'PY'
import ctypes
import sys

for library, package in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PY
}

missing_for_run() { # package names, by what is really missing
  local for_pdf
  for_pdf=$(missing_libraries libpango-1.0.so.0 libpango-1.0-0 libpangoft2-1.0.so.0 libpangoft2-1.0-0)
  # Comes along, never asked for alone: without it fonts of PDFs are cut more slowly.
  [ -z "$for_pdf" ] || echo "$for_pdf libharfbuzz-subset0"
  command -v msgfmt >/dev/null 2>&1 || echo gettext
}

missing_for_tests() {
  [ -x "$PG_BIN/initdb" ] || echo postgresql-15
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || echo chromium
  # Playwright's own Node needs it.
  missing_libraries libatomic.so.1 libatomic1
}

PG_BIN=${PG_BIN:-/usr/lib/postgresql/15/bin}
