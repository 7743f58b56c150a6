"""Chromium without a window, driven through its DevTools pipe: nothing beside Python's own library is needed."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find():
    """The path of a browser that can be driven, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Page:
    """One page. Calls of the DevTools protocol are answered in order; events are kept.

    hosts: names with the addresses at which they are found, whose certificates no browser knows. patience: seconds to wait
    for anything.
    """

    def __init__(self, executable, width=1280, height=900, hosts=None, patience=300):
        self.patience = patience
        rules = ", ".join(f"MAP {name} {address}" for name, address in (hosts or {}).items())
        self.folder = tempfile.mkdtemp(prefix="causeway-browser-")
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def at_its_place():  # the pipe is descriptor 3 and 4 of the browser
            high = [os.dup2(end, 10 + i) for i, end in enumerate((to_browser, from_browser))]
            for place, end in zip((3, 4), high):
                os.dup2(end, place)

        self.browser = subprocess.Popen(
            [executable, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             *([f"--host-resolver-rules={rules}", "--ignore-certificate-errors"] if rules else []),
             "--remote-debugging-pipe", f"--user-data-dir={self.folder}", "about:blank"],
            preexec_fn=at_its_place, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.waiting, self.number, self.session, self.events = b"", 0, None, []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.resize(width, height)

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, EOFError):
            pass
        self.browser.wait(timeout=20)
        os.close(self.write_end)
        os.close(self.read_end)
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self):
        deadline = time.monotonic() + self.patience
        while b"\0" not in self.waiting:
            if not select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"nothing from the browser in {self.patience} s")
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise EOFError("the browser went away")
            self.waiting += more
        text, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write_end, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method, **parameters):
        """The first event of that name, each of these parameters among what is given for it."""
        deadline = time.monotonic() + self.patience
        while True:
            for event in self.events:
                found = event.get("params", {})
                if event.get("method") == method and all(found.get(key) in among for key, among in parameters.items()):
                    return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {method} in {self.patience} s")
            self.events.append(self.message())

    def resize(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def open(self, url):
        self.events = []
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        """The value of a JavaScript expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def click(self, selector):
        """A real click: with the pointer, in the middle of what is seen of the element."""
        place = self.run(
            "(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center'});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
            % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def follow(self, selector):
        """A click that leads to another page, or to the same one anew."""
        self.events = []
        self.click(selector)
        self.wait_for("Page.loadEventFired")

    def type(self, selector, text):
        """Text into a field, in place of what is there."""
        self.click(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def choose(self, selector, *paths):
        """Files for a field, as the browser's own window gives them."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=list(paths))

    def download(self, selector, folder):
        """A click that brings a file: its path."""
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder, eventsEnabled=True)
        self.events = []
        self.click(selector)
        name = self.wait_for("Browser.downloadWillBegin")["suggestedFilename"]
        state = self.wait_for("Browser.downloadProgress", state=("completed", "canceled"))["state"]
        if state != "completed":
            raise RuntimeError(f"{selector}: the download is {state}")
        return os.path.join(folder, name)

    def scripts(self, on):
        """Whether the page's own scripts run; what a test asks the page still does."""
        self.call("Emulation.setScriptExecutionDisabled", value=not on)

    def text(self):
        return self.run("document.body.innerText")

    def troubles(self):
        """What the page complained about: exceptions, refused scripts, failed requests."""
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed")
        return [event for event in self.events if event.get("method") in kinds]

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
