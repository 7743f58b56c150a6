#include "report/chain_text.h"

#include "report/text/layout.h"

/* The words of the MRA certificates guide. */
#define NOT_TRUSTED " - Not Trusted!"
#define COMPLETE " - Self-signed top-level certificate is trusted and chain complete!"

/* What is wrong with a certificate that stands in its place in the chain: told behind its subject. */
static const struct flaw {
	enum cw_code code;
	const char *words;
} flaws[] = {
	{CW_EXPIRED, " - Expired!"},
	{CW_NOT_YET_VALID, " - Not valid yet!"},
	{CW_REVOKED, " - Revoked!"},
	{CW_SERVER_AUTH_MISSING, " - No TLS Web Server Authentication!"},
	{CW_CLIENT_AUTH_MISSING, " - No TLS Web Client Authentication!"},
	{CW_KEY_USAGE_UNFIT, " - Wrong key usage!"},
	{CW_NOT_A_CA, " - Not a CA certificate!"},
	{CW_PATH_TOO_LONG, " - Allows fewer CAs below it!"},
	{CW_NAME_CONSTRAINT, " - A CA above it may not issue for this name!"},
	{CW_CRITICAL_EXTENSION, " - Unknown critical extension!"},
	{CW_WEAK_KEY, " - Weak key!"},
	{CW_WEAK_DIGEST, " - Weak signature!"},
	{CW_TLS_UNUSABLE, " - TLS cannot use its key!"},
	{CW_TUNNEL_KEY_UNFIT, " - SSH cannot use its key!"},
	{CW_UNKNOWN_OID_IN_NAME, " - Unknown attribute!"},
	{CW_PEER_NAME_MISMATCH, " - Wanted another name!"},
	{CW_VERIFY_NAME_MISMATCH, " - Wanted another name!"},
	{CW_ADDRESS_IS_IP, " - Wanted another name!"},
	{CW_PHONE_PROFILE_MISSING, " - Wanted another name!"},
	{CW_EDGE_DOMAIN_MISSING, " - Wanted another name!"},
};

static const char *flaw_words(enum cw_code code)
{
	for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++)
		if (flaws[i].code == code)
			return flaws[i].words;
	return NULL;
}

static bool about_trust(enum cw_code code)
{
	return code == CW_ISSUER_MISSING || code == CW_ROOT_MISSING || code == CW_SELF_SIGNED_UNTRUSTED ||
		code == CW_ISSUER_SHADOWED || code == CW_SIGNATURE_INVALID ||
		code == CW_DEVICE_LIST_LACKS_CA || code == CW_ECDSA_TWIN_UNTRUSTED;
}

bool cw_chain_text_matters(enum cw_code code)
{
	return about_trust(code) || code == CW_NOT_A_CA || code == CW_PATH_TOO_LONG ||
		code == CW_NAME_CONSTRAINT;
}

/* The step whose issuer is the trouble: below a missing or wrong CA, or where a signature does not verify. */
static size_t marked_step(const struct cw_path *path, const struct cw_finding *finding)
{
	size_t step = finding->depth;
	if (step && finding->code != CW_SIGNATURE_INVALID)
		step--;
	if (step >= path->count)
		step = path->count - 1;
	while (step && path->steps[step].origin == CW_FROM_ELSEWHERE)
		step--;
	return step;
}

/* A word behind a line, in its colour; NULL: none. */
struct remark {
	const char *words;
	const char *colour;
};

static void line(struct cw_buffer *ret, size_t indent, const char *label, const char *name,
	const struct remark *remark)
{
	cw_buffer_printf(ret, "%*s%s: %s", (int)indent, "", label, name);
	if (remark->words)
		cw_buffer_printf(ret, "%s%s" CW_MARK_END, remark->colour, remark->words);
	cw_buffer_char(ret, '\n');
}

static struct remark about_issuer(const struct cw_path *path, const struct cw_finding *finding, size_t step)
{
	bool untrusted = finding && about_trust(finding->code) && !path->trusted;
	if (untrusted && step == marked_step(path, finding))
		return (struct remark){NOT_TRUSTED, CW_MARK_BAD};
	if (path->trusted && step + 1 == path->count)
		return (struct remark){COMPLETE, CW_MARK_GOOD};
	return (struct remark){0};
}

static struct remark about_subject(const struct cw_finding *finding, size_t step)
{
	if (!finding || finding->depth != step)
		return (struct remark){0};
	return (struct remark){flaw_words(finding->code),
		cw_layout_verdict_mark(cw_finding_severity_verdict(finding->severity))};
}

void cw_chain_text(
	struct cw_buffer *ret, size_t indent, const struct cw_path *path, const struct cw_finding *finding)
{
	for (size_t step = path->count; step-- > 0;) {
		const struct cw_cert *cert = path->steps[step].cert;
		if (path->steps[step].origin == CW_FROM_ELSEWHERE)
			continue;
		struct remark issuer = about_issuer(path, finding, step);
		struct remark subject = about_subject(finding, step);
		cw_buffer_printf(ret, "%*sCertificate %zu\n", (int)indent, "", step + 1);
		line(ret, indent, "Issuer", cw_cert_issuer_text(cert), &issuer);
		line(ret, indent, "Subject", cw_cert_subject_text(cert), &subject);
	}
}
