"""The commands in bin/: what they refuse, what they clean up, what the checks find."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str):
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def test_make_alone_lists_every_target_with_a_line_of_help():
    said = run("make").stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.M).group(1).split()
    for target in set(phony):
        assert re.search(rf"^{target} +\w", said, re.M), target


def test_the_test_lock_holds_everything_of_the_lock_that_make_run_installs():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.M))

    assert pins("base.txt")
    assert pins("base.txt") <= pins("dev.txt")


class TestPort:
    def test_a_taken_port_is_named_before_anything_is_set_up(self, tmp_path):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            done = run("make", "run", PORT=port, VAR_DIR=str(tmp_path / "var"))
        assert done.returncode != 0
        assert f"Cổng {port} đang được dùng" in done.stderr
        assert f"PORT={int(port) + 1} make run" in done.stderr
        assert not (tmp_path / "var").exists()

    @pytest.mark.parametrize("port", ["web", "0", "70000", "-1"])
    def test_what_is_no_port_is_said_so(self, port):
        done = run(sys.executable, "bin/check_port.py", port)
        assert done.returncode == 1
        assert f"PORT={port}" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_free_port_passes_in_silence(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        done = run(sys.executable, "bin/check_port.py", port)
        assert (done.returncode, done.stderr) == (0, "")


def only_these(folder: Path, *names: str, **scripts: str) -> str:
    """A PATH that holds these programs of the machine and these scripts, nothing else."""
    folder.mkdir()
    for name in names:
        found = run("sh", "-c", f"command -v {name}").stdout.strip()
        (folder / name).symlink_to(found)
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


class TestMachine:
    def test_an_old_python_is_refused_clearly(self, tmp_path):
        old = 'case $1 in --version) echo "Python 3.9.2";; *) echo 3.9;; esac'
        path = only_these(tmp_path / "bin", "bash", "env", "dirname", "head", python3=old)
        done = run("/bin/bash", ROOT / "bin" / "run", PATH=path)
        assert done.returncode == 1
        assert "Cần Python 3.11, 3.12 hoặc 3.13" in done.stderr
        assert "Python 3.9.2" in done.stderr

    def test_without_the_right_to_install_the_administrators_command_is_named(self, tmp_path):
        path = only_these(tmp_path / "bin", "bash", id="echo 1000")
        done = run("bash", "-c", ". bin/machine.sh; apt_install gettext", PATH=path)
        assert done.returncode == 1
        assert "apt-get install -y --no-install-recommends gettext" in done.stderr


class TestSupervisor:
    """Two processes as one: neither outlives the other, nor the supervisor."""

    def start(self, logs: Path, **jobs: list[str]) -> subprocess.Popen[str]:
        program = (
            "import sys; sys.path.insert(0, 'bin'); import supervise; from pathlib import Path;"
            f"sys.exit(supervise.supervise({jobs!r}, 1, None, Path({str(logs)!r})))"
        )
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def job(self, pid_file: Path) -> list[str]:
        code = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid()))"
        return [sys.executable, "-c", f"{code}; time.sleep(60)"]

    def pid(self, pid_file: Path) -> int:
        return int(wait_for(lambda: pid_file.exists() and pid_file.read_text()))

    @pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
    def test_one_signal_stops_both_without_noise(self, tmp_path, signum):
        jobs = {name: self.job(tmp_path / name) for name in ("web", "worker")}
        supervisor = self.start(tmp_path, **jobs)
        pids = [self.pid(tmp_path / name) for name in jobs]
        supervisor.send_signal(signum)
        out, err = supervisor.communicate(timeout=30)
        assert (supervisor.returncode, err) == (0, "")
        assert "Đã dừng." in out
        assert not any(map(alive, pids))

    def test_when_one_ends_the_other_is_stopped_and_the_log_is_named(self, tmp_path):
        broken = [sys.executable, "-c", "raise SystemExit('không có bảng')"]
        supervisor = self.start(tmp_path, web=self.job(tmp_path / "web"), worker=broken)
        _out, err = supervisor.communicate(timeout=30)
        assert supervisor.returncode == 1
        assert "'worker' ended by itself" in err
        assert str(tmp_path / "worker.log") in err
        assert "không có bảng" in err
        assert "Traceback" not in err
        if (tmp_path / "web").exists():
            assert not alive(self.pid(tmp_path / "web"))

    def test_a_killed_supervisor_takes_its_processes_along(self, tmp_path):
        jobs = {name: self.job(tmp_path / name) for name in ("web", "worker")}
        supervisor = self.start(tmp_path, **jobs)
        pids = [self.pid(tmp_path / name) for name in jobs]
        supervisor.kill()
        supervisor.communicate(timeout=30)
        assert wait_for(lambda: not any(map(alive, pids)))


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")


class TestFileCheck:
    @pytest.fixture
    def checkout(self, tmp_path):
        run("git", "init", "-q", tmp_path)
        (tmp_path / ".gitignore").write_text("left-out\n")
        return tmp_path

    def check(self, checkout: Path):
        return run(sys.executable, "bin/check_files.py", checkout)

    def test_a_clean_checkout_passes(self, checkout):
        (checkout / "a.txt").write_text("https://example.vn/pypi-org\n")
        assert self.check(checkout).returncode == 0

    @pytest.mark.parametrize("host", ["files.PythonHosted", "pypi", "deb.debian", "registry.npmjs"])
    def test_a_registrys_host_is_found(self, checkout, host):
        (checkout / "lock.txt").write_text(f"safe==1.0\n--index-url https://{host}.org/simple\n")
        done = self.check(checkout)
        assert done.returncode == 1
        assert "lock.txt:2: names a registry" in done.stderr

    def test_a_large_file_is_found_unless_git_ignores_it(self, checkout):
        (checkout / "left-out").write_bytes(b"x" * 4_000_000)
        assert self.check(checkout).returncode == 0
        (checkout / "big.bin").write_bytes(b"x" * 4_000_000)
        assert "big.bin: 3.8 MB" in self.check(checkout).stderr


class TestCatalogueCheck:
    @pytest.fixture
    def faults(self):
        sys.path.insert(0, str(ROOT / "bin"))
        try:
            import messages
        finally:
            sys.path.pop(0)
        import polib

        return lambda **entry: list(messages.incomplete(polib.POEntry(**entry)))

    @pytest.mark.parametrize(
        ("msgid", "msgstr"),
        [
            ("Send", ""),
            ("%(count)s answers", "câu trả lời"),
            ("{name} to {day}", "{name} đến {ngay}"),
            ("See <a href='%(url)s'>this</a>", "Xem %(url)s"),
            ("Agency", "Co\u031b quan"),
        ],
    )
    def test_a_translation_that_would_break_a_page_is_found(self, faults, msgid, msgstr):
        assert faults(msgid=msgid, msgstr=msgstr)

    def test_a_fuzzy_translation_is_not_one(self, faults):
        assert faults(msgid="Send", msgstr="Gửi", flags=["fuzzy"])

    def test_a_complete_translation_passes(self, faults):
        assert not faults(msgid="%(n)s of {all}", msgstr="{all}: %(n)s")
        assert not faults(
            msgid="one day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s ngày"}
        )
