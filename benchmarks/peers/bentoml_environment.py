"""An environment for BentoML, which asks for other versions of libraries than the tests do."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Final

from benchmarks.places import ROOT

VERSION: Final = "1.4.40"
_FOLDER: Final = ROOT / "runs" / "peers" / f"bentoml-{VERSION}"


def bentoml_python() -> Path:
    """The interpreter of an environment with BentoML, which is made at the first call.

    What BentoML needs lies in it; PyTorch and the rest are taken from the environment that runs.

    Raises:
        subprocess.CalledProcessError: it cannot be installed; what pip says stands above.
    """
    python = _FOLDER / "bin" / "python"
    if not (_FOLDER / "made").exists():
        venv.create(_FOLDER, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", f"bentoml=={VERSION}"]
        subprocess.run(install, check=True)
        own = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
        (_FOLDER / own / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
        (_FOLDER / "made").touch()
    return python
