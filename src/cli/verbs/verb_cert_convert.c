#include "base/file.h"
#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "pki/key.h"
#include "workbench/convert.h"

#include <string.h>

static const struct cw_option options[] = {
	{"to", 0, "FORM", "pem|der|pkcs7|pkcs12", false,
		"pem, der, pkcs7, pkcs12 (default: by the ending of -o)"},
	{"key", 0, "FILE", NULL, false, "pkcs12: the private key that goes into it"},
	{"windows", 0, NULL, NULL, false, "show how to export the right form on Windows, and stop"},
	CW_OPTION_OUTPUT,
	CW_OPTION_PASSWORD,
	CW_OPTIONS_END,
};

static bool choose(const struct cw_arguments *arguments, enum cw_format *ret, struct cw_error *error)
{
	const char *to = cw_arguments_value(arguments, "to"),
		   *output = cw_arguments_value(arguments, "output");
	if (cw_convert_format(to, output, ret))
		return true;
	if (output && strcmp(output, "-") != 0)
		return cw_error_set(error, CW_E_USAGE,
			"%s: its ending does not tell the form; wanted --to pem, der, pkcs7 or pkcs12",
			output);
	*ret = CW_FORMAT_PEM;
	return true;
}

/* PKCS#12 holds a private key: its file is for its owner alone, and a terminal gets none. */
static bool write_secret(
	struct cw_workbench_call *workbench, const struct cw_buffer *data, struct cw_error *error)
{
	const char *output = cw_arguments_value(&workbench->call->arguments, "output");
	if (!output || strcmp(output, "-") == 0)
		return cw_error_set(
			error, CW_E_USAGE, "PKCS#12 holds a private key: wanted a file, -o FILE.p12");
	return cw_call_write_file(workbench->call, output, data, 0600, error);
}

static bool convert(struct cw_workbench_call *workbench, bool *written, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *key_path = cw_arguments_value(arguments, "key");
	enum cw_format format;
	AUTO_PASSWORD password = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER data = {0};
	if (!arguments->word_count)
		return cw_error_set(error, CW_E_USAGE, "cert convert: wanted a file");
	if (!choose(arguments, &format, error) || !cw_call_password(workbench->call, &password, error) ||
		!cw_bundle_read(arguments->words[0], arguments->words[0], password, workbench->pool, &bundle,
			error) ||
		(key_path && !cw_key_read(key_path, password, &key, error)))
		return false;
	if (!bundle.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", arguments->words[0]);
	if (!cw_convert(&bundle, format, key ? key : bundle.key, password, &data, error))
		return false;
	*written = format == CW_FORMAT_PKCS12;
	if (*written)
		return write_secret(workbench, &data, error);
	cw_buffer_append(&workbench->answer, data.data, data.length);
	return true;
}

static enum cw_exit cert_convert(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	bool written = false;
	if (!cw_workbench_call_open(call, &workbench, &error))
		return cw_call_trouble(call, &error);
	if (cw_arguments_given(&call->arguments, "windows"))
		cw_buffer_text(&workbench.text, cw_windows_export);
	else if (!convert(&workbench, &written, &error))
		return cw_call_trouble(call, &error);
	return written ? CW_EXIT_GOOD : cw_workbench_call_end(&workbench, CW_EXIT_GOOD);
}

const struct cw_verb cw_verb_cert_convert = {
	.name = "cert",
	.sub = "convert",
	.summary = "certificates from any form into PEM, DER, PKCS#7 or PKCS#12",
	.words = "[FILE]",
	.words_max = 1,
	.options = options,
	.about =
		"Upload pages want PEM (\"Base-64 encoded\"); the ending of a file does not matter to them.\n"
		"The form comes from --to or from the ending of -o: .pem, .crt and .cer are PEM here.\n"
		"A PKCS#12 file is written for its owner only (0600).\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway cert convert demo/e1/server.pem --to der -o e1.cer\n"
		   "$ causeway cert convert e1.cer -o e1.pem\n"
		   "$ causeway cert convert --windows\n"
		   "If the certificate does open, follow this steps:\n"
		   "\n"
		   "...\n",
	.run = cert_convert,
};
