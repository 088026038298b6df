"""Make `.venv` ready: the locked packages, the project itself, the system libraries that Qt needs.

Each of the three parts is done once and stamped; a part is done again when what it was made from has
changed, so that a call with nothing to do ends in a fraction of a second. A stamp is written last: an
interrupted part starts afresh. Standard library only, and no syntax newer than Python 3.6, so that an old
Python can say which one is needed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / ".ci" / "requirements.lock"
KERAS_LOCK = ROOT / ".ci" / "requirements-keras.lock"
STAMPS = VENV / "prodlabel-setup.json"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

OLDEST, NEWEST = (3, 11), (3, 13)
"""The versions for which every locked package has a wheel (PySide6 6.9.3 ends at 3.13)."""

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"

QT_FILES = (
    "lib/libQt6Core.so.6", "lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6DBus.so.6",
    "lib/libQt6OpenGLWidgets.so.6", "lib/libQt6Svg.so.6", "lib/libQt6PrintSupport.so.6",
    "plugins/platforms/libqoffscreen.so",
)  # fmt: skip
"""What the program loads whatever the screen; paths inside PySide6's `Qt` folder."""

XCB_FILES = ("lib/libQt6XcbQpa.so.6", "plugins/platforms/libqxcb.so")
"""What a window on an X11 screen needs on top."""

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Library file to the Debian (and Ubuntu) package that holds it."""

TEST_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""Program to the Debian package that holds it."""


class SetupError(Exception):
    """Something the user can mend; the text says how."""


