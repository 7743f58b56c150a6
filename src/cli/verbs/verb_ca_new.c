#include "cli/verbs.h"

#include "lab/ca.h"

static const struct cw_option options[] = {
	{"cn", 0, "NAME", NULL, false, "its name, or a whole subject: \"O=Acme, CN=Acme Root CA\""},
	{"key", 0, "KIND", NULL, false, "rsa (default), rsa:4096, ec, ec:P-384, ed25519, ..."},
	{"days", 0, "N", NULL, false, "how long it is valid (default 3650; below another CA 1825)"},
	{"parent", 0, "DIR", NULL, false, "the CA that signs it (default: it signs itself)"},
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

static bool make_ca(struct cw_call *call, struct cw_error *error)
{
	struct cw_ca_options ca = {
		.common_name = cw_arguments_value(&call->arguments, "cn"),
		.key = cw_arguments_value(&call->arguments, "key"),
		.parent = cw_arguments_value(&call->arguments, "parent"),
	};
	if (!ca.common_name)
		return cw_error_set(error, CW_E_USAGE, "ca new: wanted a name, as in --cn \"Acme Root CA\"");
	return cw_call_days(call, &ca.days, error) && cw_call_time(call, &ca.at, error) &&
		(!ca.parent || cw_lock_take(&call->locks, ca.parent, error)) &&
		cw_call_lock_made(call, call->arguments.words[0], error) &&
		cw_ca_new(call->arguments.words[0], &ca, error);
}

static enum cw_exit ca_new(struct cw_call *call)
{
	struct cw_error error;
	AUTO_BUFFER answer = {0};
	if (!make_ca(call, &error))
		return cw_call_trouble(call, &error);
	cw_buffer_printf(&answer, "made %s/ca.pem\n", call->arguments.words[0]);
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_ca_new = {
	.name = "ca",
	.sub = "new",
	.summary = "make a small CA for labs and rehearsals",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Writes DIR/ca.pem, DIR/privkey.pem (readable by its owner only) and DIR/index, the\n"
		 "list of what it signed. It has no CRL and no policy: nobody should rely on it.\n",
	.example = "$ causeway ca new root --cn \"Acme Root CA\"\n"
		   "made root/ca.pem\n"
		   "$ causeway ca new issuing --cn \"Acme Issuing CA\" --parent root\n"
		   "made issuing/ca.pem\n",
	.run = ca_new,
};
