#include "capture/tls/session_reader_parts.h"
#include "pki/alert.h"

/* An alert as a TLS 1.3 record: two bytes, the inner type, a tag of 16 or (CCM_8) 8 bytes. Anything else that
 * a side sends first is longer. */
#define SEALED_ALERT 19
#define SEALED_ALERT_SHORT 11
/* A Finished alone: header, 32 bytes, inner type, the shorter tag. */
#define SEALED_FINISHED 45

#define ALERT_NO_CERTIFICATE 41
#define ALERT_USER_CANCELED 90

static bool refuses(const struct cw_session_reader *tls, const struct cw_session_alert *alert)
{
	if (alert->hidden || alert->code == CW_ALERT_CLOSE_NOTIFY || alert->code == ALERT_USER_CANCELED)
		return false;
	/* TLS 1.3 ignores the level (RFC 8446 §6). */
	return alert->level == CW_ALERT_FATAL || tls->session.version == CW_VERSION_TLS_1_3;
}

void cw_session_reader_add_alert(
	struct cw_session_reader *tls, int from, uint8_t level, uint8_t code, bool encrypted, bool hidden)
{
	struct cw_session *session = &tls->session;
	tls->has_tls = true;
	if (session->alert_count == CW_ALERTS_MAX) {
		session->left_out++;
		return;
	}
	struct cw_session_alert *alert = &session->alerts[session->alert_count++];
	*alert = (struct cw_session_alert){
		.from = (enum cw_session_end)from,
		.frame = tls->frame,
		.level = level,
		.code = code,
		.encrypted = encrypted,
		.hidden = hidden,
	};
	/* Once it has sent data, a side that ends the connection refuses no certificate. */
	if (!session->refusal && refuses(tls, alert) && tls->sides[from].data_records == 0)
		session->refusal = alert;
}

static bool alert_sized(uint32_t length)
{
	return length == SEALED_ALERT || length == SEALED_ALERT_SHORT;
}

/* TLS 1.3 without keys: a side whose first encrypted record is an alert has refused; so, as far as can be
 * seen, has a server whose one answer to the client's last flight is an alert. */
static int hidden_refusal_13(const struct cw_session_reader *tls)
{
	int client = tls->sides[0].is_client ? 0 : 1;
	const struct cw_session_reader_direction *by_client = &tls->sides[client],
						 *by_server = &tls->sides[!client];
	if (by_client->sealed_records && alert_sized(by_client->first_sealed))
		return client;
	if (by_server->sealed_records && alert_sized(by_server->first_sealed))
		return !client;
	if (by_server->sealed_after == 1 && alert_sized(by_server->last_sealed) &&
		!alert_sized(by_client->last_sealed))
		return !client;
	return -1;
}

static void note_hidden_13(struct cw_session_reader *tls)
{
	struct cw_session *session = &tls->session;
	if (session->version != CW_VERSION_TLS_1_3)
		return;
	bool sealed = false;
	for (int from = 0; from < 2; from++) {
		struct cw_session_reader_direction *side = &tls->sides[from];
		sealed = sealed || side->sealed_records;
		if (side->sealed_records && (side->sealed_bytes >= SEALED_FINISHED + 24))
			session->sides[from].finished = true;
		session->wrong_keys = session->wrong_keys || side->keys_failed;
	}
	bool chain = session->chain_count != 0;
	session->hidden = !chain && !session->resumed && (sealed || session->wrong_keys);
}

static bool completed(const struct cw_session_reader *tls, int from)
{
	return tls->session.sides[from].finished || tls->sides[from].data_records;
}

bool cw_session_reader_settled(const struct cw_session_reader *tls)
{
	return tls->session.refusal || (completed(tls, 0) && completed(tls, 1)) ||
		(tls->session.version == CW_VERSION_TLS_1_3 && tls->sides[0].sealed_records &&
			tls->sides[1].sealed_records);
}

static int hidden_refusal(const struct cw_session_reader *tls)
{
	if (tls->session.version == CW_VERSION_TLS_1_3)
		return hidden_refusal_13(tls);
	/* An encrypted alert before the other side has finished. */
	for (size_t i = 0; i < tls->session.alert_count; i++)
		if (tls->session.alerts[i].hidden && !completed(tls, !tls->session.alerts[i].from))
			return (int)tls->session.alerts[i].from;
	return -1;
}

static bool bytes_missing(const struct cw_session_reader *tls)
{
	const struct cw_session_direction *sides = tls->session.sides;
	return sides[0].missing || sides[1].missing || sides[0].lost_message || sides[1].lost_message;
}

/* The outcome, with directions in place of roles. */
static enum cw_session_outcome decide(
	const struct cw_session_reader *tls, const struct cw_session_reader_ending *ending, int *by)
{
	const struct cw_session *session = &tls->session;
	*by = 0;
	if (session->refusal) {
		*by = (int)session->refusal->from;
		return CW_OUTCOME_REFUSED;
	}
	if (!tls->any_hello && session->chain_count == 0)
		return CW_OUTCOME_MIDDLE;
	int hidden = hidden_refusal(tls);
	if (hidden >= 0) {
		*by = hidden;
		return CW_OUTCOME_HIDDEN;
	}
	if (completed(tls, 0) && completed(tls, 1))
		return CW_OUTCOME_UP;
	if (bytes_missing(tls))
		return CW_OUTCOME_UNFINISHED;
	if (ending->reset_by >= 0) {
		*by = ending->reset_by;
		return CW_OUTCOME_RESET;
	}
	if (ending->ended_by >= 0) {
		*by = ending->ended_by;
		return CW_OUTCOME_CLOSED;
	}
	return CW_OUTCOME_UNFINISHED;
}

static enum cw_session_end role(int from, int client)
{
	return from == client ? CW_SESSION_CLIENT : CW_SESSION_SERVER;
}

struct cw_session *cw_session_reader_finish(struct cw_session_reader *tls,
	const struct cw_session_reader_ending *ending, int server_guess, int *client)
{
	struct cw_session *session = &tls->session;
	*client = !server_guess;
	for (int from = 0; from < 2; from++) {
		if (tls->sides[from].is_client)
			*client = from;
		else if (tls->sides[from].is_server && !tls->sides[!from].is_client)
			*client = !from;
	}
	session->roles_known = tls->any_hello;
	note_hidden_13(tls);
	int by;
	session->outcome = decide(tls, ending, &by);
	session->refused_by = role(by, *client);
	for (size_t i = 0; i < session->chain_count; i++)
		session->chains[i].from = role((int)session->chains[i].from, *client);
	for (size_t i = 0; i < session->alert_count; i++)
		session->alerts[i].from = role((int)session->alerts[i].from, *client);
	if (*client == 1) {
		struct cw_session_direction side = session->sides[0];
		session->sides[0] = session->sides[1];
		session->sides[1] = side;
	}
	return session;
}
