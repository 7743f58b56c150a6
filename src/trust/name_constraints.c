#include "trust/name_constraints.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "trust/names.h"
#include "trust/purpose_reason.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Against certificates whose names and constraints multiply: comparisons for one certificate and one CA.
 * OpenSSL refuses beyond the same number, so that nothing is let pass here. */
#define COMPARISONS_MAX (1 << 20)

CW_DEFINE_AUTO(NAME_CONSTRAINTS *, NAME_CONSTRAINTS_free)

static bool constrains(const STACK_OF(GENERAL_SUBTREE) * trees, int type)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++)
		if (sk_GENERAL_SUBTREE_value(trees, i)->base->type == type)
			return true;
	return false;
}

static size_t count(const STACK_OF(GENERAL_SUBTREE) * trees)
{
	return trees ? (size_t)sk_GENERAL_SUBTREE_num(trees) : 0;
}

static bool either_constrains(const NAME_CONSTRAINTS *constraints, int type)
{
	return constrains(constraints->permittedSubtrees, type) ||
		constrains(constraints->excludedSubtrees, type);
}

/* "*.acme.test" would be good for the excluded host "e1.acme.test" (CVE-2025-61727), though it is not in it.
 */
static bool stands_for(const char *wildcard, const GENERAL_NAME *excluded)
{
	if (excluded->type != GEN_DNS || strncmp(wildcard, "*.", 2) != 0)
		return false;
	const char *host = (const char *)ASN1_STRING_get0_data(excluded->d.dNSName);
	size_t length = (size_t)ASN1_STRING_length(excluded->d.dNSName);
	const char *dot = length ? memchr(host, '.', length) : NULL;
	if (!dot || dot == host)
		return false;
	size_t rest = length - (size_t)(dot - host);
	return strlen(wildcard + 1) == rest && strncasecmp(wildcard + 1, dot, rest) == 0;
}

static bool ends_with_dot(const char *name)
{
	size_t length = strlen(name);
	return length > 0 && name[length - 1] == '.';
}

/* The host of a URI (RFC 3986 §3.2): behind "//" and the user, before the port, path, query or fragment. False:
 * there is none, or it is an IPv6 literal or an address. */
static bool uri_host(const char *uri, const char **host, size_t *length)
{
	const char *colon = strchr(uri, ':');
	if (!colon || strncmp(colon, "://", 3) != 0)
		return false;
	const char *authority = colon + 3, *end = authority + strcspn(authority, "/?#");
	const char *at = authority;
	for (const char *c = authority; c < end; c++)
		if (*c == '@')
			at = c + 1;
	*host = at;
	*length = strcspn(at, ":/?#");
	if (at + *length > end)
		*length = (size_t)(end - at);
	char text[64];
	uint8_t bytes[4];
	snprintf(text, sizeof text, "%.*s", (int)(*length < sizeof text ? *length : sizeof text - 1), at);
	return *length > 0 && *at != '[' && at[*length - 1] != '.' && inet_pton(AF_INET, text, bytes) != 1;
}

/* RFC 5280 §4.2.1.10: a constraint that begins with a dot stands for every host below it, another for that host. */
static bool host_within(const char *host, size_t length, const GENERAL_NAME *base)
{
	const char *name = (const char *)ASN1_STRING_get0_data(base->d.uniformResourceIdentifier);
	size_t size = (size_t)ASN1_STRING_length(base->d.uniformResourceIdentifier);
	if (size && *name == '.')
		return length > size && strncasecmp(host + length - size, name, size) == 0;
	return size == length && strncasecmp(host, name, size) == 0;
}

static bool in_any(const char *host, size_t length, const STACK_OF(GENERAL_SUBTREE) * trees)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base = sk_GENERAL_SUBTREE_value(trees, i)->base;
		if (base->type == GEN_URI && host_within(host, length, base))
			return true;
	}
	return false;
}

static const char *uri_fault(const char *uri, const NAME_CONSTRAINTS *constraints)
{
	const char *host;
	size_t length;
	if (!either_constrains(constraints, GEN_URI))
		return NULL;
	if (!uri_host(uri, &host, &length))
		return "has no host name to compare";
	if (in_any(host, length, constraints->excludedSubtrees))
		return "has a host that is excluded";
	if (constrains(constraints->permittedSubtrees, GEN_URI) &&
		!in_any(host, length, constraints->permittedSubtrees))
		return "has a host that is not permitted";
	return NULL;
}

/* RFC 5280 §4.2.1.6: a name in the preferred syntax, and a mailbox with one "@". */
static const char *fault_of(const struct cw_san *san, const NAME_CONSTRAINTS *constraints)
{
	if (san->kind == CW_SAN_EMAIL) {
		const char *at = strchr(san->text, '@');
		bool mailbox = at && at != san->text && at[1] && !strchr(at + 1, '@') && !ends_with_dot(at);
		return mailbox || !either_constrains(constraints, GEN_EMAIL) ? NULL : "is no e-mail address";
	}
	if (san->kind == CW_SAN_URI)
		return uri_fault(san->text, constraints);
	if (san->kind != CW_SAN_DNS)
		return NULL;
	if ((!san->text[0] || san->text[0] == '.' || ends_with_dot(san->text)) &&
		either_constrains(constraints, GEN_DNS))
		return "is no host name";
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees); i++)
		if (stands_for(san->text, sk_GENERAL_SUBTREE_value(constraints->excludedSubtrees, i)->base))
			return "stands for a host that is excluded";
	return NULL;
}

