#include "cli/verbs.h"

#include "lab/ca.h"
#include "pki/bundle/pem_write.h"

static const struct cw_option options[] = {
	{"ca", 0, "DIR", NULL, false, "the CA, as \"causeway ca new\" made it"},
	{"template", 0, "NAME", "both|server|client|ca|none", false,
		"what EKUs it gets, whatever the request asks (default both)"},
	{"san", 0, "NAME", NULL, true, "a name instead of the request's: host or IP address"},
	{"days", 0, "N", NULL, false, "how long it is valid (default 365)"},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

/* The names of --san as a list of their own. False: no memory. */
static bool collect_sans(const struct cw_call *call, const char ***ret, size_t *ret_count)
{
	AUTO(free) const char **sans = NULL;
	size_t count = 0;
	size_t capacity = 0;
	const char *san;
	while ((san = cw_arguments_nth(&call->arguments, "san", count))) {
		if (!cw_memory_grow(&sans, &capacity, count, sizeof *sans))
			return false;
		sans[count++] = san;
	}
	*ret = TAKE(sans);
	*ret_count = count;
	return true;
}

static bool sign(struct cw_call *call, struct cw_cert **ret, struct cw_error *error)
{
	const char *template = cw_arguments_value(&call->arguments, "template");
	AUTO(free) const char **sans = NULL;
	AUTO(cw_request_free) struct cw_request *csr = NULL;
	struct cw_ca_request request = {.folder = cw_arguments_value(&call->arguments, "ca")};
	if (!request.folder)
		return cw_error_set(
			error, CW_E_USAGE, "ca sign: wanted the folder of a CA, as in --ca issuing");
	if (!collect_sans(call, &sans, &request.san_count))
		return cw_error_memory(error);
	request.sans = sans;
	if ((template && !cw_ca_template_from_name(template, &request.template, error)) ||
		!cw_call_days(call, &request.days, error) || !cw_call_time(call, &request.at, error) ||
		!cw_request_read(call->arguments.words[0], &csr, error) ||
		!cw_lock_take(&call->locks, request.folder, error))
		return false;
	return cw_ca_sign(&request, csr, ret, error);
}

static enum cw_exit ca_sign(struct cw_call *call)
{
	struct cw_error error;
	AUTO_BUFFER answer = {0};
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	if (!sign(call, &cert, &error) || !cw_pem_write_cert(&answer, cert, &error) ||
		!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_ca_sign = {
	.name = "ca",
	.sub = "sign",
	.summary = "sign a certificate request with a small CA",
	.words = "CSR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Subject and key come from the request, the names too unless --san is given. What the\n"
		 "certificate may be used for comes from the template alone, as with the CAs of the\n"
		 "field: a request that asks for clientAuth gets none from the template \"server\".\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway csr new demo e1.acme.test\n"
		"$ causeway ca sign --ca demo/ca/public-issuing --template both -o e1.pem demo/e1/e1.acme.test.csr\n",
	.run = ca_sign,
};
