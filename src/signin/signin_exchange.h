/**
 * One connection of a sign-in: TLS with the endpoint's judge, one request, one answer. Waits, with a limit.
 *
 * Private to signin.
 */
#ifndef CW_SIGNIN_SIGNIN_EXCHANGE_H
#define CW_SIGNIN_SIGNIN_EXCHANGE_H

#include "http/http_reader.h"
#include "net/connection.h"

#include <event2/event.h>
#include <netinet/in.h>

/* Against an answer without end; a configuration file has some 30 kB. */
#define CW_SIGNIN_BODY_MAX (1024 * 1024)

/** Accepts NULL, where event_base_free() would free a base of its own choice and complain. */
static inline void cw_signin_exchange_free_base(struct event_base *base)
{
	if (base)
		event_base_free(base);
}
CW_DEFINE_AUTO(struct event_base *, cw_signin_exchange_free_base)

/** Asked in the handshake: true takes the chain. Must not keep it. */
struct cw_signin_asked {
	bool (*take)(void *context, struct cw_cert *const *chain, size_t count);
	void *context;
};

struct cw_signin_place {
	struct in_addr address;
	unsigned port;
	const char *name; /* for SNI */
};

/** Everything borrowed. */
struct cw_signin_exchange {
	struct cw_signin_place place;
	struct cw_signin_asked judge;
	const struct cw_buffer *request; /* NULL: TLS alone */
	enum cw_http_method method;
	unsigned milliseconds; /* for each step of the connection */
};

struct cw_signin_answer {
	bool connected, handshake; /* how far it came */
	bool refused;		   /* this side took not the certificate */
	char version[16];	   /* "TLSv1.3" */
	char trouble[200];	   /* how it ended where there is no whole answer; "" */
	unsigned milliseconds;
	struct cw_http_reader *reader; /* its head is the answer's; NULL: none came */
	bool whole;
	struct cw_buffer body;
};

void cw_signin_exchange_finish(struct cw_signin_answer *answer);
#define AUTO_SIGNIN_ANSWER __attribute__((cleanup(cw_signin_exchange_finish))) struct cw_signin_answer

/** False: CW_E_MEMORY or CW_E_CRYPTO. */
CW_MUST_USE bool cw_signin_exchange(
	const struct cw_signin_exchange *exchange, struct cw_signin_answer *ret, struct cw_error *error);

/** The status of the answer; 0 where none came whole. */
unsigned cw_signin_exchange_status(const struct cw_signin_answer *answer);

/** A field of the answer; false where it has none. */
bool cw_signin_exchange_field(
	const struct cw_signin_answer *answer, enum cw_http_known known, struct cw_http_text *ret);

#endif
