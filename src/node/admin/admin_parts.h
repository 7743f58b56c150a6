/**
 * What the administrators' side is made of: for src/node/admin alone.
 */
#ifndef CW_NODE_ADMIN_ADMIN_PARTS_H
#define CW_NODE_ADMIN_ADMIN_PARTS_H

#include "base/child.h"
#include "net/listener.h"
#include "node/admin/admin_backoff.h"
#include "node/admin/admin_frame.h"
#include "node/admin/admin_sessions.h"
#include "node/admin/node_admin.h"

/* Connections at once, those in their handshake included: the admin process keeps far fewer, and lets the oldest go that
 * waits for its client. */
#define CW_ADMIN_PORT_PEERS 2000
/* Against an admin process that sends and does not read. */
#define CW_ADMIN_PROCESS_OUT_MAX ((size_t)32 * 1024 * 1024)

struct cw_admin_relay;	  /* one connection of a browser (admin_port.c) */
struct cw_answer_pending; /* a frame that is being answered (answer_pending.h) */

/* The process, its two sockets, and what waits for them. */
struct cw_admin_process {
	struct cw_child child;
	unsigned generation;	 /* how often it was started: answers to a former one are nobody's */
	int frames, connections; /* -1: none */
	struct event *reads, *writes, *ends, *again;
	unsigned wait; /* seconds until it is started again */
	struct cw_buffer in, out;
	char trouble[300];
};

/* Browsers come to the first; to the second, open where certificate-based authentication is on, with a certificate. */
enum { CW_ADMIN_PORT_PLAIN, CW_ADMIN_PORT_CERTIFICATE, CW_ADMIN_PORT_COUNT };

struct cw_admin_port {
	struct cw_node_admin *admin;
	bool certified; /* asks for the client's certificate, and judges it inside the handshake */
	struct cw_listener *listener; /* NULL: it is not open */
	struct cw_admin_relay *relays;
	char trouble[300];
};

struct cw_node_admin {
	struct cw_node_core *core;
	struct cw_admin_process process;
	struct cw_admin_port ports[CW_ADMIN_PORT_COUNT];
	struct cw_admin_password *password;
	struct cw_admin_sessions *sessions;
	struct cw_admin_backoff backoff;
	struct cw_admin_accounts accounts;
	uint64_t accounts_mark; /* how the file looked when it was read */
	bool accounts_read;
	char accounts_trouble[400];
	struct cw_answer_pending *pending; /* what waits for a password */
	uint64_t last_connection;
};

/** Seconds of a clock that goes on while the machine sleeps. */
uint64_t cw_admin_parts_now(void);

/** The list of administrators as the file has it now; false: nobody can log in, `accounts_trouble` says why. */
bool cw_admin_parts_accounts(struct cw_node_admin *admin);
/** Writes it after a change. */
CW_MUST_USE bool cw_admin_parts_accounts_write(struct cw_node_admin *admin, struct cw_error *error);

/* --- admin_process.c --- */

void cw_admin_parts_start(struct cw_node_admin *admin);
void cw_admin_parts_stop(struct cw_node_admin *admin);
/** Sends a frame to the process of that generation; to another one nothing is sent. */
void cw_admin_parts_send(struct cw_node_admin *admin, unsigned generation, const json_t *frame);
/** Hands a connected socket to the process, with its number and from where it comes. False: there is no process. */
bool cw_admin_parts_pass(struct cw_node_admin *admin, int socket, uint64_t number, const char *address);

/* --- admin_port.c --- */

void cw_admin_parts_open(struct cw_node_admin *admin);
void cw_admin_parts_close(struct cw_node_admin *admin);
/** Every connection ends: their process is gone. */
void cw_admin_parts_drop(struct cw_node_admin *admin);
/** What the core knows of the connection with that number; nothing of one that is not there. */
struct cw_admin_parts_connection {
	const char *address; /* "": there is none */
	bool certified;	     /* it showed a certificate that was let in */
	const char *user;    /* whom its certificate names; "": nobody */
};
struct cw_admin_parts_connection cw_admin_parts_connection(
	const struct cw_node_admin *admin, uint64_t number);
/** Whether administrators must show a certificate, and whether it takes the place of the password. */
enum cw_node_file_cba cw_admin_parts_cba(const struct cw_node_admin *admin);

/* --- admin_client.c --- */

/** Judges the certificate that a browser showed, as the page Client certificate testing does. `ret_user` (of
 * CW_ADMIN_ACCOUNTS_USER_MAX + 1): whom it names by pattern and format, "" for nobody. True: it could be asked;
 * `*ret_good`: it is let in. */
CW_MUST_USE bool cw_admin_parts_judge(const struct cw_node_admin *admin, struct cw_cert *leaf, bool *ret_good,
	char *ret_user, struct cw_judgement *ret, struct cw_error *error);

/* --- admin_answer.c --- */

/** A frame came from the process: it is answered, now or later. */
void cw_admin_parts_answer(struct cw_node_admin *admin, json_t *frame);
/** Nobody waits any more (answer_pending.c). */
void cw_admin_parts_forget(struct cw_node_admin *admin);

#endif
