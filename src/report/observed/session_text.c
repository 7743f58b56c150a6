#include "report/observed/session_report.h"

#include "capture/tls/suite.h"
#include "pki/alert.h"

#include <string.h>

static void head(struct cw_buffer *out, const struct cw_session *connection, uint64_t number)
{
	char text[CW_ADDRESS_TEXT_SIZE];
	const char *cipher = connection->cipher_known ? cw_suite_name(connection->cipher) : NULL;
	cw_session_report_number(out, number);
	cw_buffer_text(out, "  ");
	cw_session_report_time(out, connection->first_time);
	cw_buffer_text(out, "  ");
	cw_buffer_text(out, cw_session_address_text(&connection->sides[CW_SESSION_CLIENT].at, text));
	cw_buffer_text(out, " -> ");
	cw_buffer_text(out, cw_session_address_text(&connection->sides[CW_SESSION_SERVER].at, text));
	if (connection->version) {
		cw_buffer_text(out, "  ");
		cw_buffer_text(out, cw_hello_version_name(connection->version));
	}
	if (cipher) {
		cw_buffer_char(out, ' ');
		cw_buffer_text(out, cipher);
	}
	cw_buffer_char(out, '\n');
}

static void details(struct cw_buffer *out, const struct cw_session *connection)
{
	cw_buffer_text(out, "   frames ");
	cw_session_report_number(out, connection->first_frame);
	cw_buffer_text(out, " to ");
	cw_session_report_number(out, connection->last_frame);
	if (connection->sni) {
		cw_buffer_text(out, "; asked for ");
		cw_buffer_text(out, connection->sni);
		cw_buffer_text(out, " (SNI)");
	}
	if (connection->alpn) {
		cw_buffer_text(out, "; ALPN ");
		cw_buffer_text(out, connection->alpn);
	}
	if (connection->starttls) {
		cw_buffer_text(out, "; TLS after plain text (");
		cw_buffer_text(out, connection->starttls);
		cw_buffer_char(out, ')');
	}
	if (connection->retried)
		cw_buffer_text(out, "; HelloRetryRequest");
	cw_buffer_char(out, '\n');
}

static void one_cert(struct cw_buffer *out, const struct cw_captured_cert *cert, size_t depth)
{
	cw_buffer_text(out, "     ");
	cw_session_report_number(out, depth);
	cw_buffer_text(out, "  ");
	cw_buffer_text(out, cert->subject ? cert->subject : "(these bytes are no certificate)");
	if (cert->issuer && cert->subject && strcmp(cert->issuer, cert->subject) == 0) {
		cw_buffer_text(out, "\n        issued by itself");
	} else if (cert->issuer) {
		cw_buffer_text(out, "\n        issued by ");
		cw_buffer_text(out, cert->issuer);
	}
	cw_buffer_text(out, "\n        SHA-256 ");
	cw_buffer_text(out, cert->sha256_text);
	cw_buffer_char(out, '\n');
}

static void chain(struct cw_buffer *out, const struct cw_session_chain *chain)
{
	cw_buffer_text(out, "   ");
	cw_buffer_text(out, cw_session_end_name(chain->from));
	cw_buffer_text(out, " sent ");
	if (chain->count == 0)
		cw_buffer_text(out, "no certificate");
	else
		cw_session_report_number(out, chain->count);
	if (chain->count)
		cw_buffer_text(out, chain->count == 1 ? " certificate" : " certificates");
	cw_buffer_text(out, " (frame ");
	cw_session_report_number(out, chain->frame);
	if (chain->encrypted)
		cw_buffer_text(out, ", decrypted");
	if (chain->compressed)
		cw_buffer_text(out, ", compressed");
	cw_buffer_text(out, chain->broken ? ", the message is malformed)\n" : ")\n");
	for (size_t i = 0; i < chain->count; i++)
		one_cert(out, chain->certs[i], i);
}

static void request(struct cw_buffer *out, const struct cw_session *connection)
{
	if (!connection->asked)
		return;
	cw_buffer_text(out, "   server asked for a client certificate (frame ");
	cw_session_report_number(out, connection->asked_frame);
	cw_buffer_text(out, ")");
	if (!connection->names) {
		cw_buffer_text(out, ", of any CA\n");
		return;
	}
	const struct cw_strings *names = &connection->names->names;
	cw_buffer_text(out, " of one of ");
	cw_session_report_number(out, names->count);
	cw_buffer_text(out, names->count == 1 ? " CA:\n" : " CAs:\n");
	for (size_t i = 0; i < names->count; i++) {
		cw_buffer_text(out, "        ");
		cw_buffer_text(out, names->items[i]);
		cw_buffer_char(out, '\n');
	}
}

