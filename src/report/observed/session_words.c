#include "report/observed/session_report.h"

#include "base/time.h"
#include "pki/alert.h"

#include <string.h>

void cw_session_report_number(struct cw_buffer *out, uint64_t number)
{
	char digits[24];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	cw_buffer_append(out, digits + at, sizeof digits - at);
}

void cw_session_report_time(struct cw_buffer *out, int64_t nanoseconds)
{
	static _Thread_local cw_time last = INT64_MIN; /* thousands of connections begin in one second */
	static _Thread_local char text[CW_TIME_TEXT_SIZE];
	int64_t seconds = nanoseconds / 1000000000, rest = nanoseconds % 1000000000;
	if (rest < 0) {
		seconds--;
		rest += 1000000000;
	}
	if (seconds != last) {
		cw_time_format(seconds, text);
		last = seconds;
	}
	size_t length = strlen(text);
	char fraction[] = ".000000Z";
	unsigned micro = (unsigned)(rest / 1000);
	for (size_t i = 6; i > 0; i--, micro /= 10)
		fraction[i] = (char)('0' + micro % 10);
	cw_buffer_append(out, text, length && text[length - 1] == 'Z' ? length - 1 : length);
	cw_buffer_append(out, fraction, sizeof fraction - 1);
}

static void refused(struct cw_buffer *out, const struct cw_session *connection)
{
	const struct cw_session_alert *alert = connection->refusal;
	const struct cw_alert_kind *kind = cw_alert_kind(alert->code);
	const char *by = cw_session_end_name(connection->refused_by);
	cw_buffer_text(out, "refused by the ");
	cw_buffer_text(out, by);
	cw_buffer_text(out, ", alert ");
	if (kind)
		cw_buffer_text(out, kind->name);
	else
		cw_session_report_number(out, alert->code);
	cw_buffer_text(out, " (frame ");
	cw_session_report_number(out, alert->frame);
	cw_buffer_text(out, "): the ");
	cw_buffer_text(out, by);
	cw_buffer_char(out, ' ');
	cw_buffer_text(out, kind ? kind->cause : "sent an alert that no RFC knows");
}

void cw_session_report_outcome(struct cw_buffer *out, const struct cw_session *connection)
{
	const char *by = cw_session_end_name(connection->refused_by);
	switch (connection->outcome) {
	case CW_OUTCOME_UP:
		cw_buffer_text(out, "up: the handshake was completed");
		return;
	case CW_OUTCOME_REFUSED:
		refused(out, connection);
		return;
	case CW_OUTCOME_HIDDEN:
		cw_buffer_printf(out,
			"ended by the %s with an encrypted alert in place of an answer; only a key log shows "
			"which",
			by);
		return;
	case CW_OUTCOME_RESET:
		cw_buffer_printf(out, "reset by the %s before the handshake was over, without an alert", by);
		return;
	case CW_OUTCOME_CLOSED:
		cw_buffer_printf(out, "closed by the %s before the handshake was over, without an alert", by);
		return;
	case CW_OUTCOME_UNFINISHED:
		cw_buffer_text(out, "unfinished: the capture does not show the end of the handshake");
		return;
	case CW_OUTCOME_MIDDLE:
		cw_buffer_text(out, "already up when the capture begins: no handshake in it");
		return;
	}
}

/* What an alert of that name leaves to do. With a deployment the findings say more, and which file it is. */
const char *cw_session_report_todo(const struct cw_session *connection)
{
	static const struct {
		const char *alert, *todo;
	} rows[] = {
		{"unknown_ca",
			"append the CA that issued the refused certificate to the trust list of the side that "
			"refuses; --deployment D names list and file"},
		{"certificate_expired",
			"renew the refused certificate (causeway renew), and look at the clocks of both"},
		{"certificate_revoked",
			"have the refused certificate re-issued, or mend the revocation list"},
		{"unsupported_certificate",
			"have the refused certificate re-issued for what it is used for (causeway explain eku)"},
		{"bad_certificate",
			"see why with --deployment D, or cert verify with the list of the side that refuses"},
		{"certificate_unknown",
			"the alert hides the reason: --deployment D, or the log of the side that refuses (causeway log)"},
		{"certificate_required", "give the client a certificate: the server wants one"},
		{"handshake_failure",
			"where a client certificate was asked for and none was sent, give the client one; else "
			"compare versions and ciphers"},
		{"protocol_version", "allow a version of TLS that both sides speak"},
	};
	if (connection->outcome != CW_OUTCOME_REFUSED)
		return NULL;
	const struct cw_alert_kind *kind = cw_alert_kind(connection->refusal->code);
	for (size_t i = 0; kind && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].alert, kind->name) == 0)
			return rows[i].todo;
	return NULL;
}

