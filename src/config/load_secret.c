#include "config/load_parts.h"
#include "pki/bundle/bundle.h"

#include <string.h>

void cw_load_secret_finish(struct cw_secret *secret)
{
	cw_load_files_password_free(secret->text);
	secret->text = NULL;
}

struct cw_secret cw_load_secret(struct cw_loader *loader, const struct cw_yaml *file, const char *of)
{
	struct cw_error error;
	struct cw_secret secret = {.file = file, .of = of};
	const char *typed = cw_value_text(&loader->problems, file, "a file with a password");
	if (typed && !cw_load_files_password(&loader->files, typed, &secret.text, &error))
		cw_load_file_problem(loader, file, &error, NULL);
	return secret;
}

void cw_load_secret_path(struct cw_loader *loader, const struct cw_secret *secret, char **ret)
{
	if (!secret->file || secret->file->kind != CW_YAML_TEXT)
		return;
	*ret = strdup(secret->file->text);
	if (!*ret)
		loader->problems.no_memory = true;
}

/* Without the option of the verbs: here a key gives the password. */
static size_t message_length(const char *message)
{
	const char *option = strstr(message, CW_BUNDLE_PASSWORD_OPTION);
	return option ? (size_t)(option - message) : strlen(message);
}

void cw_load_file_problem(struct cw_loader *loader, const struct cw_yaml *at, const struct cw_error *error,
	const struct cw_secret *secret)
{
	bool no_password = secret && !secret->text && error->code == CW_E_PASSWORD;
	if (error->code == CW_E_MEMORY)
		loader->problems.no_memory = true;
	else if (!no_password)
		cw_problem(&loader->problems, at, "%s", error->message);
	else if (!secret->file)
		cw_problem(&loader->problems, at,
			"%.*s; the key \"%s-password-file\" names the file that holds it",
			(int)message_length(error->message), error->message, secret->of);
}
