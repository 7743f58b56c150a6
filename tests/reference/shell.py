"""A shell at a terminal of its own, in which keys are pressed: bash or zsh, without anybody's settings."""

import os
import pty
import select

DEADLINE = 60  # seconds; a shell that has not answered by then never will

# Each makes a key, ^X^B, that writes the line as it stands into the pipe $TOLD and empties it.
SETTINGS = {
    "bash": """
source "$COMPLETION"
tell() { printf '%s\\n' "$READLINE_LINE" >"$TOLD"; READLINE_LINE=; READLINE_POINT=0; }
bind 'set bell-style none' 2>/dev/null
bind -x '"\\C-x\\C-b": tell'
""",
    "zsh": """
fpath=("${COMPLETION:h}" $fpath)
autoload -Uz compinit
compinit -u -D
tell() { print -r -- "$BUFFER" >"$TOLD"; BUFFER= }
zle -N tell
bindkey '^X^B' tell
unsetopt beep
""",
}


def terminals_are_here():
    """Not in a container or chroot without /dev/pts."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


class Shell:
    def __init__(self, name, completion, folder, programs):
        self.told = os.path.join(folder, name + ".told")
        os.mkfifo(self.told)
        self.pipe = os.open(self.told, os.O_RDWR | os.O_NONBLOCK)  # stays open while the shell opens and closes it
        settings = os.path.join(folder, ".zshrc" if name == "zsh" else name + ".rc")
        with open(settings, "w") as file:
            file.write(SETTINGS[name])
        words = ["bash", "--noprofile", "--rcfile", settings, "-i"] if name == "bash" else ["zsh", "-d", "-i"]
        environment = {"PATH": programs + ":" + os.environ["PATH"], "HOME": folder, "ZDOTDIR": folder, "TERM": "vt100",
                       "TOLD": self.told, "COMPLETION": completion}
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execvpe(words[0], words, environment)
        self.screen = b""

    def line_after(self, keys):
        """What stands in the line after these keys."""
        os.write(self.terminal, keys.encode() + b"\x18\x02")
        answer = b""
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([self.terminal, self.pipe], [], [], DEADLINE)
            assert ready, "nothing came; the screen shows %r" % self.screen[-2000:]
            if self.terminal in ready:
                self.screen += os.read(self.terminal, 4096)
            if self.pipe in ready:
                answer += os.read(self.pipe, 4096)
        return answer.decode().rstrip("\n")

    def close(self):
        os.close(self.terminal)
        os.close(self.pipe)
        os.waitpid(self.child, 0)
