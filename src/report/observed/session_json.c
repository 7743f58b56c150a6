#include "report/observed/session_report.h"

#include "capture/tls/suite.h"
#include "pki/alert.h"

#include <jansson.h>
#include <string.h>

CW_DEFINE_AUTO(json_t *, json_decref)

/* Ten thousand connections share a few certificates and names. So the scaffold of an object is written
 * straight into the buffer, and jansson makes the text of each distinct certificate once. */

/* Text of our own, or printable ASCII: only quotes and backslashes need care. */
static void plain_string(struct cw_buffer *out, const char *text)
{
	if (!text) {
		cw_buffer_text(out, "null");
		return;
	}
	cw_buffer_char(out, '"');
	size_t length = strlen(text);
	if (!strpbrk(text, "\"\\")) {
		cw_buffer_append(out, text, length);
	} else {
		for (size_t i = 0; i < length; i++) {
			if (text[i] == '"' || text[i] == '\\')
				cw_buffer_char(out, '\\');
			cw_buffer_char(out, text[i]);
		}
	}
	cw_buffer_char(out, '"');
}

/* Text of others: jansson escapes it. */
static bool foreign_string(struct cw_buffer *out, const char *text, struct cw_error *error)
{
	AUTO(json_decref) json_t *string = json_string(text);
	if (!string)
		string = json_string("(not UTF-8)");
	AUTO(free) char *encoded = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
	if (!encoded)
		return cw_error_memory(error);
	cw_buffer_text(out, encoded);
	return true;
}

static void key_string(struct cw_buffer *out, const char *key, const char *value)
{
	cw_buffer_char(out, '"');
	cw_buffer_text(out, key);
	cw_buffer_text(out, "\":");
	plain_string(out, value);
	cw_buffer_char(out, ',');
}

static void key_number(struct cw_buffer *out, const char *key, uint64_t value)
{
	cw_buffer_char(out, '"');
	cw_buffer_text(out, key);
	cw_buffer_text(out, "\":");
	cw_session_report_number(out, value);
	cw_buffer_char(out, ',');
}

static void key_bool(struct cw_buffer *out, const char *key, bool value)
{
	cw_buffer_char(out, '"');
	cw_buffer_text(out, key);
	cw_buffer_text(out, value ? "\":true," : "\":false,");
}

/* Ends a list or an object whose last member left a comma behind. */
static void close_with(struct cw_buffer *out, char bracket)
{
	if (out->length && out->data[out->length - 1] == ',')
		out->length--;
	cw_buffer_char(out, bracket);
	cw_buffer_char(out, ',');
}

/* The certificate's object as text, kept with it. */
static const char *cert_text(const struct cw_captured_cert *cert, struct cw_error *error)
{
	if (cert->note)
		return cert->note;
	AUTO(json_decref)
	json_t *object = json_pack("{s:s, s:s?, s:s?, s:i}", "sha256", cert->sha256_text, "subject",
		cert->subject, "issuer", cert->issuer, "length", (int)cert->length);
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	if (!text)
		cw_error_memory(error);
	((struct cw_captured_cert *)(uintptr_t)cert)->note = text;
	return text;
}

static bool chains(struct cw_buffer *out, const struct cw_session *connection, struct cw_error *error)
{
	cw_buffer_text(out, "\"chains\":[");
	for (size_t i = 0; i < connection->chain_count; i++) {
		const struct cw_session_chain *chain = &connection->chains[i];
		cw_buffer_char(out, '{');
		key_string(out, "from", cw_session_end_name(chain->from));
		key_number(out, "frame", chain->frame);
		key_bool(out, "decrypted", chain->encrypted);
		key_bool(out, "compressed", chain->compressed);
		key_bool(out, "malformed", chain->broken);
		cw_buffer_text(out, "\"certificates\":[");
		for (size_t k = 0; k < chain->count; k++) {
			const char *text = cert_text(chain->certs[k], error);
			if (!text)
				return false;
			cw_buffer_text(out, text);
			cw_buffer_char(out, ',');
		}
		close_with(out, ']');
		close_with(out, '}');
	}
	close_with(out, ']');
	return true;
}

