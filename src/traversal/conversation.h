/**
 * What is said over a SIP link once TLS is up, both ends, for rehearsals and nodes.
 *
 * Traversal zone: OPTIONS with digest, again and again as keep-alive; where both ends have a document, INFO
 * carries Expressway-C's to Expressway-E, and the answer that of E to C; messages of clients pass beside them. Registrations, OPTIONS between servers. A
 * pure machine: bytes in, bytes out, no sockets and no clock.
 */
#ifndef CW_TRAVERSAL_CONVERSATION_H
#define CW_TRAVERSAL_CONVERSATION_H

#include "sip/sip_auth_client.h"
#include "sip/sip_auth_server.h"
#include "sip/sip_frame.h"

enum cw_conversation_kind {
	CW_CONVERSATION_ZONE,	  /* OPTIONS, 401, OPTIONS with digest, 200 or 403 */
	CW_CONVERSATION_REGISTER, /* REGISTER, 200 or 403 */
	CW_CONVERSATION_OPTIONS,  /* OPTIONS, 200 */
	CW_CONVERSATION_HTTP,	  /* GET, 200: not spoken here (rehearse/http_talk.h) */
};

enum cw_conversation_state {
	CW_CONVERSATION_TALKING,
	CW_CONVERSATION_UP,	/* a good answer was got, or given */
	CW_CONVERSATION_DENIED, /* user name or password were not right */
	CW_CONVERSATION_FORBIDDEN,
	CW_CONVERSATION_BROKEN, /* what came does not belong here; see `reason` */
};

struct cw_conversation {
	enum cw_conversation_kind kind;
	bool server;
	const char *host;     /* that the request goes to */
	const char *username; /* zone: this end's own; borrowed */
	const char *password;
	bool forbid; /* server: answer 403 */
	/* zone: what this end tells the other of itself, as a whole each time; NULL: INFO is not spoken. Borrowed */
	const char *document;
	/* zone, once it is up: gets each message that is none of this conversation's own (see cw_conversation_relays); NULL:
	 * such a message breaks it off */
	void (*relay)(void *context, const struct cw_sip_message *message);
	void *relay_context;

	enum cw_conversation_state state;
	char reason[120];
	struct cw_buffer in; /* HTTP */
	unsigned sequence;
	bool user_differs;     /* zone, server: it was the user name; else the password */
	bool informs;	       /* zone, client: the request that is out is an INFO */
	struct cw_buffer told; /* zone: the other end's document, as it came last */
	bool news;	       /* zone: it came since the owner cleared this */
	struct cw_sip_frame frame;
	struct cw_sip_auth_client client; /* zone */
	struct cw_sip_auth_server auth;
};

void cw_conversation_finish(struct cw_conversation *conversation);

/** What came does not belong here. */
void cw_conversation_break_off(struct cw_conversation *conversation, const char *reason);

/** The client's first request, and later its keep-alive, into `out`. */
void cw_conversation_ask(struct cw_conversation *conversation, struct cw_buffer *out);

/* Of the zone's documents. Against a peer that fills the memory: the whole state is some hundred bytes. */
#define CW_CONVERSATION_DOCUMENT_TYPE "application/vnd.causeway.zone+json"
#define CW_CONVERSATION_DOCUMENT_MAX (64 * 1024)

/**
 * The client's document into `out`, as a SIP INFO on a zone that is up and has no other request out. The answer sets
 * `told` and `news`.
 */
void cw_conversation_inform(struct cw_conversation *conversation, struct cw_buffer *out);

/**
 * Whether the zone's client, or its server, takes this message for somebody else's: a registration on its way. The client's own
 * are answers to its requests, which have one Via; the server's own are requests without a Route. Who sends such a message asks
 * for the other end first: nobody's message is to be taken for the zone's own.
 */
bool cw_conversation_relays(const struct cw_sip_message *message, bool server);

/**
 * Bytes that came; what is to be sent goes into `out`. Returns whether a whole message of its own was among them;
 * `state` says how it stands.
 */
bool cw_conversation_take(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out);

#endif