struct remarks {
	void (*add)(void *context, const char *sentence);
	void *context;
};

static void CW_PRINTF(2, 3) say(const struct remarks *remarks, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	remarks->add(remarks->context, cw_buffer_string(&text));
}

static void about_direction(
	const struct remarks *remarks, const struct cw_session *connection, enum cw_session_end end)
{
	const struct cw_session_direction *direction = &connection->sides[end];
	const char *name = cw_session_end_name(end);
	if (direction->missing)
		say(remarks, "%llu bytes from the %s are not in the capture",
			(unsigned long long)direction->missing, name);
	if (direction->lost_message)
		say(remarks,
			"a handshake message of the %s is incomplete, for bytes that are not in the capture",
			name);
	if (direction->conflicting)
		say(remarks, "%llu bytes from the %s came twice and differ; the first are shown",
			(unsigned long long)direction->conflicting, name);
	if (direction->from_middle)
		say(remarks, "the capture begins in the middle of what the %s sent", name);
	if (direction->broken)
		say(remarks, "the %s sent something that is not TLS where TLS should be", name);
}

static void about_keys(const struct remarks *remarks, const struct cw_session *connection)
{
	if (connection->hidden && connection->wrong_keys)
		say(remarks, "the key log has secrets of this connection, but they do not fit");
	else if (connection->hidden)
		say(remarks, "TLS 1.3 encrypts the certificates; a key log (--keylog) would show them");
	if (connection->hidden_handshake)
		say(remarks, "a later handshake is encrypted; a key log (--keylog) would show it");
	bool up = connection->outcome == CW_OUTCOME_UP;
	for (size_t i = 0; i < connection->alert_count; i++) {
		const struct cw_session_alert *alert = &connection->alerts[i];
		if (alert->hidden)
			say(remarks, "an alert of the %s (frame %llu) is encrypted%s",
				cw_session_end_name(alert->from), (unsigned long long)alert->frame,
				up ? ", mostly the regular close" : "; a key log would show which");
	}
}

void cw_session_report_remarks(
	const struct cw_session *connection, void (*add)(void *context, const char *sentence), void *context)
{
	const struct remarks remarks = {add, context};
	if (connection->resumed)
		say(&remarks, "resumes an earlier session: no certificates are sent");
	about_keys(&remarks, connection);
	about_direction(&remarks, connection, CW_SESSION_CLIENT);
	about_direction(&remarks, connection, CW_SESSION_SERVER);
	if (!connection->roles_known)
		say(&remarks, "no hello was seen: which end is the client is a guess by ports");
	if (connection->evicted)
		say(&remarks, "given up before its end, to make room for newer connections");
	if (connection->left_out)
		say(&remarks, "%u more certificate messages and alerts are left out", connection->left_out);
	if (connection->too_long_messages)
		say(&remarks, "%u handshake messages were too long to be kept",
			connection->too_long_messages);
}

void cw_session_report_tally_add(struct cw_session_report_tally *tally, const struct cw_session *connection)
{
	tally->resumed += connection->resumed;
	tally->certs_hidden += connection->hidden;
	tally->chains += connection->chain_count;
	switch (connection->outcome) {
	case CW_OUTCOME_UP:
		tally->up++;
		return;
	case CW_OUTCOME_REFUSED:
		tally->refused++;
		return;
	case CW_OUTCOME_HIDDEN:
		tally->hidden++;
		return;
	case CW_OUTCOME_RESET:
	case CW_OUTCOME_CLOSED:
		tally->broken_off++;
		return;
	case CW_OUTCOME_UNFINISHED:
		tally->unfinished++;
		return;
	case CW_OUTCOME_MIDDLE:
		tally->middle++;
		return;
	}
}
