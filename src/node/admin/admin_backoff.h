/**
 * Who guesses passwords waits: per user and per address, longer after each failure, and forgotten after an hour.
 *
 * Three failures are free. Then a user waits 2, 4, 8 … at most 30 seconds (whoever guesses must not be able to keep an
 * administrator out for long), an address 2, 4, 8 … at most 900. While one waits no password is checked. No clock: time is
 * told, in seconds.
 */
#ifndef CW_NODE_ADMIN_ADMIN_BACKOFF_H
#define CW_NODE_ADMIN_ADMIN_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define CW_ADMIN_BACKOFF_FREE 3
#define CW_ADMIN_BACKOFF_USER 30
#define CW_ADMIN_BACKOFF_ADDRESS 900
#define CW_ADMIN_BACKOFF_FORGOTTEN 3600
/* Against floods of users and addresses: the one that failed longest ago is forgotten. */
#define CW_ADMIN_BACKOFF_MAX 512

struct cw_admin_backoff_entry {
	char name[66]; /* 'u' or 'a' and whose it is; "": free */
	unsigned failures;
	uint64_t last, until;
};

struct cw_admin_backoff {
	struct cw_admin_backoff_entry items[CW_ADMIN_BACKOFF_MAX];
};

/** So many seconds user and address have to wait; 0: none. */
uint64_t cw_admin_backoff_wait(
	const struct cw_admin_backoff *backoff, const char *user, const char *address, uint64_t now);
void cw_admin_backoff_failed(
	struct cw_admin_backoff *backoff, const char *user, const char *address, uint64_t now);
/** The password was right after all: the user's failures are forgotten, and the last one of the address (whoever has one
 * account does not get free guesses at others). */
void cw_admin_backoff_worked(struct cw_admin_backoff *backoff, const char *user, const char *address);

#endif
