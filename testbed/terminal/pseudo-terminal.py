"""Runs a command in a pseudo-terminal: pseudo-terminal.py COLUMNS ROWS COMMAND [ARGUMENT ...]

What arrives on stdin is typed, and what the command prints goes to stdout. A line `COLUMNS ROWS` on descriptor 3 resizes
the terminal. When stdin ends, the command's process group gets SIGHUP and then SIGKILL, so that it ends with its parent.
The exit code is that of the command, or 128 and the number of the signal that killed it.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

STDIN, STDOUT, RESIZES = 0, 1, 3
GRACE_SECONDS = 1


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


def start(columns, rows, command):
    terminal, slave = pty.openpty()
    resize(terminal, columns, rows)
    child = os.fork()
    if child == 0:
        os.close(terminal)
        make_controlling(slave)
        os.closerange(3, 256)
        try:
            os.execvp(command[0], command)
        except OSError as error:
            os.write(2, f'{command[0]}: {error.strerror}\r\n'.encode())
            os._exit(127)
    os.close(slave)
    return terminal, child


def make_controlling(slave):
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


def read(descriptor):
    """Empty at the end. A terminal that no process has open any more fails with EIO instead."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b''


def relay(terminal):
    """Returns whether stdin has ended before the command closed its terminal."""
    sources = [STDIN, terminal, RESIZES]
    requests = b''
    while True:
        ready, _, _ = select.select(sources, [], [])
        if terminal in ready:
            printed = read(terminal)
            if not printed:
                return False
            write_all(STDOUT, printed)
        if STDIN in ready:
            typed = read(STDIN)
            if not typed:
                return True
            write_all(terminal, typed)
        if RESIZES in ready:
            received = read(RESIZES)
            if not received:
                sources.remove(RESIZES)
            *lines, requests = (requests + received).split(b'\n')
            for line in lines:
                resize(terminal, *map(int, line.split()))


def hang_up(child):
    for sent in (signal.SIGHUP, signal.SIGKILL):
        try:
            os.killpg(child, sent)
        except ProcessLookupError:
            return
        ends_at = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < ends_at:
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                break
            time.sleep(0.02)


columns, rows = int(sys.argv[1]), int(sys.argv[2])
terminal, child = start(columns, rows, sys.argv[3:])
if relay(terminal):
    hang_up(child)
_, status = os.waitpid(child, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
