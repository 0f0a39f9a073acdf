"""The self-test passes here, and fails where something is broken."""

import pytest

from checks.cli import main, selftest


def test_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest"]) == 0
    assert capsys.readouterr().out.count("as it should be") == len(selftest.CHECKS)


@pytest.mark.parametrize("fault", ["this is wrong", None])
def test_a_fault_ends_with_one(
    fault: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str | None:
        if fault is None:
            raise RuntimeError("no such library")
        return fault

    monkeypatch.setattr(selftest, "CHECKS", {"a check": broken})
    assert main(["selftest"]) == 1
    assert (fault or "RuntimeError: no such library") in capsys.readouterr().out
