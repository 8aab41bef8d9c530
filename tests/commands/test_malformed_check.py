"""Malformed calls of check and new: exit code 2 and one line on stderr that names the parameter and the value."""

import pytest

from samtheory.cli import main

FILES = {
    "raises.py": "def problem():\n    raise RuntimeError('no luck')\n",
    "wrong_shape.py": "import numpy as np\nfrom samtheory import UserSum\n"
    "from samtheory.checking.estimate import estimate\n"
    "def problem():\n    f = UserSum(lambda i, x: 0.0, lambda i, x: np.zeros(3), 2, 2)\n"
    "    return estimate(f, np.zeros(2))\n",
    "nan_start.py": "import numpy as np\nfrom samtheory import UserSum\n"
    "from samtheory.checking.estimate import estimate\n"
    "def problem():\n    f = UserSum(lambda i, x: float('nan'), lambda i, x: np.zeros(2), 2, 2)\n"
    "    return estimate(f, np.zeros(2))\n",
    "falls.py": "import numpy as np\nfrom samtheory import UserSum\n"
    "from samtheory.checking.estimate import estimate\n"
    "def problem():\n    f = UserSum(lambda i, x: -x @ x, lambda i, x: -2 * x, 2, 2)\n"
    "    return estimate(f, np.ones(2))\n",
    "text.csv": "1,2\n3,four\n",
    "there.py": "",
}

CALLS = {
    "check ridgee": ("ridgee", "did you mean ridge"),
    "check nowhere.py": ("nowhere.py", "cannot be read"),
    "check raises.py": ("raises.py", "no luck"),
    "check wrong_shape.py": ("gradient", "must be"),
    "check nan_start.py": ("x0", "finite"),
    "check falls.py": ("f_inf", "must be given"),
    "check ridge --level slow": ("level=slow", "least, quick, thorough"),
    "check ridge --budget 0": ("budget=0", "above 0"),
    "check ridge --budget soon": ("budget=soon", "above 0"),
    "check ridge --budget nan": ("budget=nan", "above 0"),
    "check ridge --seed -1": ("seed=-1", "whole number"),
    "check ridge --seed half": ("seed=half", "whole number"),
    "check ridge --sampling uniformm": ("uniformm", "did you mean uniform"),
    "check ridge --sampling nice:999": ("tau=999", "at most"),
    "check ridge --param n": ("param=n", "name=value"),
    "check ridge --param what=1": ("param=what", "one of"),
    "check ridge --param n=1.5": ("n=1.5", "whole number"),
    "check ridge --data missing.csv": ("missing.csv", "cannot be read"),
    "check ridge --data text.csv": ("text.csv", "four"),
    "check sine-1d --data text.csv": ("text.csv", "no rows"),
    "check ridge --jsonn": ("--jsonn", ""),
    "new": ("KIND", ""),
    "new poem mine.py": ("poem", "problem"),
    "new problem": ("FILE.py", ""),
    "new problem mine.txt": ("mine.txt", ".py"),
    "new problem there.py": ("there.py", "exists already"),
    "new problem no/such/folder/mine.py": ("mine.py", "cannot be written"),
}


@pytest.mark.parametrize("call", CALLS)
def test_one_line_names_what_is_wrong(call, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    code = main(call.split())
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    for word in CALLS[call]:
        assert word in err
