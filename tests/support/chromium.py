"""Headless Chromium for tests, driven over a pipe by the DevTools protocol: the standard library is enough."""

import json
import os
import shutil
import subprocess

#: Seconds that an answer may take on a busy machine.
PATIENCE = "60"


def find():
    """The program, None if there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Page:
    """One page; `with Page(address, folder) as page`."""

    def __init__(self, address, folder):
        commands, self.send = os.pipe()
        self.receive, answers = os.pipe()
        # Chromium reads commands from 3 and writes answers to 4.
        launch = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
                   "--disable-dev-shm-usage", f"--user-data-dir={folder}", "--window-size=1200,900"]  # fmt: skip
        self.process = subprocess.Popen(
            ["timeout", PATIENCE, "bash", "-c", launch, "-", str(commands), str(answers), find(), *options],
            pass_fds=(commands, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self.number, self.session, self.buffer, self.events = 0, None, b"", []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=address)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def message(self):
        """The next message; RuntimeError if Chromium has gone."""
        while b"\0" not in self.buffer:
            more = os.read(self.receive, 2**16)
            if not more:
                raise RuntimeError("Chromium ended")
            self.buffer += more
        found, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(found)

    def call(self, method, **params):
        """The result of a command."""
        self.number += 1
        session = {} if self.session is None else {"sessionId": self.session}
        command = {"id": self.number, "method": method, "params": params, **session}
        os.write(self.send, json.dumps(command).encode() + b"\0")
        while (found := self.message()).get("id") != self.number:
            self.events.append(found)
        if "error" in found:
            raise RuntimeError(f"{method}: {found['error']}")
        return found["result"]

    def evaluate(self, script):
        """The value of an expression on the page."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"])
        return found["result"].get("value")

    def click(self, selector):
        """The mouse, on the middle of the first thing that matches."""
        x, y = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center'});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text):
        """The keyboard, into what has the focus."""
        self.call("Input.insertText", text=text)

    def requests(self):
        """The addresses that the page has asked for."""
        return [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the browser has logged: errors of scripts, and what the page's policy refused."""
        return [e["params"] for e in self.events if e["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()
        os.close(self.send)
        os.close(self.receive)
