/**
 * Memory that runs out on demand: the allocation with a given number fails, and from there on, if wanted, all
 * others too.
 *
 * Four kinds are counted apart: our own allocations (the linker wraps malloc and its like in our libraries),
 * OpenSSL's, jansson's and libevent's (through their own hooks). What libc and libyaml take for themselves
 * does not fail.
 */
#ifndef TEST_MEMORY_FAILING_H
#define TEST_MEMORY_FAILING_H

#include <stdbool.h>
#include <stddef.h>

/** Of AddressSanitizer, where the program is built with it: whether memory was lost so far. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LEAKS() __lsan_do_recoverable_leak_check()
#else
#define LEAKS() 0
#endif

enum failing_kind { FAILING_OWN, FAILING_OPENSSL, FAILING_JANSSON, FAILING_LIBEVENT, FAILING_KIND_COUNT };

/** Takes OpenSSL's and jansson's allocations over. First of all in main. */
bool failing_start(void);

/** From now on allocation `number` of `kind`, from 1, fails; with `lasting` all behind it as well, of every
 * kind. */
void failing_arm(enum failing_kind kind, unsigned long number, bool lasting);

/** Counts an allocation, for hooks that a test sets itself (libevent's). True: it is to fail. */
bool failing_hit(enum failing_kind kind);

/**
 * Of the allocations of `kind` that this does: the numbers of those that are asked for at a place where none before
 * was, in any call of this function; a place is a call and its nearest callers, in this program. `*ret_numbers` is the
 * caller's. Failing these covers the ways by which a failure is passed on, with a fraction of the runs.
 */
size_t failing_new_places(
	enum failing_kind kind, void (*run)(void *context), void *context, unsigned long **ret_numbers);

/** How many of them are tried: CAUSEWAY_MEMORY of the environment, else `ordinary`; 0: all. */
size_t failing_samples(size_t ordinary);

/** Ends that. Returns whether any allocation failed. */
bool failing_disarm(void);

/** How many allocations of `kind` there were since failing_arm. */
unsigned long failing_count(enum failing_kind kind);

#endif
