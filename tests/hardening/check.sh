#!/usr/bin/env bash
# check.sh PROGRAM SOURCE-FOLDER: reads the release's program and says what is not hardened. 77: there is none.
set -u
program=${1:?usage: check.sh PROGRAM SOURCE-FOLDER} source=${2:?usage: check.sh PROGRAM SOURCE-FOLDER}
[ -x "$program" ] && command -v readelf >/dev/null || exit 77
faults=0
want() { # want SENTENCE COMMAND...: the command is true
	local sentence=$1
	shift
	"$@" || { echo "hardening: $sentence"; faults=1; }
}
# shellcheck disable=SC2317 # called by want
holds() { # holds PATTERN: in what readelf said
	grep -Eq "$1" <<<"$seen"
}
# shellcheck disable=SC2317
lacks() {
	! holds "$1"
}
# shellcheck disable=SC2317
does_not_name() {
	! grep -aFq "$1" "$program"
}

seen=$(readelf -Wh -Wd -Wl -Wn "$program" 2>/dev/null)
want "no position-independent program (-pie)" holds 'Type: +DYN'
want "no read-only relocations (-z relro)" holds 'GNU_RELRO'
want "names are bound late (-z now)" holds 'BIND_NOW|FLAGS_1.*NOW'
want "the stack can be executed" holds 'GNU_STACK.* RW +0x'
case $(uname -m) in
x86_64)
	want "not marked for a shadow stack (-z shstk)" holds 'x86 feature.*SHSTK'
	# endbr64, at every function's entry (the linker marks no program whose start files lack it)
	want "no landing pads for IBT (-fcf-protection)" \
		test "$(LC_ALL=C grep -aoc $'\xf3\x0f\x1e\xfa' "$program")" -gt 100
	;;
esac
seen=$(readelf -W --dyn-syms "$program")
want "no stack protector" holds '__stack_chk_fail'
want "no fortified functions (_FORTIFY_SOURCE)" holds '__(memcpy|snprintf|vsnprintf|printf|fprintf)_chk'
seen=$(readelf -WS "$program")
want "not stripped: it has a symbol table" lacks '[.](symtab|debug_info)'
want "no name of a separate debug file" holds 'gnu_debuglink'
want "no separate debug file beside it" test -s "$program.debug"
want "names the folder that it was built in" does_not_name "$source/"
exit $faults
