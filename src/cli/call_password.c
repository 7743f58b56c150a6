#include "cli/call_password.h"

#include "base/file.h"

#include <string.h>

/* Against a file that is no password file: OpenSSL takes 1024 at most. */
#define PASSWORD_FILE_MAX 1024

bool cw_call_password(const struct cw_call *call, char **ret, struct cw_error *error)
{
	const char *path = cw_arguments_value(&call->arguments, "password-file");
	*ret = NULL;
	if (!path)
		return true;
	AUTO_BUFFER text = {0};
	if (!cw_file_read(path, PASSWORD_FILE_MAX, &text, error))
		return cw_error_prefix(error, "--password-file");
	*ret = strndup(cw_buffer_string(&text), strcspn(cw_buffer_string(&text), "\r\n"));
	return *ret ? true : cw_error_memory(error);
}
