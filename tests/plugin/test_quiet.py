"""Where there is nothing of Lüling in a project, the plugin is not to be noticed."""

import pytest

pytest_plugins = ["pytester"]

SEEN = """
import sys

def test_what_is_imported():
    ours = {name for name in sys.modules if name.split(".")[0] == "luling"}
    assert ours == {"luling", "luling.testing", "luling.testing.plugin"}
    assert "lark" not in sys.modules
"""


def test_a_project_without_rulebooks_imports_nothing_of_ours(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SEEN)
    pytester.makefile(".json", data="{}")
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(passed=1)
    assert "律令" not in done.stdout.str()


def test_importing_cases_without_hypothesis_names_the_extra(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys
        import pytest

        def test_it(monkeypatch):
            monkeypatch.setitem(sys.modules, "hypothesis", None)
            with pytest.raises(ImportError, match=r"luling\\[pytest\\]"):
                from luling.testing import cases
        """
    )
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)
