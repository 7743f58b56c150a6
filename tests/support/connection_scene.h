/**
 * Two ends of a TLS connection on one event loop: a listener on loopback with a judge that answers as it is
 * told, and a client of ours, or somebody else's.
 *
 * The certificates are test_make_certs' "root", "server" and "client". One scene at a time.
 */
#ifndef TEST_SUPPORT_CONNECTION_SCENE_H
#define TEST_SUPPORT_CONNECTION_SCENE_H

#include "net/connection.h"

#include <event2/listener.h>
#include <netinet/in.h>

/* One end, and what became of it. */
struct test_end {
	struct cw_connection *connection;
	struct cw_connection_report report;
	int answer; /* what its judge says */
	size_t asked, shown;
	size_t bytes;
	bool up, over;
	bool refuses_words;		     /* as the owner, whatever comes */
	bool talks_much;		     /* answers more than it was told */
	size_t closes_at;		     /* bytes; it says nothing to what comes before. 0: it answers */
	size_t drained;			     /* times that it was told */
	void (*fills)(struct test_end *end); /* when it is told; and at first, once it is up */
};

struct test_scene {
	struct event_base *base;
	struct evconnlistener *listener;
	struct sockaddr_in address;
	SSL_CTX *server_tls, *client_tls;
	struct test_end server, client;
	struct cw_limits limits;
	bool server_only; /* the client is not one of ours */
	const char *name; /* that the client asks for; NULL: "e1.acme.test" */
	char heard[64];	  /* what the server heard of that */
};

extern struct test_scene scene;

/* More than a socket takes at once. */
extern const char test_flood[64 * 1024];

void test_scene_open(enum cw_tls_versions versions, bool server_asks);
void test_scene_close(void);

/** Our client connects and talks; returns when both ends are over. */
void test_scene_play(void);

/** A group's first act: the certificates, and no SIGPIPE. test_certs_teardown is its last. */
int test_scene_make_certs(void **state);

#endif
