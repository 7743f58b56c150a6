/**
 * TLS alerts: what each means for certificates, and which of them refuse.
 *
 * The causes are those that implementations send them for (RFC 5246 §7.2.2, RFC 8446 §6.2; OpenSSL's mapping
 * of verification errors). An alert names a kind of cause, never the certificate: the judge does that.
 */
#ifndef CW_PKI_ALERT_H
#define CW_PKI_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#define CW_ALERT_WARNING 1
#define CW_ALERT_FATAL 2
#define CW_ALERT_CLOSE_NOTIFY 0

struct cw_alert_kind {
	uint8_t code;
	bool about_certificate; /* the refusing side did not like what the other one presented */
	const char *name;	/* as the RFC spells it */
	const char *cause;	/* a sentence without a subject: "<side> …" */
};

/** The row of an alert, or NULL for a number that no RFC knows. */
const struct cw_alert_kind *cw_alert_kind(uint8_t code);

/** The number of a name ("unknown_ca"); that of bad_certificate for NULL or a name that is not here. */
int cw_alert_number(const char *name);

/** "unknown_ca"; "alert 200" for a number without a name. Belongs to the caller's `text`. */
#define CW_ALERT_TEXT_SIZE 40
const char *cw_alert_text(int alert, char text[CW_ALERT_TEXT_SIZE]);

#endif
