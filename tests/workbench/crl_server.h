/**
 * A small HTTP server on loopback, in a process of its own, and the CRLs that it hands out; and certificates that name
 * its address.
 */
#ifndef TEST_WORKBENCH_CRL_SERVER_H
#define TEST_WORKBENCH_CRL_SERVER_H

#include "base/time.h"

#include <stdbool.h>

/** Serves the working folder: see answer() for the paths that are none of its files. One at a time. */
void crl_server_start(void);
void crl_server_stop(void);

struct crl_server_list {
	const char *lab, *ca; /* the folder of a lab, and of its CA in there */
	const char *path;     /* where the list is written */
	cw_time from, until;
	bool pem;
};

void crl_server_write(const struct crl_server_list *list);

/** The lab's e1 gets a certificate that names these addresses (a path of the server each, or a whole address). */
void crl_server_name(const char *lab, const char *const *paths);

#endif