static void check_names(struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth,
	const NAME_CONSTRAINTS *constraints, const struct cw_cert *ca)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
	const struct cw_sans *sans = cw_cert_sans(cert);
	size_t trees = count(constraints->permittedSubtrees) + count(constraints->excludedSubtrees);
	if (trees && sans->count > COMPARISONS_MAX / trees)
		return;
	for (size_t i = 0; i < sans->count; i++) {
		const char *fault = fault_of(&sans->items[i], constraints);
		if (!fault)
			continue;
		struct cw_finding *finding =
			cw_purpose_reason_add(findings, CW_NAME_CONSTRAINT, partial, depth);
		cw_finding_detail(findings, finding,
			"%s constrains such names; wanted one that lies within, and \"%s\" of %s %s",
			cw_cert_label(ca), sans->items[i].text, cw_cert_label(cert), fault);
		return;
	}
}

void cw_name_constraints_check(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	for (unsigned i = 1; i < partial->count; i++) {
		const struct cw_cert *ca = partial->steps[i].cert;
		X509 *x509 = cw_cert_x509(ca);
		if (X509_get_ext_by_NID(x509, NID_name_constraints, -1) < 0)
			continue;
		AUTO(NAME_CONSTRAINTS_free)
		NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(x509, NID_name_constraints, NULL, NULL);
		findings->failed |= !constraints; /* it could be read when the certificate was */
		for (unsigned j = 0; constraints && j < i; j++)
			if (j == 0 || !cw_cert_self_issued(partial->steps[j].cert)) /* §6.1.3 (b), (c) */
				check_names(findings, partial, j, constraints, ca);
	}
}

/* RFC 5280 §4.2.1.10: the name itself and what is below it; OpenSSL takes a leading dot for "below" alone. */
static bool dns_within(const char *name, const GENERAL_NAME *base)
{
	const char *host = (const char *)ASN1_STRING_get0_data(base->d.dNSName);
	size_t size = (size_t)ASN1_STRING_length(base->d.dNSName), length = strlen(name);
	if (size == 0)
		return true;
	if (length < size || strncasecmp(name + length - size, host, size) != 0)
		return false;
	return length == size || *host == '.' || name[length - size - 1] == '.';
}

/* The first DNS subtree that holds the name; with `any` the first there is. NULL: none. */
static const GENERAL_NAME *dns_tree(const char *name, const STACK_OF(GENERAL_SUBTREE) * trees, bool any)
{
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base = sk_GENERAL_SUBTREE_value(trees, i)->base;
		if (base->type == GEN_DNS && (any || dns_within(name, base)))
			return base;
	}
	return NULL;
}

static void put_trees(struct cw_buffer *text, const STACK_OF(GENERAL_SUBTREE) * trees)
{
	const char *between = "";
	for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); i++) {
		const GENERAL_NAME *base = sk_GENERAL_SUBTREE_value(trees, i)->base;
		if (base->type != GEN_DNS || text->length > 200)
			continue;
		AUTO(free)
		char *name = cw_escape_copy(
			ASN1_STRING_get0_data(base->d.dNSName), (size_t)ASN1_STRING_length(base->d.dNSName));
		cw_buffer_printf(text, "%s%s", between, name ? name : "?");
		between = ", ";
	}
}

/* True: this CA may not issue for this name, and `text` says why. */
static bool describe_name(struct cw_buffer *text, const char *name, const struct cw_cert *ca,
	const NAME_CONSTRAINTS *constraints)
{
	AUTO_BUFFER trees = {0};
	const GENERAL_NAME *excluded = dns_tree(name, constraints->excludedSubtrees, false);
	bool permitted = dns_tree(name, constraints->permittedSubtrees, true) == NULL ||
		dns_tree(name, constraints->permittedSubtrees, false) != NULL;
	if (!excluded && permitted)
		return false;
	put_trees(&trees, excluded ? constraints->excludedSubtrees : constraints->permittedSubtrees);
	cw_name_show(text, name);
	cw_buffer_printf(text,
		excluded ? " lies within %s, for which %s may not issue"
			 : " is not within %s, which is all that %s may issue for",
		cw_buffer_string(&trees), cw_cert_label(ca));
	return true;
}

static const char *find_violation(
	struct cw_buffer *text, const struct cw_cert *cert, const struct cw_cert *ca)
{
	AUTO(NAME_CONSTRAINTS_free)
	NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(cw_cert_x509(ca), NID_name_constraints, NULL, NULL);
	const struct cw_sans *sans = cw_cert_sans(cert);
	size_t trees = constraints
		? count(constraints->permittedSubtrees) + count(constraints->excludedSubtrees)
		: 0;
	if (!constraints || (trees && sans->count > COMPARISONS_MAX / trees))
		return NULL;
	for (size_t i = 0; i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS &&
			describe_name(text, sans->items[i].text, ca, constraints))
			return sans->items[i].text;
	return NULL;
}

void cw_name_constraints_explain(
	struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth, int error)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_NAME_CONSTRAINT, partial, depth);
	AUTO_BUFFER text = {0};
	const char *name = NULL;
	for (size_t i = depth + 1; finding && !name && i < partial->count; i++)
		name = find_violation(&text, cert, partial->steps[i].cert);
	if (name)
		cw_finding_name(findings, finding, name);
	if (name)
		cw_finding_detail(findings, finding, "%s: %s", cw_cert_label(cert), cw_buffer_string(&text));
	else
		cw_finding_detail(findings, finding, "%s: OpenSSL says \"%s\"", cw_cert_label(cert),
			X509_verify_cert_error_string(error));
	findings->failed |= text.failed;
}
