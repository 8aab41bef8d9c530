"""Malformed calls: exit code 2 and one line on stderr that names the parameter and the value."""

import subprocess
import sys

import pytest

from samtheory import cli

FILES = {
    "exits.py": "import sys\nsys.exit(0)\n",
    "needs.py": "import samtheory\ndef problem(*, k):\n    return samtheory.load_problem('ridge')\n",
    "contradicting.py": "import numpy as np\nimport samtheory as st\n"
    "def problem(f_inf: float = 0.0, f_i_inf: float = 0.0, x_star: float = 0.5, mu: float = 1.0):\n"
    "    f = st.UserSum(lambda i, x: float(x @ x) / 2, lambda i, x: x, 2, 2)\n"
    "    return st.Problem(f, np.ones(2), np.ones(2), 1.0, f_inf, [f_i_inf, f_i_inf], mu, x_star=[x_star, x_star])\n",
    # problem files
    "raises.py": "def problem():\n    raise RuntimeError('no luck\\n today')\n",
    "raises_early.py": "import no_such_module\n",
    "stops.py": "raise SystemExit('enough')\n",
    "unparsable.py": "def problem(:\n",
    "nothing.py": "x = 1\n",
    "other.py": "def problem():\n    return 3\n",
    "lacking.py": "from samtheory import Problem\ndef problem():\n    return Problem(objective=None)\n",
    "mu_above_L.py": "from dataclasses import replace\nfrom samtheory import claimed, load_problem\n"
    "def problem():\n    return replace(load_problem('sine-1d'), mu=claimed(8.5))\n",
    "x0.py": "from dataclasses import replace\nimport numpy as np\nfrom samtheory import load_problem\n"
    "def problem():\n    return replace(load_problem('sine-1d'), x0=np.zeros(7))\n",
    "nan_mu.py": "from dataclasses import replace\nfrom samtheory import claimed, load_problem\n"
    "def problem():\n    return replace(load_problem('sine-1d'), mu=claimed(float('nan')))\n",
    # theorem files
    "no_theorem.py": "x = 1\n",
    # probabilities
    "p_sum.txt": "0.5\n0.4\n",
    "p_negative.txt": "1.5\n-0.5\n",
    "p_text.txt": "0.5\nhalf\n",
    "p_short.txt": "0.5\n0.5\n",
    # data
    "text.csv": "1,2,3\n4,five,6\n",
    "empty.csv": "",
    "ragged.csv": "1,2,3\n4,5\n",
    "nan.csv": "1,2,3\n4,nan,6\n",
    # curves
    "c_text.csv": "t,a\n0,1\n5,abc\n",
    "c_one.csv": "0\n5\n",
    "c_empty.csv": "t,a\n",
    "c_negative.csv": "0,1\n5,-0.5\n",
    "c_nan.csv": "0,1\n5,nan\n",
    "c_back.csv": "0,1\n5,0.5\n4,0.4\n",
    "c_half.csv": "0,1\n0.5,0.5\n",
    "c_ragged.csv": "0,1,1\n5,0.5\n",
    "c_binary.csv": b"\xff\xfe\x00\x01",
    "c_fine.csv": "0,1\n5,0.5\n",
}

CONSTANTS = "mu=0.5,L_max=2,A=2,B=0,C=0.2"
THEOREM = "--theorem unified-sam/3.2"
AT = f"{THEOREM} --sampling uniform --lam 0"

