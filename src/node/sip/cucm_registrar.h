/**
 * The registrar of a CUCM stand-in: as much of SIP as a client that registers needs.
 *
 * A REGISTER is challenged (digest, MD5, realm "ccmsipline"), and taken with any password but "wrong" and any user but "nobody", as
 * the stand-in's UDS takes them (cucm_uds.h). Where the certificate that came with the connection has no name of a phone security
 * profile: 403 with Warning 399 "TLS authentication failure". The answer is shaped as in "How Phone Services Failover works for
 * Jabber 14": Expires 120, Date, Supported, the Contact as it came with the user's id. OPTIONS are answered; nothing else is.
 *
 * Bindings are kept with their time: a REGISTER without Contact is told them. For labs and tests. A pure machine: bytes in, bytes
 * out, the time is its caller's; one registrar for all connections of a port, one line for each connection.
 */
#ifndef CW_NODE_SIP_CUCM_REGISTRAR_H
#define CW_NODE_SIP_CUCM_REGISTRAR_H

#include "sip/sip_auth_server.h"
#include "sip/sip_frame.h"

#define CW_CUCM_REGISTRAR_EXPIRES 120
/* As many as the vendor's largest box has; one more is 503. */
#define CW_CUCM_REGISTRAR_BINDINGS_MAX 10000

struct cw_cucm_registrar;

/** CW_E_MEMORY. `name` is that of the node; copied. */
CW_MUST_USE bool cw_cucm_registrar_new(
	const char *name, struct cw_cucm_registrar **ret, struct cw_error *error);
void cw_cucm_registrar_free(struct cw_cucm_registrar *registrar);
CW_DEFINE_AUTO(struct cw_cucm_registrar *, cw_cucm_registrar_free)

/** How many are registered by then. */
size_t cw_cucm_registrar_count(struct cw_cucm_registrar *registrar, cw_time now);

/* A connection to it; zeros and `registrar` are a new one. */
struct cw_cucm_registrar_line {
	struct cw_cucm_registrar *registrar; /* borrowed */
	bool forbid;			     /* no profile's name in the client's certificate */
	struct cw_sip_frame frame;
	struct cw_sip_auth_server auth;
	const char *trouble; /* why it has to be closed; NULL: it goes on */
};
void cw_cucm_registrar_line_finish(struct cw_cucm_registrar_line *line);

/** Bytes that came; what is to be sent goes into `out`. Returns whether a whole message or keep-alive was among them. */
bool cw_cucm_registrar_take(struct cw_cucm_registrar_line *line, const char *data, size_t length, cw_time now,
	struct cw_buffer *out);

#endif
