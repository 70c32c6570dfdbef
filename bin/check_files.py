#!/usr/bin/env python
"""Check the files that git keeps: none names a package registry, none is large.

A registry's host in a lock or a script would tie the house to one network; which
index is asked is the machine's business (pip and apt configuration).

    bin/check_files.py [FOLDER]
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LARGEST = 3 * 1024 * 1024
# In halves, so that this file does not name them either.
REGISTRIES = [
    ("pypi", "org"),
    ("pypi.python", "org"),
    ("pythonhosted", "org"),
    ("deb.debian", "org"),
    ("security.debian", "org"),
    ("ftp.debian", "org"),
    ("snapshot.debian", "org"),
    ("archive.ubuntu", "com"),
    ("security.ubuntu", "com"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("jsdelivr", "net"),
    ("unpkg", "com"),
    ("cdnjs.cloudflare", "com"),
    ("crates", "io"),
    ("rubygems", "org"),
    ("proxy.golang", "org"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
    ("conda.anaconda", "org"),
]
NAMED = re.compile(
    rb"(?<![\w-])(?:[\w-]+\.)*(?:"
    + b"|".join(re.escape(".".join(parts)).encode() for parts in REGISTRIES)
    + rb")(?![\w-])",
    re.IGNORECASE,
)


def kept_files(folder: Path) -> list[str]:
    """Tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=folder,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return sorted(set(filter(None, listed.split("\0"))))


def problems(folder: Path) -> Iterator[str]:
    """A line for each file that should not be so."""
    for name in kept_files(folder):
        path = folder / name
        if not path.is_file():
            continue
        content = path.read_bytes()
        if len(content) > LARGEST:
            yield f"{name}: {len(content) / 1024 / 1024:.1f} MB, more than 3"
        for number, line in enumerate(content.splitlines(), 1):
            if found := NAMED.search(line):
                yield f"{name}:{number}: names a registry: {found.group().decode()}"


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    found = list(problems(folder))
    if found:
        sys.stderr.write("\n".join(found) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
