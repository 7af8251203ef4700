"""A Spark session of this process: started without a word, stopped without a trace.

It listens on loopback only and asks nobody on a network, unless another master is named.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from luling.compiler.diagnostics.entry import Both

from .problems import TableError

JAVA: Final = 17  # the least version that Spark 4 runs on
_LEAST_MEMORY: Final = 512  # MB: with less Spark does not start
_MEMORY: Final = 2048  # MB, where no limit is given
_UNITS: Final = {"K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}
_BINARY: Final = {"K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}

# What the answers, or the plan, depend on; the same in a session that was there before.
_SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.adaptive.enabled": "false",  # it would plan the long query anew after every stage
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.compression.codec": "snappy",
}


@contextmanager
def session(
    folder: Path, master: str | None, threads: int | None, memory: str | None
) -> Iterator[Any]:
    """A session of its own; one that runs in this process already lends its context.

    Args:
        folder: where Spark keeps what is under way, and its log.
        master: where it runs; on this machine where none is named.
        threads: how many cores it uses on this machine.
        memory: how much memory it may use, as `500MB`.
    """
    pyspark = _pyspark()
    running = pyspark.SparkContext._active_spark_context
    if running is not None:
        yield _set(import_module("pyspark.sql").SparkSession(running).newSession())
        return
    _java()
    conf = _configuration(pyspark, folder, master, threads, memory)
    with _signals_as_before(), _started(pyspark, conf, folder) as context:
        yield _set(import_module("pyspark.sql").SparkSession(context))


def _set(found: Any) -> Any:
    for name, value in _SETTINGS.items():
        found.conf.set(name, value)
    return found


def _configuration(
    pyspark: Any, folder: Path, master: str | None, threads: int | None, memory: str | None
) -> Any:
    conf = pyspark.SparkConf()
    cores = str(threads) if threads else "*"
    conf.setMaster(master or f"local[{cores}]").setAppName("luling batch")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    conf.set("spark.sql.catalogImplementation", "in-memory")
    conf.set("spark.sql.warehouse.dir", (folder / "warehouse").as_uri())
    conf.set("spark.driver.memory", f"{megabytes(memory)}m")
    if master is None or master.startswith("local"):
        conf.set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
        conf.set("spark.local.dir", str(folder / "spark"))
        conf.set("spark.sql.shuffle.partitions", str(4 * (threads or os.cpu_count() or 1)))
    return conf


def megabytes(memory: str | None) -> int:
    """A limit as Spark takes it; below what it needs to start it gets that much."""
    if memory is None:
        return _MEMORY
    number, unit = re.fullmatch(r"\s*([0-9.]+)\s*([KMGT])(i?)B\s*", memory, re.I).group(1, 2)  # type: ignore[union-attr]
    scale = (_BINARY if "i" in memory.lower() else _UNITS)[unit.upper()]
    whole, _, part = number.partition(".")
    size = int(whole) * scale + (int(part) * scale // 10 ** len(part) if part else 0)
    return max(size // 1024**2, _LEAST_MEMORY)


@contextmanager
def _started(pyspark: Any, conf: Any, folder: Path) -> Iterator[Any]:
    """A context whose Java process says what it has to say in a file, and ends with it."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    logging.getLogger("py4j").setLevel(logging.CRITICAL + 1)
    launch = import_module("pyspark.java_gateway").launch_gateway
    log = folder / "spark.log"
    with log.open("wb") as out:
        try:
            gateway = launch(conf, {"stdout": out, "stderr": out})
            context = pyspark.SparkContext(gateway=gateway, conf=conf)
        except Exception as error:
            raise TableError(_not_started(error, log)) from None
    try:
        yield context
    finally:
        context.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


@contextmanager
def _signals_as_before() -> Iterator[None]:
    """Gives back the handler of Ctrl-C that Spark puts its own in the place of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _not_started(error: Exception, log: Path) -> Both:
    lines = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
    telling = [line for line in lines if "Exception" in line or "rror" in line] or [str(error)]
    said = telling[0].strip()
    return Both(f"Spark 启动不了：{said}", f"Spark does not start: {said}")


# --- what has to be there


def _pyspark() -> Any:
    try:
        import_module("pyspark.java_gateway")
        return import_module("pyspark")
    except ImportError:
        raise TableError(
            Both(
                "--engine spark 要用 pyspark，它没有安装；请运行：pip install 'luling[spark]'",
                "--engine spark needs pyspark, which is not installed; "
                "run: pip install 'luling[spark]'",
            )
        ) from None


def _java() -> None:
    """Raises `TableError` where there is no Java that Spark runs on."""
    version = java_version()
    if version is None:
        found = Both("没有找到 java", "there is no java")
    elif version < JAVA:
        found = Both(f"这里的是 Java {version}", f"this is Java {version}")
    else:
        return
    raise TableError(
        Both(
            f"--engine spark 要用 Java {JAVA} 或更新的版本，{found.zh}；请安装，"
            "Debian 和 Ubuntu 上：apt-get install openjdk-17-jre-headless",
            f"--engine spark needs Java {JAVA} or newer, {found.en}; install it, on Debian and "
            "Ubuntu: apt-get install openjdk-17-jre-headless",
        )
    )


def java_version() -> int | None:
    """The version of the Java that Spark would take, None where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        return None
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?([0-9]+)', told.stderr)
    return int(found[1]) if found else None