static bool request(struct cw_buffer *out, const struct cw_session *connection, struct cw_error *error)
{
	const struct cw_session_chain *given = cw_session_chain(connection, CW_SESSION_CLIENT);
	cw_buffer_text(out, "\"client_certificate\":{");
	key_bool(out, "asked", connection->asked);
	if (connection->asked)
		key_number(out, "frame", connection->asked_frame);
	key_bool(out, "given", given && given->count);
	cw_buffer_text(out, "\"ca_names\":[");
	for (size_t i = 0; connection->names && i < connection->names->names.count; i++) {
		if (!foreign_string(out, connection->names->names.items[i], error))
			return false;
		cw_buffer_char(out, ',');
	}
	close_with(out, ']');
	close_with(out, '}');
	return true;
}

static void alerts(struct cw_buffer *out, const struct cw_session *connection)
{
	cw_buffer_text(out, "\"alerts\":[");
	for (size_t i = 0; i < connection->alert_count; i++) {
		const struct cw_session_alert *alert = &connection->alerts[i];
		const struct cw_alert_kind *kind = alert->hidden ? NULL : cw_alert_kind(alert->code);
		cw_buffer_char(out, '{');
		key_string(out, "from", cw_session_end_name(alert->from));
		key_number(out, "frame", alert->frame);
		key_bool(out, "readable", !alert->hidden);
		key_bool(out, "decrypted", alert->encrypted && !alert->hidden);
		if (!alert->hidden) {
			key_string(out, "level", alert->level == CW_ALERT_WARNING ? "warning" : "fatal");
			key_number(out, "code", alert->code);
			key_string(out, "name", kind ? kind->name : NULL);
			key_string(out, "cause", kind ? kind->cause : NULL);
		}
		close_with(out, '}');
	}
	close_with(out, ']');
}

static void endpoint(struct cw_buffer *out, const char *key, const struct cw_session_direction *direction)
{
	char text[CW_ADDRESS_TEXT_SIZE];
	cw_buffer_char(out, '"');
	cw_buffer_text(out, key);
	cw_buffer_text(out, "\":{");
	key_string(out, "address", cw_session_address_host(&direction->at, text));
	key_number(out, "port", direction->at.port);
	key_number(out, "missing", direction->missing);
	key_number(out, "conflicting", direction->conflicting);
	close_with(out, '}');
}

static void when(struct cw_buffer *out, const char *key, int64_t time)
{
	cw_buffer_char(out, '"');
	cw_buffer_text(out, key);
	cw_buffer_text(out, "\":\"");
	cw_session_report_time(out, time);
	cw_buffer_text(out, "\",");
}

static void parameters(struct cw_buffer *out, const struct cw_session *connection)
{
	key_string(out, "sni", connection->sni);
	key_string(out, "alpn", connection->alpn);
	key_string(out, "starttls", connection->starttls);
	key_string(out, "offered", connection->offered ? cw_hello_version_name(connection->offered) : NULL);
	key_string(out, "version", connection->version ? cw_hello_version_name(connection->version) : NULL);
	const char *cipher = connection->cipher_known ? cw_suite_name(connection->cipher) : NULL;
	if (connection->cipher_known && !cipher)
		cw_buffer_printf(out, "\"cipher\":\"0x%04x\",", connection->cipher);
	else
		key_string(out, "cipher", cipher);
	key_bool(out, "hello_retry", connection->retried);
	key_bool(out, "resumed", connection->resumed);
	key_bool(out, "certificates_hidden", connection->hidden);
	key_bool(out, "decrypted", connection->decrypted);
}