/* Alerts beside the refusal, which the outcome tells. */
static void alerts(struct cw_buffer *out, const struct cw_session *connection)
{
	for (size_t i = 0; i < connection->alert_count; i++) {
		const struct cw_session_alert *alert = &connection->alerts[i];
		const struct cw_alert_kind *kind = cw_alert_kind(alert->code);
		if (alert->hidden || alert == connection->refusal || alert->code == CW_ALERT_CLOSE_NOTIFY)
			continue;
		const char *level = alert->level == CW_ALERT_WARNING ? "warning" : "fatal";
		cw_buffer_printf(out, "   %s alert %s from the %s (frame %llu)\n", level,
			kind ? kind->name : "unknown", cw_session_end_name(alert->from),
			(unsigned long long)alert->frame);
	}
}

static void add_remark(void *context, const char *sentence)
{
	struct cw_buffer *out = context;
	cw_buffer_text(out, "   note: ");
	cw_buffer_text(out, sentence);
	cw_buffer_char(out, '\n');
}

void cw_session_report_text(
	struct cw_buffer *out, const struct cw_session *connection, uint64_t number, const char *link)
{
	head(out, connection, number);
	details(out, connection);
	for (size_t i = 0; i < connection->chain_count; i++)
		if (connection->chains[i].from == CW_SESSION_SERVER)
			chain(out, &connection->chains[i]);
	request(out, connection);
	for (size_t i = 0; i < connection->chain_count; i++)
		if (connection->chains[i].from == CW_SESSION_CLIENT)
			chain(out, &connection->chains[i]);
	alerts(out, connection);
	cw_session_report_remarks(connection, add_remark, out);
	cw_buffer_text(out, link);
	cw_buffer_text(out, "   => ");
	cw_session_report_outcome(out, connection);
	const char *todo = cw_session_report_todo(connection);
	if (todo && !strstr(link, " > ")) /* a finding says more */
		cw_buffer_printf(out, "\n      > %s", todo);
	cw_buffer_text(out, "\n\n");
}

static void count(struct cw_buffer *out, uint64_t number, const char *what)
{
	if (number)
		cw_buffer_printf(out, "  %8llu %s\n", (unsigned long long)number, what);
}

static const char *plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

void cw_session_report_text_end(struct cw_buffer *out, const struct cw_session_report_tally *tally,
	const struct cw_capture_counts *counts)
{
	cw_buffer_printf(out,
		"%llu TLS connection%s in %llu TCP connection%s, %llu packets; %llu distinct certificate%s%s\n",
		(unsigned long long)counts->sessions, plural(counts->sessions),
		(unsigned long long)counts->flows, plural(counts->flows), (unsigned long long)counts->packets,
		(unsigned long long)counts->distinct, plural(counts->distinct),
		counts->distinct_overflow ? " or fewer" : "");
	count(out, tally->up, "up");
	count(out, tally->refused, "refused");
	count(out, tally->hidden, "ended by an encrypted alert");
	count(out, tally->broken_off, "broken off without an alert");
	count(out, tally->unfinished, "whose end is not in the capture");
	count(out, tally->middle, "whose handshake is not in the capture");
	count(out, tally->resumed, "resumed sessions, which show no certificates");
	count(out, tally->certs_hidden, "with certificates that TLS 1.3 hides (a key log would show them)");
	if (tally->judged)
		cw_buffer_printf(out, "  %8llu matched to links of the deployment, %llu not\n",
			(unsigned long long)tally->matched, (unsigned long long)tally->unmatched);
	count(out, tally->refused_as_sent, "links refused, judged with what was sent");
	count(out, tally->differing, "that differ from what check predicts");
	count(out, counts->missing, "bytes of TLS connections are missing from the capture");
	count(out, counts->evicted, "connections given up early, oldest first, for lack of room");
	count(out, counts->distinct_overflow, "certificates over the number that is remembered");
	count(out, counts->fragments_dropped, "IP datagrams whose fragments are incomplete");
	count(out, counts->cut, "packets that the capture cut short");
	count(out, counts->broken, "packets with broken headers");
	if (counts->unknown_data_link)
		cw_buffer_printf(out, "  %8llu packets of link type %u, which is not known here\n",
			(unsigned long long)counts->unknown_data_link, counts->unknown_data_link_type);
	if (tally->file_cut)
		cw_buffer_text(out, "  the file ends in the middle of a packet\n");
	if (tally->interrupted)
		cw_buffer_text(out, "  interrupted: this is what was found so far\n");
}
