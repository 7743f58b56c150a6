#include "report/chain_text.h"

#include "report/layout.h"

/* The words of seed 000. */
#define NOT_TRUSTED " - Not Trusted!"
#define COMPLETE " - Self-signed top-level certificate is trusted and chain complete!"

static bool about_trust(enum cw_code code)
{
	return code == CW_ISSUER_MISSING || code == CW_ROOT_MISSING || code == CW_SELF_SIGNED_UNTRUSTED ||
		code == CW_ISSUER_SHADOWED || code == CW_SIGNATURE_INVALID ||
		code == CW_DEVICE_LIST_LACKS_CA || code == CW_ECDSA_TWIN_UNTRUSTED;
}

bool cw_chain_matters(enum cw_code code)
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

static void draw(struct cw_buffer *ret, size_t indent, const struct cw_path *path, size_t step,
	const char *mark, const char *colour)
{
	const struct cw_cert *cert = path->steps[step].cert;
	const char *end = *mark ? CW_MARK_END : "";
	cw_buffer_printf(ret, "%*sCertificate %zu\n", (int)indent, "", step + 1);
	cw_buffer_printf(
		ret, "%*sIssuer: %s%s%s%s\n", (int)indent, "", cw_cert_issuer_text(cert), colour, mark, end);
	cw_buffer_printf(ret, "%*sSubject: %s\n", (int)indent, "", cw_cert_subject_text(cert));
}

void cw_chain_text(
	struct cw_buffer *ret, size_t indent, const struct cw_path *path, const struct cw_finding *finding)
{
	bool untrusted = finding && about_trust(finding->code) && !path->trusted;
	for (size_t step = path->count; step-- > 0;) {
		if (path->steps[step].origin == CW_FROM_ELSEWHERE)
			continue;
		if (untrusted && step == marked_step(path, finding))
			draw(ret, indent, path, step, NOT_TRUSTED, CW_MARK_BAD);
		else if (path->trusted && step + 1 == path->count)
			draw(ret, indent, path, step, COMPLETE, CW_MARK_GOOD);
		else
			draw(ret, indent, path, step, "", "");
	}
}
