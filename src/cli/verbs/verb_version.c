#include "cli/verbs.h"

#include <jansson.h>
#include <openssl/crypto.h>

static enum cw_exit version(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	cw_buffer_printf(&answer, "causeway %s (%s, jansson %s)\n", CW_VERSION,
		OpenSSL_version(OPENSSL_VERSION), jansson_version_str());
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_version = {
	.name = "version",
	.summary = "the version of the program and of the libraries that it judges with",
	.words = "",
	.about = "Put the line into every report of a fault.\n",
	.example = "$ causeway version\n"
		   "causeway 0.1.0 (OpenSSL ...\n",
	.run = version,
};
