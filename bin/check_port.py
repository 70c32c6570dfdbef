#!/usr/bin/env python3
"""Say clearly why a port cannot be used, before anything slow happens.

    bin/check_port.py PORT [PID_FILE]

Runs under whatever Python the machine has: standard library only.
"""

import os
import socket
import sys


def _running(pid_file: str) -> str:
    """The process id of this checkout's portal, if it lives."""
    try:
        with open(pid_file, encoding="ascii") as file:
            pid = file.read().strip()
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return ""
    return pid


def problem(port: str, pid_file: str = "") -> str:
    """Vietnamese and English lines, or nothing when the port is free."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        return (
            f"PORT={port} không phải là số cổng (1-65535). Ví dụ: PORT=8080 make run\n"
            f"PORT={port} is not a port number. Example: PORT=8080 make run"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return (
                f"Không được phép mở cổng {port}. Chọn cổng từ 1024: PORT=8080 make run\n"
                f"Port {port} needs more rights. Choose another: PORT=8080 make run"
            )
        except OSError:
            pid = _running(pid_file)
            own = f" (tiến trình {pid} của thư mục này / process {pid} of this checkout)"
            other = int(port) + 1 if int(port) < 65535 else 8000
            return (
                f"Cổng {port} đang được dùng{own if pid else ''}. "
                f"Chọn cổng khác: PORT={other} make run\n"
                f"Port {port} is taken. Choose another: PORT={other} make run"
            )
    return ""


if __name__ == "__main__":
    found = problem(*sys.argv[1:3])
    if found:
        sys.stderr.write(found + "\n")
        sys.exit(1)
