"""Statements in LaTeX: from the Unicode that they are written in."""

from __future__ import annotations

import itertools
import re

#: Unicode letters and signs of the statements, in LaTeX.
LATEX = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "θ": r"\theta", "λ": r"\lambda",
    "μ": r"\mu", "ν": r"\nu", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "Λ": r"\Lambda", "Σ": r"\sum", "Π": r"\prod",
    "ℒ": r"\mathcal{L}", "∇": r"\nabla", "‖": r"\|", "≤": r"\leq", "≥": r"\geq", "−": "-", "∓": r"\mp", "±": r"\pm",
    "√": r"\sqrt", "⌈": r"\lceil", "⌉": r"\rceil", "∈": r"\in", "∞": r"\infty", "′": "'", "²": "^2", "³": "^3",
    "⁴": "^4", "ᵢ": "_i", "·": r"\cdot", "×": r"\times", "…": r"\ldots", "⁺": "^+",
    "κ": r"\kappa", "τ": r"\tau", "φ": r"\varphi", "ς": r"\varsigma", "η": r"\eta", "ω": r"\omega",
    **{chr(ord("₀") + digit): f"_{digit}" for digit in range(10)},
}  # fmt: skip
#: Letters with something above them come before it in Unicode and around it in LaTeX.
ABOVE = {"̂": r"\hat", "̄": r"\bar"}
#: Words that are mathematics, not text.
FUNCTIONS = {"min": r"\min", "max": r"\max", "log": r"\log", "sup": r"\sup", "inf": r"\inf"}


def latex(text: str) -> str:
    """A statement in LaTeX's mathematical mode: words as text, Unicode as commands, {sets} with their braces."""
    # ⟨ ⟩ stand for the braces that LaTeX keeps: after _ and ^, of a root, under something above a letter.
    text = re.sub(rf"(.)([{''.join(ABOVE)}])", lambda m: f"{ABOVE[m[2]]}⟨{m[1]}⟩", text)
    text = re.sub(r"([_^])\{([^{}]*)\}", r"\1⟨\2⟩", text)
    text = re.sub(r"√\(([^()]*)\)|√(\w)", lambda m: f"√⟨{m[1] or m[2]}⟩", text)
    text = text.replace("{", r"\{").replace("}", r"\}").replace("σ*", "σ_*")
    text = re.sub(r"(?<=[a-zA-Zργ])\*(²?)", lambda m: "^⟨*2⟩" if m[1] else "^*", text)
    text = re.sub(rf"(?<![\\\w])(?:{WORD})(?:[ -](?:{WORD}))*(?![A-Za-z0-9])", _words, text)
    text = re.sub("[^\x00-\x7f⟨⟩]", lambda m: LATEX.get(m[0], rf"\text⟨{m[0]}⟩") + " ", text)
    return re.sub(" +", " ", text.replace("⟨", "{").replace("⟩", "}")).strip()


#: A word of a statement: two letters or more that are no product of symbols.
WORD = r"a(?= [a-z]{2})|[A-Z]?[a-z]{2,}|USAM|SAM|SGD|PL"


def _words(match: re.Match[str]) -> str:
    """Words as text, but for names of functions."""
    runs = itertools.groupby(match[0].split(" "), key=FUNCTIONS.get)
    return "".join(f"{function} " if function else rf"\text⟨ {' '.join(words)} ⟩" for function, words in runs)


#: The characters that mean something else in LaTeX's text mode.
ESCAPED = {
    **{sign: rf"\{sign}" for sign in "&%$#_{}"}, "\\": r"\textbackslash{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "–": "--", "á": r"\'a",
}  # fmt: skip


def plain(text: str) -> str:
    r"""A sentence in LaTeX's text mode.

    Examples
    --------
    >>> print(plain("50 % of my_file: √x ≤ λ"))
    50 \% of my\_file: $\sqrt{x}$ $\leq$ $\lambda$
    """
    pieces = re.split(r"(√\w)", text)
    return "".join(rf"$\sqrt{{{piece[1]}}}$" if piece[:1] == "√" else _escaped(piece) for piece in pieces)


def _escaped(text: str) -> str:
    signs = {**{sign: f"${command}$" for sign, command in LATEX.items()}, **ESCAPED}
    return "".join(signs.get(sign, sign) for sign in text)
