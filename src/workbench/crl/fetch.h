/**
 * One file over plain HTTP, within limits. Never called from within a judgement.
 *
 * Addresses come out of certificates, that is from outside: no other scheme than http (a CRL is signed, so
 * nothing else protects it), no user and password in it, few redirects, a bounded size and time, no proxy but the
 * one that was asked for. Addresses of this machine, of its link and of private networks (RFC 6890) are refused
 * where they are not asked for, also behind a redirect and behind a name: whoever made a certificate does not get
 * to send requests into the network of who reads it. The address is looked at when the socket is made, so that no
 * second answer of the name server counts.
 */
#ifndef CW_WORKBENCH_CRL_FETCH_H
#define CW_WORKBENCH_CRL_FETCH_H

#include "base/buffer.h"

#include <sys/socket.h>

#define CW_FETCH_REDIRECTS_MAX 3

struct cw_fetch_limits {
	size_t bytes;
	long seconds;
	bool private_too;  /* also addresses that are not public */
	const char *proxy; /* "http://proxy.acme.test:3128"; NULL: none, whatever the environment says */
};

/** The address (IPv4 or IPv6) is a public one. */
bool cw_fetch_is_public(const struct sockaddr *address);

/** Appends what the server sends. CW_E_NETWORK says what went wrong, CW_E_LIMIT where it is too long,
 * CW_E_USAGE for another scheme. */
CW_MUST_USE bool cw_fetch(
	const char *url, const struct cw_fetch_limits *limits, struct cw_buffer *ret, struct cw_error *error);

#endif
