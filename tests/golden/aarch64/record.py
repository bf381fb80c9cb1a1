#!/usr/bin/env python3
"""Records every instruction of a program in qemu-aarch64, through its debugger's interface.

    record.py PROGRAM >STEPS

One line a step: pc, then what the instruction before it changed of the registers x19 to x30 (xN=…) and sp (sp=…) and of the
words on the stack (ADDRESS:…), all hexadecimal.  The first line has everything."""

import socket
import subprocess
import sys
import time

STACK = 2048  # bytes of stack below the program's first that are followed
PORT = 12321


class Target:
    def __init__(self, program):
        self.process = subprocess.Popen(["qemu-aarch64", "-cpu", "max", "-g", str(PORT), program])
        for _ in range(200):
            try:
                self.socket = socket.create_connection(("127.0.0.1", PORT))
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def ask(self, text):
        self.socket.sendall(b"$%s#%02x" % (text.encode(), sum(text.encode()) & 255))
        while True:
            end = self.left.find(b"#")
            if end >= 0 and len(self.left) >= end + 3:
                answer = self.left[self.left.index(b"$") + 1:end].decode()
                self.left = self.left[end + 3:]
                self.socket.sendall(b"+")
                return answer
            self.left += self.socket.recv(65536)

    def registers(self):
        data = bytes.fromhex(self.ask("g")[:33 * 16])
        return [int.from_bytes(data[i * 8:i * 8 + 8], "little") for i in range(33)]

    def words(self, address, size):
        data = bytes.fromhex(self.ask("m%x,%x" % (address, size)))
        return {address + i: int.from_bytes(data[i:i + 8], "little") for i in range(0, size, 8)}


def main():
    target = Target(sys.argv[1])
    target.ask("?")
    old, memory = None, {}
    top = target.registers()[31]
    while True:
        now = target.registers()
        words = target.words(top - STACK, STACK)
        line = ["%x" % now[32]]
        for i in range(19, 32):
            if old is None or now[i] != old[i]:
                line.append("%s=%x" % ("sp" if i == 31 else "x%d" % i, now[i]))
        line += ["%x:%x" % (at, word) for at, word in sorted(words.items()) if memory.get(at, 0) != word]
        print(" ".join(line))
        old, memory = now, words
        if target.ask("s").startswith("W"):
            break


main()
