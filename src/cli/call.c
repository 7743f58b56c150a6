#include "cli/call.h"

#include "base/escape.h"
#include "base/file.h"
#include "cli/progress.h"
#include "pki/error_mark.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Against a file that is no password file: OpenSSL takes 1024 at most. */
#define PASSWORD_FILE_MAX 1024

static bool write_stream(
	FILE *stream, const char *name, const struct cw_buffer *answer, struct cw_error *error)
{
	errno = 0;
	size_t put = fwrite(cw_buffer_string(answer), 1, answer->length, stream);
	if (put == answer->length && fflush(stream) == 0)
		return true;
	if (errno == EPIPE)
		return true;
	return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", name, strerror(errno));
}

static bool write_special(const char *path, const struct cw_buffer *answer, struct cw_error *error)
{
	FILE *stream = fopen(path, "we");
	if (!stream)
		return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	bool good = write_stream(stream, path, answer, error);
	fclose(stream);
	return good;
}

static const char *output_path(const struct cw_call *call)
{
	const char *path = cw_arguments_value(&call->arguments, "output");
	return path && strcmp(path, "-") != 0 ? path : NULL;
}

bool cw_call_write_file(const struct cw_call *call, const char *path, const struct cw_buffer *content,
	mode_t mode, struct cw_error *error)
{
	AUTO(free) char *folder = cw_file_folder(path);
	if (!folder)
		return cw_error_memory(error);
	cw_lock_sweep(&call->locks, folder);
	return cw_file_write(path, cw_buffer_string(content), content->length, mode, error);
}

bool cw_call_whole(const struct cw_call *call, const struct cw_buffer *answer, struct cw_error *error)
{
	if (!cw_buffer_ok(answer, error))
		return false;
	return call->mark && cw_error_mark_out_of_memory(call->mark) ? cw_error_memory(error) : true;
}

bool cw_call_write(struct cw_call *call, const struct cw_buffer *answer, struct cw_error *error)
{
	if (!cw_call_whole(call, answer, error))
		return false;
	const char *path = output_path(call);
	if (!path)
		return write_stream(call->out, "standard output", answer, error);
	if (cw_file_is_special(path))
		return write_special(path, answer, error);
	return cw_call_write_file(call, path, answer, 0644, error);
}

bool cw_call_time(const struct cw_call *call, cw_time *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "at");
	if (!text) {
		*ret = call->now;
		return true;
	}
	return cw_time_parse(text, call->now, ret, error) || cw_error_prefix(error, "--at");
}

bool cw_call_days(const struct cw_call *call, long *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "days");
	if (!text) {
		*ret = 0;
		return true;
	}
	char *end;
	long days = strtol(text, &end, 10);
	if (end == text || *end || days < 1 || days > CW_DAYS_MAX)
		return cw_error_set(error, CW_E_USAGE, "--days: wanted a number from 1 to %d, found \"%s\"",
			CW_DAYS_MAX, text);
	*ret = days;
	return true;
}

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
	OPENSSL_cleanse(text.data, text.capacity);
	return *ret ? true : cw_error_memory(error);
}

void cw_call_password_finish(char **password)
{
	if (*password)
		OPENSSL_cleanse(*password, strlen(*password));
	free(*password);
}

bool cw_call_lock_made(struct cw_call *call, const char *folder, struct cw_error *error)
{
	const char *there = *folder ? folder : ".";
	return cw_file_make_folder(there, error) && cw_lock_take(&call->locks, there, error);
}

bool cw_call_lock_for(struct cw_call *call, const char *path, struct cw_error *error)
{
	return cw_lock_take_for(&call->locks, path, error);
}

static bool wants_colour(const struct cw_call *call)
{
	const char *when = cw_arguments_value(&call->arguments, "color");
	const char *terminal = getenv("TERM");
	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return call->colour && !output_path(call) && !(terminal && strcmp(terminal, "dumb") == 0);
}

size_t cw_call_width(const struct cw_call *call)
{
	struct winsize size;
	int descriptor = fileno(call->out);
	if (descriptor < 0 || !isatty(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

struct cw_layout_look cw_call_look(const struct cw_call *call)
{
	size_t width = output_path(call) ? 0 : cw_call_width(call);
	return (struct cw_layout_look){.colour = wants_colour(call), .width = width};
}

void cw_call_tell(const struct cw_call *call, const char *message)
{
	if (call->progress)
		cw_progress_end(call->progress);
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, message, strlen(message), "");
	fprintf(call->err, "causeway: %s\n", safe.failed ? "out of memory" : cw_buffer_string(&safe));
}

void cw_call_say(const struct cw_call *call, const char *text)
{
	AUTO_BUFFER safe = {0};
	cw_escape_lines(&safe, text, strlen(text));
	fputs(safe.failed ? "out of memory\n" : cw_buffer_string(&safe), call->err);
	fflush(call->err);
}

/* Where there was no memory, what was found meanwhile ("not the key of the certificate") is not the reason. */
enum cw_exit cw_call_trouble(const struct cw_call *call, const struct cw_error *error)
{
	struct cw_error memory;
	if (call->mark && cw_error_mark_out_of_memory(call->mark)) {
		(void)!cw_error_memory(&memory);
		error = &memory;
	}
	cw_call_tell(call, error->message);
	return CW_EXIT_TROUBLE;
}
