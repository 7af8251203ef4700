"""The register of codes: it finds an entry whoever asks first."""

import subprocess
import sys


def test_an_entry_is_found_before_the_module_that_reports_it_is_imported() -> None:
    """Findings from a cache come before the compiler: `luling test` on a broken rulebook."""
    asked = "from luling.compiler.diagnostics.entry import lookup; print(lookup('L0407').code)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout == "L0407\n"
