#!/bin/sh
# Makes the programs and their steps anew: gcc-aarch64-linux-gnu (12.2), clang and lld (14.0), qemu-user (7.2) of Debian 12 did
# those that are here.  Other versions make other code, for which the test holds as well.
set -eu
cd "$(dirname "$0")"

# steps NAME COMPILER FLAGS...: a program, and what a processor did in each of its instructions
steps() {
	name=$1
	shift
	"$@" -ffreestanding -nostdlib -static -fno-pie -fno-stack-protector -fasynchronous-unwind-tables -s \
		-Wl,--build-id=none,-z,max-page-size=4096 -o "$name.elf" steps.c
	./record.py "./$name.elf" >"$name.steps"
}

gcc() { aarch64-linux-gnu-gcc -Wl,-z,noseparate-code "$@"; }
clang() { command clang --target=aarch64-linux-gnu -fuse-ld=lld "$@"; }

steps gcc gcc -O2 -fno-omit-frame-pointer
steps gcc-O0 gcc -O0
steps gcc-frameless gcc -O2 -fomit-frame-pointer
steps gcc-signed gcc -O2 -mbranch-protection=pac-ret
steps clang clang -O2 -fno-omit-frame-pointer
steps clang-frameless clang -O2 -fomit-frame-pointer
steps clang-signed clang -O2 -mbranch-protection=pac-ret+leaf

# alike NAME FLAGS...: the same functions, with other code before them, other constants, other callees
alike() {
	name=$1
	shift
	gcc -O2 -ffreestanding -nostdlib -static-pie -fPIE -fno-inline -fno-ipa-cp -fno-ipa-icf -falign-functions=64 \
		-fno-asynchronous-unwind-tables -Wl,-z,max-page-size=4096,--build-id=none,-e,work \
		"$@" -o "alike-$name.elf" alike.c
}

alike one
alike moved -DMOVED
alike step -DMOVED -DSTEP=3
alike callee -DMOVED -DCALLEE=subtract
alike field -DMOVED -DFIELD=third

# plt NAME FLAGS...: calls of another library
plt() {
	name=$1
	shift
	library=$(mktemp -d)
	printf 'long outside(long n) { return n; }\nlong other(long n) { return n; }\n' >"$library/outside.c"
	gcc -nostdlib -shared -fPIC -Wl,-soname,outside.so -o "$library/outside.so" "$library/outside.c"
	gcc -O2 -ffreestanding -nostdlib -fno-pie -no-pie -s -Wl,-e,call,--build-id=none \
		-Wl,-z,max-page-size=4096 "$@" -o "plt-$name.elf" plt.c "$library/outside.so"
	rm -r "$library"
}

plt plain
plt signed -mbranch-protection=standard -Wl,-z,pac-plt,-z,force-bti
