#include "admin/page/lab/endpoint_words.h"

#include <string.h>

/* NULL fits everything; "%d" stands for the domain, "%s" for the server. The first row that fits counts. */
struct row {
	const char *kind, *state, *link, *code, *sees, *source;
};

static const struct row rows[] = {
	/* Jabber and Webex ask the person */
	{"jabber", "prompts", "edge-https", "edge-domain-missing",
		"Certificate not valid: the server's certificate does not name %d. Jabber asks whether to accept it, once.",
		"D1"},
	{"jabber", "prompts", "edge-https", NULL,
		"Certificate not valid: the certificate of %s is not signed by a CA that this computer trusts. Jabber asks "
		"whether to accept it, once.",
		"D1"},
	{"jabber", NULL, "edge-https", NULL, "Cannot sign in: the certificate of %s is refused.", ""},
	{"webex", NULL, "edge-https", NULL, "Phone services not connected: the certificate of %s is refused.",
		""},
	/* telepresence writes it into its log */
	{"telepresence", NULL, "edge-https", "edge-domain-missing",
		"\"Edge TLS verification failed: Edge domain '%d' and corresponding SRVName '_collab-edge._tls.%d' not "
		"found in certificate SAN list\"",
		"TAC 211304"},
	{"telepresence", NULL, "edge-https", NULL,
		"\"SSL certificate problem: self signed certificate in certificate chain\", \"Peer certificate cannot be "
		"authenticated with given CA certificates\"; it tries again every 15 seconds.",
		"TAC 211304"},
	/* phones say little: their list cannot be changed */
	{"phone-", NULL, "edge-https", "edge-domain-missing",
		"The phone does not register: it wants %d among the names of the certificate, and asks nobody.",
		"D1"},
	{"phone-", NULL, "edge-https", NULL,
		"The phone does not register: nobody is asked, since its list of CAs cannot be changed.",
		"D1"},
	/* what comes after the endpoint trusts the Expressway-E is the same for all */
	{NULL, NULL, "traversal", NULL, "Sign-in fails: %s answers \"502 Next Hop Connection Failed\".",
		"MRA guide X12.5"},
	{NULL, NULL, "tunnel", NULL, "Sign-in fails: %s answers \"502 Next Hop Connection Failed\".",
		"MRA guide X12.5"},
	{NULL, NULL, "tomcat", NULL, "Sign-in fails: %s answers 502, since the Expressway-C refuses CUCM.",
		""},
	{NULL, NULL, "tftp", NULL,
		"Signed in, without its configuration: the Expressway-C cannot fetch it from CUCM.", ""},
	{NULL, NULL, "service", NULL, "Signed in, phone services not connected: REGISTER gets no answer.",
		"TAC 212347"},
	{NULL, NULL, "sip-out", "phone-profile-missing",
		"Phone services not connected: CUCM answers 403, \"Warning: 399 TLS authentication failure\".",
		"MRA guide X12.5"},
	{NULL, NULL, "sip-in", "phone-profile-missing",
		"Phone services not connected: CUCM answers 403, \"Warning: 399 TLS authentication failure\".",
		"MRA guide X12.5"},
	{NULL, NULL, "sip-out", NULL, "Signed in, phone services not connected.", ""},
	{NULL, NULL, "sip-in", NULL, "Signed in, phone services not connected.", ""},
	{NULL, NULL, "sip-oauth", NULL, "Signed in, phone services not connected.", ""},
	{NULL, NULL, "edge-sip", NULL, "Signed in, phone services not connected: SIP to %s is refused.", ""},
	{NULL, "dead", NULL, NULL, "Cannot sign in.", ""},
	{NULL, "degraded", NULL, NULL, "Signed in; something is missing.", ""},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

/* A kind that ends in a hyphen stands for all that begin so. */
static bool is_kind(const char *wanted, const char *kind)
{
	size_t length = wanted ? strlen(wanted) : 0;
	if (!wanted)
		return true;
	return wanted[length - 1] == '-' ? strncmp(kind, wanted, length) == 0 : strcmp(kind, wanted) == 0;
}

static bool is_same(const char *wanted, const char *found)
{
	return !wanted || strcmp(wanted, found) == 0;
}

static void put_words(struct cw_buffer *ret, const char *words, const struct cw_endpoint_words_given *given)
{
	while (*words) { /* ends: each turn takes what is before a sign, and the sign */
		size_t length = strcspn(words, "%");
		cw_buffer_append(ret, words, length);
		words += length;
		if (!*words)
			break;
		cw_buffer_text(ret, words[1] == 'd' ? given->domain : given->server);
		words += 2;
	}
}

void cw_endpoint_words(const struct cw_endpoint_words_given *given, struct cw_buffer *ret)
{
	if (strcmp(given->state, "works") == 0 || strcmp(given->state, "unknown") == 0)
		return;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &rows[i];
		if (is_kind(row->kind, given->kind) && is_same(row->state, given->state) &&
			is_same(row->link, given->link) && is_same(row->code, given->code)) {
			put_words(ret, row->sees, given);
			return;
		}
	}
}

const char *cw_endpoint_words_source(size_t index)
{
	return index < ROW_COUNT ? rows[index].source : NULL;
}