def main():
    parser = argparse.ArgumentParser(description="Make .venv ready for `make demo` and `make test`.")
    parser.add_argument("--keras", action="store_true", help="also the packages of the extra 'keras'")
    arguments = parser.parse_args()
    try:
        check_python_version()
        make_ready(keras=arguments.keras)
    except SetupError as error:
        sys.exit(f"setup: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def check_python_version():
    """Refuse a Python for which the locked packages do not exist."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            "prodlabel needs Python {}.{} to {}.{}; this is {}.{} ({}). "
            "Install one of them and say which: make PYTHON=python3.11 demo".format(
                *OLDEST, *NEWEST, *sys.version_info[:2], sys.executable
            )
        )


def make_ready(keras):
    """Do each part whose stamp is not what it would be now."""
    stamps = read_stamps()
    parts = [
        ("environment", str(ROOT), make_environment),
        ("packages", digest(LOCK), lambda: install_locked(LOCK)),
        ("project", digest(ROOT / "pyproject.toml"), install_project),
        ("system libraries", digest(Path(__file__).resolve()), provide_system_libraries),
        ("tools for tests", digest(Path(__file__).resolve()), provide_test_tools),
    ]
    if keras or "keras" in stamps:
        parts.append(("keras", digest(KERAS_LOCK), lambda: install_locked(KERAS_LOCK)))
    for name, wanted, work in parts:
        if stamps.get(name) == wanted:
            continue
        if name == "environment":
            stamps.clear()
        started_s = time.monotonic()
        say(f"{name} ...")
        work()
        stamps[name] = wanted
        STAMPS.write_text(json.dumps(stamps, indent=1), encoding="utf-8")
        say(f"{name} ready in {time.monotonic() - started_s:.0f} s")


def read_stamps():
    """What was made, by name; empty where nothing is or the environment was moved or damaged."""
    try:
        stamps = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # A virtual environment knows its folder by absolute path, so a moved one is made anew (see `make_ready`).
    return stamps if VENV_PYTHON.exists() else {}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_environment():
    """An empty environment; with pip inside where this Python can put it there."""
    if VENV.exists():
        shutil.rmtree(str(VENV))
    command = [sys.executable, "-m", "venv"]
    if not can_import("ensurepip"):
        # Debian's python3 without python3-venv; `pip --python` fills such an environment from outside.
        if not can_import("pip"):
            raise SetupError(
                f"this Python has no pip ({sys.executable}). "
                "Install it, for example: apt-get install python3-pip python3-venv"
            )
        command.append("--without-pip")
    run([*command, str(VENV)], "the virtual environment could not be made")


def can_import(module):
    return subprocess.call([sys.executable, "-c", "import " + module], stderr=subprocess.DEVNULL) == 0


def pip():
    """How to call pip for the environment."""
    inside = subprocess.call([str(VENV_PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    if inside:
        return [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    outside = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*outside, "--python", str(VENV_PYTHON)]


def install_locked(lock):
    """Exactly the locked versions, checked by hash, and only as wheels: nothing is compiled here."""
    run(
        [
            *pip(),
            "install",
            "--quiet",
            "--require-hashes",
            "--only-binary=:all:",
            "--no-deps",
            "-r",
            str(lock),
        ],
        "the locked packages could not be installed; without a network nothing can be done, "
        "else call the same command again",
    )


def install_project():
    """The checkout itself, editable, with the build back end that the lock brought."""
    run(
        [*pip(), "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "the project could not be installed into .venv; `make clean` and try again",
    )


def provide_system_libraries():
    """On Linux: name the libraries that Qt misses, and install them where that is possible."""
    if not sys.platform.startswith("linux"):
        return
    needed, windowed = missing_packages()
    wanted = sorted(needed | windowed)
    if not wanted:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(wanted)
    if shutil.which("apt-get") and os.geteuid() == 0 and install_with_apt(wanted):
        needed, windowed = missing_packages()
        wanted = sorted(needed | windowed)
    if needed:
        raise SetupError(
            "Qt needs system libraries that are missing. Type this, then try again: sudo " + line
        )
    if windowed:
        say("a window on this machine's screen needs more; type: sudo " + line)


def provide_test_tools():
    """On Linux, where it is allowed: what the journey in a real window needs; without it that test is skipped
    and says so."""
    wanted = [package for tool, package in TEST_TOOLS.items() if not shutil.which(tool)]
    if sys.platform.startswith("linux") and wanted and shutil.which("apt-get") and os.geteuid() == 0:
        install_with_apt(wanted)


def missing_packages():
    """Debian packages that hold what is missing: (for everything, only for a window on an X11 screen)."""
    qt = qt_folder()
    needed, windowed = missing_libraries(qt, QT_FILES), missing_libraries(qt, XCB_FILES)
    # A library for which no package is known is named as it is, so that it can be searched for.
    needed_packages = {DEBIAN_PACKAGES.get(name, name) for name in needed}
    windowed_packages = {DEBIAN_PACKAGES.get(name, name) for name in windowed}
    if not has_fonts():
        needed_packages.add(FONT_PACKAGE)
    return needed_packages, windowed_packages - needed_packages


def qt_folder():
    find = "import importlib.util as u; print(u.find_spec('PySide6').submodule_search_locations[0])"
    output = subprocess.check_output([str(VENV_PYTHON), "-c", find], universal_newlines=True)
    return Path(output.strip()) / "Qt"


def missing_libraries(qt, files):
    """Names of the shared libraries that the loader does not find for these files of Qt."""
    if not shutil.which("ldd"):
        return set()
    missing = set()
    for file in files:
        answer = subprocess.run(
            ["ldd", str(qt / file)],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        missing.update(line.split()[0] for line in answer.stdout.splitlines() if "not found" in line)
    return missing


def has_fonts():
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    kinds = (".ttf", ".otf", ".ttc", ".pfb")
    return any(path.suffix.lower() in kinds for f in folders if f.is_dir() for path in f.rglob("*"))


def install_with_apt(packages):
    """Whether apt installed them; the package lists are fetched only where they are missing or too old."""
    say("installing " + " ".join(packages))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update", "-qq"], install):
        answer = subprocess.run(
            command, check=False, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if command is install and answer.returncode == 0:
            return True
    return False


def run(command, failure):
    """Run a command; its output is shown, and a failure ends the set-up with `failure`."""
    # The caller's own virtual environment and path settings must not leak into the new one.
    environment = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
    if subprocess.call(command, env=environment, cwd=str(ROOT)) != 0:
        raise SetupError(failure)


def say(text):
    print("setup: " + text, flush=True)


if __name__ == "__main__":
    main()
