# Sourced by bin/run and bin/test with $home set: makes .venv where it is missing or behind the pins.

has_venv() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if has_venv "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "jardam: Python 3.11 or newer with its venv module is needed (Debian, Ubuntu: apt install python3-venv)." >&2
    return 1
}

environment() {
    "$home/.venv/bin/python" "$home/bin/_environment.py" check "$1" 2>/dev/null && return
    found=$(find_python) || exit 1
    "$found" "$home/bin/_environment.py" make "$1" || exit 1
}
