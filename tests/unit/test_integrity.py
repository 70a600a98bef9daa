"""The installed files against their recorded hashes, on a real wheel in a folder of its own and on this checkout."""

import base64
import hashlib
import shutil
import subprocess
import sys
import time
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from terminal.integrity import (
    LIST_NAME,
    PACKAGES,
    IntegrityCode,
    IntegrityReport,
    Wrong,
    WrongFile,
    check_files,
    check_installation,
    hashes_of,
    read_list,
    record_hashes,
    wheel_records,
)

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small wheel with our package names, built by hand to the wheel format and installed by pip."""
    folder = tmp_path_factory.mktemp("install")
    wheel = _make_wheel(folder)
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder / "site"),
        str(wheel),
    ]
    subprocess.run(command, check=True)
    return folder / "site"


def _make_wheel(folder: Path) -> Path:
    path = folder / "honnin-0.1.0-py3-none-any.whl"
    info = "honnin-0.1.0.dist-info"
    files = {
        "terminal/__init__.py": "",
        "terminal/fix.py": "PATCHED = True\n",
        "printer_templates/form.json": "{}",
        "honnin/__init__.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: honnin\nVersion: 0.1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(
            f"{info}/RECORD", "".join(_record(name, text) for name, text in files.items()) + f"{info}/RECORD,,\n"
        )
    return path


def _record(name: str, text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    return f"{name},sha256={digest},{len(text)}\n"


@pytest.fixture
def site(wheel_install: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(wheel_install, tmp_path / "site"))


def check(site: Path) -> IntegrityReport:
    (info,) = site.glob("honnin-*.dist-info")
    return check_files(site, PACKAGES, wheel_records(PathDistribution(info), PACKAGES), None)


def test_a_wheel_as_installed_is_right(site: Path) -> None:
    report = check(site)
    assert report.ok
    assert (report.files, report.source, report.text) == (4, "wheel", "")


def test_a_changed_file_is_named_and_changes_the_build(site: Path) -> None:
    before = check(site).build_id
    (site / "terminal/fix.py").write_text("PATCHED = False\n")
    report = check(site)
    assert report.code is IntegrityCode.FILES_WRONG
    assert report.wrong == (WrongFile("terminal/fix.py", Wrong.CHANGED),)
    assert "terminal/fix.py (changed)" in report.text
    assert report.build_id != before


def test_a_missing_file_is_named(site: Path) -> None:
    (site / "printer_templates/form.json").unlink()
    assert check(site).wrong == (WrongFile("printer_templates/form.json", Wrong.MISSING),)


def test_a_missing_package_is_named_file_by_file(site: Path) -> None:
    shutil.rmtree(site / "terminal")
    assert {file.path for file in check(site).wrong} == {"terminal/__init__.py", "terminal/fix.py"}


@pytest.mark.parametrize(
    "name", ["terminal/extra.py", "terminal/fix.pyc", "honnin/deep/er/evil.py", "terminal/native.so"]
)
def test_a_stray_file_that_could_be_imported_is_named(site: Path, name: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_bytes(b"")
    assert check(site).wrong == (WrongFile(name, Wrong.UNEXPECTED),)


def test_pythons_own_caches_are_no_strays(site: Path) -> None:
    subprocess.run([sys.executable, "-m", "compileall", "-q", site / "terminal"], check=True)
    assert check(site).ok


def test_without_any_record_nothing_is_right(site: Path) -> None:
    report = check_files(site, PACKAGES, None, None)
    assert report.code is IntegrityCode.NOT_RECORDED
    assert "record-hashes" in report.text


def test_the_wheel_and_the_list_must_both_hold(site: Path) -> None:
    (info,) = site.glob("honnin-*.dist-info")
    listed = {**hashes_of(site, PACKAGES), "terminal/fix.py": "0" * 64}
    report = check_files(site, PACKAGES, wheel_records(PathDistribution(info), PACKAGES), listed)
    assert report.wrong == (WrongFile("terminal/fix.py", Wrong.CHANGED),)


def test_a_list_that_was_cut_or_garbled_is_no_pass(tmp_path: Path, site: Path) -> None:
    hashes = hashes_of(site, PACKAGES)
    whole = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    (tmp_path / "list").write_text(whole)
    assert check_files(site, PACKAGES, None, read_list(tmp_path / "list")).ok
    for garbled in (whole[:-20], whole[:100], "", "garbage\n" + whole):
        (tmp_path / "list").write_text(garbled)
        assert not check_files(site, PACKAGES, None, read_list(tmp_path / "list")).ok


def test_this_checkout_is_recorded_and_checked(tmp_path: Path) -> None:
    """Others may be writing in this checkout, so only the package that tests never write is looked at."""
    packages = ("printer_templates",)
    assert check_installation(tmp_path, packages).code is IntegrityCode.NOT_RECORDED
    assert record_hashes(tmp_path, packages).ok
    text = (tmp_path / LIST_NAME).read_text().replace("printer_templates/__init__.py", "printer_templates/gone.py")
    (tmp_path / LIST_NAME).write_text(text)
    report = check_installation(tmp_path, packages)
    assert {(file.path, file.wrong) for file in report.wrong} == {
        ("printer_templates/gone.py", Wrong.MISSING),
        ("printer_templates/__init__.py", Wrong.UNEXPECTED),
    }


def test_sha256sum_reads_the_list(tmp_path: Path) -> None:
    record_hashes(tmp_path, ("printer_templates",))
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", tmp_path / LIST_NAME], cwd=CHECKOUT, check=True)


def test_packages_that_run_from_another_place_are_noticed(tmp_path: Path, site: Path) -> None:
    """The installed wheel is right, but the code that runs lies elsewhere: the site that ran without its fix."""
    script = (
        "import sys; from pathlib import Path; import importlib.util as u\n"
        f"sys.path.insert(0, {str(site)!r})\n"
        f"spec = u.spec_from_file_location('integrity', {str(CHECKOUT / 'terminal' / 'integrity.py')!r})\n"
        "module = u.module_from_spec(spec); sys.modules['integrity'] = module; spec.loader.exec_module(module)\n"
        f"sys.path.insert(0, {str(tmp_path / 'other')!r})\n"
        "print(module.check_installation(Path('/nonexistent')).code)\n"
    )
    right = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True)
    assert right.stdout == "None\n"
    shutil.copytree(site, tmp_path / "other", ignore=shutil.ignore_patterns("*.dist-info"))
    wrong = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True)
    assert wrong.stdout == "INTEGRITY_OTHER_PLACE\n"


def main() -> None:
    """Measure: the time of one check of everything."""
    started = time.perf_counter()
    report = check_files(CHECKOUT, PACKAGES, None, {})
    print(f"{report.files} files in {(time.perf_counter() - started) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
