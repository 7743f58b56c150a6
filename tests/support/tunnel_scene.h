/**
 * Both sides of an SSH tunnel on one event loop, with the real ssh and sshd: Expressway-E's server and one
 * Expressway-C's client, their keys those of test_make_certs' "server" and "client".
 *
 * As root the programs run as the account that Debian's openssh-server makes; a test is skipped where there is
 * no OpenSSH. One scene at a time.
 */
#ifndef TEST_SUPPORT_TUNNEL_SCENE_H
#define TEST_SUPPORT_TUNNEL_SCENE_H

#include "traversal/tunnel_client.h"
#include "traversal/tunnel_server.h"

struct test_tunnel {
	struct event_base *base;
	struct cw_tunnel_account account;
	struct cw_tunnel_limits limits;
	struct cw_tunnel_server *server; /* E */
	struct cw_tunnel_client *client; /* C */
	struct sockaddr_in address;	 /* where E listens; port 0: any */
	struct sockaddr_in listen;	 /* where streams begin, once C is let in */
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	bool has_no_zone;
	const char *server_key, *client_key; /* of their certificates */
	const char *known_key;		     /* that C takes for the server's; NULL: the same */
	pid_t former;
	unsigned algorithms_e, algorithms_c;
	unsigned too_often; /* connections that E turned away for it */
	char told[600];	    /* the last that E told of connections */
	char told_c[200];
	evutil_socket_t at_e, at_c; /* the two ends of the stream that was dialled last; -1: none */
	enum cw_tunnel_dial_end dialled;
};

extern struct test_tunnel tunnel;

/** A group's setup and teardown: folder and keys. */
int test_tunnel_make(void **state);
int test_tunnel_end(void **state);

/** A test's setup and teardown. Neither side is there at first. */
int test_tunnel_begin(void **state);
int test_tunnel_close(void **state);

/** Opens E's side, C's side. */
void test_tunnel_open_server(void);
void test_tunnel_open_client(void);
/** E lets C's key in, C takes E's key for right: what a judge says who passed both certificates. */
void test_tunnel_allow_client(void);
void test_tunnel_allow_server(void);
/** All of these; returns when both sides are active. */
void test_tunnel_up(void);

/** The state that C has at E. */
const struct cw_tunnel_status *test_tunnel_at_server(void);

/** Runs the loop until `true_now` is; fails after a time that only a broken program needs. */
void test_tunnel_wait(bool (*true_now)(void), const char *what);
bool test_tunnel_both_active(void);
bool test_tunnel_client_failed(void);

/** A stream from E to C; both ends in `tunnel`, blocking. */
void test_tunnel_stream(void);

/** Milliseconds on a clock that only goes forward. */
uint64_t test_tunnel_now(void);

#endif
