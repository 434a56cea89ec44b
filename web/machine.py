"""What the machine must have that no Python package brings: Pango, for WeasyPrint's PDF.

`python -m web.machine` installs it where the user may, else says the one command. Never fails: everything but PDF
works without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

#: Debian and Ubuntu packages that WeasyPrint loads, and the letters' typeface.
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-roboto-unhinted")


def pdf_works() -> bool:
    """Try in a process of its own, since a failed load would stay."""
    done = subprocess.run([sys.executable, "-c", "import weasyprint"], capture_output=True, check=False)
    return done.returncode == 0


def may_install() -> bool:
    """Root on a system with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages quietly; True when apt-get said so."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = ["apt-get", "update", "-qq"]
    add = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (update, add):
        done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def main() -> None:
    if pdf_works():
        return
    if may_install() and install(PDF_PACKAGES) and pdf_works():
        return
    command = f"apt-get install {' '.join(PDF_PACKAGES)}"
    sys.stderr.write(f"PDF is off: WeasyPrint needs Pango. On Debian or Ubuntu, as root: {command}\n")


if __name__ == "__main__":
    main()