static void add_remark(void *context, const char *sentence)
{
	plain_string(context, sentence);
	cw_buffer_char(context, ',');
}

static void outcome(struct cw_buffer *out, const struct cw_session *connection)
{
	AUTO_BUFFER sentence = {0};
	bool sided = connection->outcome != CW_OUTCOME_UP && connection->outcome != CW_OUTCOME_UNFINISHED &&
		connection->outcome != CW_OUTCOME_MIDDLE;
	const struct cw_alert_kind *kind =
		connection->refusal ? cw_alert_kind(connection->refusal->code) : NULL;
	key_string(out, "outcome", cw_session_outcome_name(connection->outcome));
	const char *by = connection->outcome == CW_OUTCOME_REFUSED ? "refused_by" : "ended_by";
	key_string(out, by, sided ? cw_session_end_name(connection->refused_by) : NULL);
	if (connection->refusal)
		key_string(out, "alert", kind ? kind->name : NULL);
	cw_session_report_outcome(&sentence, connection);
	key_string(out, "detail", cw_buffer_string(&sentence));
	cw_buffer_text(out, "\"notes\":[");
	cw_session_report_remarks(connection, add_remark, out);
	close_with(out, ']');
}

bool cw_session_report_json(struct cw_buffer *out, const struct cw_session *connection, uint64_t number,
	const char *link, struct cw_error *error)
{
	cw_buffer_char(out, '{');
	key_number(out, "connection", number);
	when(out, "start", connection->first_time);
	when(out, "end", connection->last_time);
	key_number(out, "first_frame", connection->first_frame);
	key_number(out, "last_frame", connection->last_frame);
	endpoint(out, "client", &connection->sides[CW_SESSION_CLIENT]);
	endpoint(out, "server", &connection->sides[CW_SESSION_SERVER]);
	parameters(out, connection);
	if (!chains(out, connection, error) || !request(out, connection, error))
		return false;
	alerts(out, connection);
	outcome(out, connection);
	cw_buffer_text(out, link);
	close_with(out, '}');
	if (out->length)
		out->length--;
	cw_buffer_char(out, '\n');
	return true;
}

void cw_session_report_json_end(struct cw_buffer *out, const struct cw_session_report_tally *tally,
	const struct cw_capture_counts *counts)
{
	cw_buffer_text(out, "{\"summary\":{");
	key_number(out, "packets", counts->packets);
	key_number(out, "tcp_connections", counts->flows);
	key_number(out, "tls_connections", counts->sessions);
	key_number(out, "distinct_certificates", counts->distinct);
	key_number(out, "up", tally->up);
	key_number(out, "refused", tally->refused);
	key_number(out, "hidden", tally->hidden);
	key_number(out, "broken_off", tally->broken_off);
	key_number(out, "unfinished", tally->unfinished);
	key_number(out, "middle", tally->middle);
	key_number(out, "resumed", tally->resumed);
	key_number(out, "certificates_hidden", tally->certs_hidden);
	key_number(out, "missing_bytes", counts->missing);
	key_number(out, "given_up_early", counts->evicted);
	key_number(out, "certificates_not_remembered", counts->distinct_overflow);
	key_number(out, "datagrams_incomplete", counts->fragments_dropped);
	key_number(out, "packets_cut", counts->cut);
	key_number(out, "packets_broken", counts->broken);
	key_number(out, "packets_unknown_link", counts->unknown_data_link);
	if (tally->judged) {
		key_number(out, "matched", tally->matched);
		key_number(out, "unmatched", tally->unmatched);
		key_number(out, "refused_as_sent", tally->refused_as_sent);
		key_number(out, "differing", tally->differing);
	}
	key_bool(out, "file_cut", tally->file_cut);
	key_bool(out, "interrupted", tally->interrupted);
	close_with(out, '}');
	close_with(out, '}');
	if (out->length)
		out->length--;
	cw_buffer_char(out, '\n');
}