# (command line, what the message must say); @ stands for the folder of FILES.
CALLS = [
    # the command itself
    ("vrify", "command=vrify: no such command: did you mean verify?"),
    ("rates ridge --lamda 1", "option=--lamda: no such option: did you mean --lam?"),
    ("verify --theorme=3.2", "option=--theorme: no such option: did you mean --theorem?"),
    ("list theorem", "kind=theorem: no such kind: did you mean theorems?"),
    ("", "COMMAND"),
    ("verifi", "verifi"),
    ("rates ridge --colour red", "--colour"),
    ("rates ridge --lambda 0.5", "--lambda"),
    ("rates ridge --rho", "--rho"),
    ("rates", "PROBLEM"),
    ("list nonsense", "nonsense"),
    ("rates ridge sine-1d", "sine-1d"),
    # names
    ("rates nonsense", "problem=nonsense ridge"),
    ("rates ridgy", "problem=ridgy mean ridge"),
    ("verify ridge sine-2d", "problem=sine-2d mean sine-1d"),
    ("rates ridge --theorem unified-sam/3,2", "theorem=unified-sam/3,2 mean unified-sam/3.2"),
    ("rates ridge --theorem xyz", "theorem=xyz unified-sam/3.5"),
    ("verify ridge --theorem xyz", "theorem=xyz unified-sam/3.5"),
    ("rates ridge --sampling uniformly", "sampling=uniformly mean uniform"),
    ("verify ridge --sampling xyz:3", "sampling=xyz:3 nice"),
    # files
    ("rates @/missing.py", "@/missing.py"),
    ("verify @/missing.py", "@/missing.py"),
    ("rates @", "@"),
    ("rates @/raises.py", "@/raises.py|line 2|RuntimeError: no luck today"),
    ("rates @/raises_early.py", "@/raises_early.py|line 1|no_such_module"),
    ("rates @/stops.py", "SystemExit enough"),
    ("rates @/unparsable.py", "@/unparsable.py|line 1|SyntaxError"),
    ("rates @/nothing.py", "@/nothing.py|`problem`"),
    ("rates @/other.py", "@/other.py|int"),
    ("rates @/lacking.py", "@/lacking.py|L_i"),
    ("rates @/mu_above_L.py", "mu=8.5 L=8"),
    ("verify @/mu_above_L.py", "mu=8.5 L=8"),
    ("rates @/nan_mu.py", "mu=nan"),
    ("rates @/x0.py", "x0 (7,)"),
    ("rates ridge --theorem @/missing.py", "@/missing.py"),
    ("rates ridge --theorem @/no_theorem.py", "@/no_theorem.py|`theorem`"),
    ("rates ridge --theorem @/raises_early.py", "@/raises_early.py|no_such_module"),
    # samplings
    ("rates ridge --sampling nice", "sampling=nice TAU"),
    ("rates ridge --sampling nice:0", "tau=0"),
    ("rates ridge --sampling nice:x", "tau=x"),
    ("rates ridge --sampling nice:1.5", "tau=1.5"),
    ("rates ridge --sampling nice:1000000", "tau=1000000 n="),
    ("verify ridge --sampling nice:1000000", "tau=1000000 n="),
    ("rates ridge --sampling replacement:-1", "tau=-1"),
    ("rates ridge --sampling independent:0", "p=0"),
    ("rates ridge --sampling independent:1.5", "p=1.5"),
    ("rates ridge --sampling independent:nan", "p=nan"),
    ("rates ridge --sampling uniform:3", "uniform:3"),
    ("rates ridge --sampling single", "single FILE"),
    ("rates ridge --sampling single:@/missing.txt", "single:@/missing.txt"),
    ("rates ridge --sampling single:@/p_sum.txt", "p @/p_sum.txt 0.9"),
    ("rates ridge --sampling single:@/p_negative.txt", "p @/p_negative.txt"),
    ("rates ridge --sampling single:@/p_text.txt", "p=half"),
    ("rates ridge --sampling single:@/p_short.txt", "p 2 n="),
    ("rates ridge --sampling uniform --sampling full", "sampling=uniform, full"),
    # lam
    ("rates ridge --lam 1.2", "lam=1.2"),
    ("rates ridge --lam -0.1", "lam=-0.1"),
    ("rates ridge --lam -1e-3", "lam=-1e-3"),
    ("rates ridge --lam abc", "lam=abc"),
    ("rates ridge --lam nan", "lam=nan"),
    ("rates ridge --lam 2/t", "lam=2/t"),
    ("rates ridge --lam 0 --lam 1", "lam=0, 1"),
    ("verify ridge --lam 0 --lam 1.2", "lam=1.2"),
    (f"rates ridge {THEOREM} --lam 1/t", "unified-sam/3.2 lam=1/t"),
    # steps
    ("rates ridge --rho -1", "rho=-1"),
    ("rates ridge --rho nan", "rho=nan"),
    ("rates ridge --rho -inf", "rho=-inf"),
    ("rates ridge --rho 50", "rho=50 rho_max="),
    (f"rates ridge {THEOREM} --rho 50", "rho=50 rho_max="),
    (f"verify ridge {THEOREM} --rho 50", "rho=50 rho_max="),
    (f"rates --constants {CONSTANTS} {THEOREM} --lam 1 --rho 0.5", "rho=0.5 rho_max=0.5"),
    ("rates ridge --rho-fraction 1.5", "rho-fraction=1.5"),
    ("rates ridge --rho-fraction 1", "rho-fraction=1"),
    (f"verify ridge {THEOREM} --rho-fraction -0.1", "rho-fraction=-0.1"),
    ("rates ridge --rho 0.1 --rho-fraction 0.5", "--rho-fraction --rho"),
    ("rates ridge --theorem unified-sam/rollout --rho-fraction 0.5", "rho-fraction=0.5 unified-sam/rollout"),
    ("rates ridge --gamma 0", "gamma=0"),
    ("rates ridge --gamma inf", "gamma=inf"),
    ("rates ridge --gamma tiny", "gamma=tiny"),
    (f"rates ridge {THEOREM} --gamma 50", "gamma=50 gamma_max="),
    (f"verify ridge {THEOREM} --gamma 50", "gamma=50 gamma_max="),
    ("rates ridge --epsilon 0", "epsilon=0"),
    ("rates ridge --epsilon nan", "epsilon=nan"),
    ("rates ridge --epsilon -1", "epsilon=-1"),
    # parameters
    ("rates ridge --param colour=red", "param=colour"),
    ("rates ridge --param n", "param=n"),
    ("rates ridge --param =3", "param==3"),
    ("rates ridge --param n=many", "param n=many"),
    ("rates ridge --param n=2.5", "param n=2.5"),
    ("rates ridge --param condition=nan", "condition=nan"),
    ("rates ridge --param condition=inf", "condition inf"),
    ("rates ridge --param n=5 --param n=6", "param=n=6"),
    ("rates ridge --param reg=-1", "reg -1"),
    ("rates ridge --seed -1", "seed=-1"),
    ("rates ridge --seed abc", "seed=abc"),
    ("verify ridge --seed 1.5", "seed=1.5"),
    # data
    ("rates ridge --data @/missing.csv", "@/missing.csv"),
    ("rates ridge --data @", "@"),
    ("rates ridge --data @/text.csv", "@/text.csv|five"),
    ("rates ridge --data @/empty.csv", "@/empty.csv"),
    ("rates ridge --data @/ragged.csv", "@/ragged.csv|2"),
    ("rates ridge --data @/nan.csv", "@/nan.csv|nan"),
    ("rates sine-1d --data @/text.csv", "data=@/text.csv|sine-1d"),
    # constants
    ("rates --constants mu=0.5", "constants L_max"),
    ("rates --constants mu=-0.5,L_max=2", "mu=-0.5"),
    ("rates --constants mu=0.5,L_max=inf", "L_max=inf"),
    ("rates --constants mu=nan,L_max=2", "mu=nan"),
    ("rates --constants mu=0,L_max=2", "mu=0"),
    ("rates --constants mu=0.5,L_max=x", "L_max=x"),
    ("rates --constants mu=0.5,Lmax=2", "Lmax L_max"),
    ("rates --constants mu=0.5,L_max=2,A=2", "constants B, C"),
    ("rates --constants mu=3,L_max=2", "mu=3 L=2"),
    ("rates --constants mu=0.5,L_max=2,A=0.1,B=0.2,C=0", "A=0.1 B=0.2 mu=0.5"),
    ("rates --constants mu=0.5,L_max=2,A=-2,B=0,C=0", "A=-2"),
    ("rates --constants mu=0.5,L_max", "constants=L_max"),
    ("rates --constants mu=0.5,L_max=2,L_avg=3", "L_avg=3 L_max=2"),
    ("rates --constants mu=0.5,L_max=2,Lambda1=3", "Lambda1=3 Lambda2=2"),
    ("rates --constants mu=0.5,L_max=2,Lambda2=3,Lambda=2.5", "Lambda2=3 Lambda=2.5"),
    *(
        (f"{verb} @/contradicting.py --param {wrong}", said)
        for verb in ("rates", "compare", "rates --best --epsilon 0.1")
        for wrong, said in {
            "f_inf=5": "f_inf=5 f(x0)=1",
            "f_inf=1e308": "f_inf=1e+308 f(x0)=1",
            "f_inf=0.75": "f_inf=0.75 f(x_star)=0.25",
            "f_i_inf=0.75": "f_i_inf[0]=0.75 f_0(x_star)=0.25",
            "f_i_inf=-1e308": "f_inf finite",
            "x_star=1e200": "x_star finite",
            "mu=3": "mu=3 L=1",
        }.items()
    ),
    ("rates --constants mu=0.5,mu=0.6,L_max=2", "constants=mu=0.6"),
    (f"rates --constants {CONSTANTS} --epsilon 0.1", "epsilon=0.1 delta0"),
    (f"rates --constants {CONSTANTS},delta0=-1", "delta0=-1"),
    (f"rates ridge --constants {CONSTANTS}", f"ridge constants={CONSTANTS}"),
    (f"rates --constants {CONSTANTS} --sampling uniform", "uniform constants"),
    (f"rates --constants {CONSTANTS} --param n=3", "n=3 constants"),
    # theorems that do not apply
    ("rates ridge --sampling uniform --theorem unified-sam/3.4", "unified-sam/3.4 full-batch"),
    ("rates --constants mu=0.5,L_max=2", "no theorem applies ER"),
    ("verify ridge --sampling uniform --theorem unified-sam/3.4", "unified-sam/3.4 full-batch"),
    ("rates ridge --sampling independent:0.01 --theorem unified-sam/3.2/as-printed", "as-printed Lambda= L_max="),
    (f"rates --constants {CONSTANTS},Lambda=5 --theorem unified-sam/3.2/as-printed", "Lambda=5 L_max=2"),
    ("rates @/exits.py", "file=@/exits.py line 2 SystemExit"),
    ("rates @/needs.py", "param k: missing"),
    # budgets and output
    (f"verify ridge {AT} --trials 0", "trials=0"),
    (f"verify ridge {AT} --steps -1", "steps=-1"),
    (f"verify ridge {AT} --steps many", "steps=many"),
    (f"verify ridge {AT} --trials most", "trials=most"),
    (f"verify ridge {AT} --alpha 0", "alpha=0"),
    (f"verify ridge {AT} --alpha 2", "alpha=2"),
    (f"verify ridge {AT} --curves @/c_fine.csv --alpha nan", "alpha=nan"),
    (f"verify ridge {AT} --workers 0", "workers=0"),
    (f"verify ridge {AT} --workers 1.5", "workers=1.5"),
    (f"verify ridge {AT} --json @", "json=@"),
    (f"verify ridge {AT} --json @/none/report.json", "json=@/none/report.json"),
    (f"verify ridge {AT} --json @/text.csv/report.json", "json=@/text.csv/report.json"),
    # curves
    *(
        (f"verify ridge {AT} --curves @/{file}", f"curves=@/{file}|{said}")
        for file, said in {
            "missing.csv": "No such file",
            "c_text.csv": "line 3|abc",
            "c_one.csv": "one column",
            "c_empty.csv": "header only",
            "c_negative.csv": "line 2|-0.5",
            "c_nan.csv": "line 2|nan",
            "c_back.csv": "t=0, 5, 4",
            "c_half.csv": "t=0, 0.5",
            "c_ragged.csv": "line 2|2 columns",
            "c_binary.csv": "text",
        }.items()
    ),
    (f"verify --curves @/c_fine.csv {AT}", "problem=nothing curves=@/c_fine.csv"),
    (f"verify ridge {THEOREM} --sampling uniform --curves @/c_fine.csv", "lam=nothing"),
    (f"verify ridge {AT} --lam 1 --curves @/c_fine.csv", "lam=0, 1"),
    (f"verify ridge {AT.replace('3.2', '3.7')} --curves @/c_fine.csv", "unified-sam/3.7 min_grad2"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("malformed")
    for name, content in FILES.items():
        (place / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(place)


def words(line: str, folder: str) -> list[str]:
    return line.replace("@", folder).split()


def check(code: int, out: str, err: str, said: list[str]) -> None:
    assert code == 2
    assert out == ""
    assert err.startswith("samtheory: error: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    for word in said:
        assert word in err


@pytest.mark.parametrize(("line", "said"), CALLS, ids=[line or "nothing" for line, _ in CALLS])
def test_malformed_call(capsys, folder, line, said):
    code = cli.main(words(line, folder))
    separator = "|" if "|" in said else " "
    check(code, *capsys.readouterr(), said.replace("@", folder).split(separator))


@pytest.mark.parametrize(("line", "said"), CALLS[::37], ids=[line or "nothing" for line, _ in CALLS[::37]])
def test_malformed_call_of_a_process(folder, line, said):
    command = [sys.executable, "-m", "samtheory", *words(line, folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    separator = "|" if "|" in said else " "
    check(run.returncode, run.stdout, run.stderr, said.replace("@", folder).split(separator))


def test_a_bad_document_path_leaves_nothing_behind(capsys, tmp_path):
    (tmp_path / "taken").mkdir()
    assert cli.main(words(f"verify ridge {AT} --json @/taken", str(tmp_path))) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
    assert "taken" in capsys.readouterr().err
