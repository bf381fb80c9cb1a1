#!/bin/sh
# Makes the programs and their steps anew: gcc-aarch64-linux-gnu (12.2), clang and lld (14.0), qemu-user (7.2) of Debian 12 did
# those that are here.  Other versions make other code, for which the test holds as well.
set -eu
cd "$(dirname "$0")"
common='-ffreestanding -nostdlib -static -fno-pie -fno-stack-protector -fasynchronous-unwind-tables -s -Wl,--build-id=none'
gcc="aarch64-linux-gnu-gcc $common -Wl,-z,max-page-size=4096,-z,noseparate-code"
clang="clang --target=aarch64-linux-gnu $common -fuse-ld=lld -Wl,-z,max-page-size=4096"

# make NAME COMPILER AND FLAGS
make() {
	name=$1
	shift
	"$@" -o "$name.elf" steps.c
	./record.py "./$name.elf" >"$name.steps"
}

make gcc $gcc -O2 -fno-omit-frame-pointer
make gcc-O0 $gcc -O0
make gcc-frameless $gcc -O2 -fomit-frame-pointer
make gcc-signed $gcc -O2 -mbranch-protection=pac-ret
make clang $clang -O2 -fno-omit-frame-pointer
make clang-frameless $clang -O2 -fomit-frame-pointer
make clang-signed $clang -O2 -mbranch-protection=pac-ret+leaf
