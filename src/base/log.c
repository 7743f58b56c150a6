#include "base/log.h"

#include "base/buffer.h"
#include "base/escape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSLOG_PATH "/dev/log"
#define JOURNAL_PATH "/run/systemd/journal/socket"
/* RFC 5424 section 6.2.1: system daemons */
#define FACILITY_DAEMON (3 * 8)

struct cw_log {
	struct cw_log_setup setup;
	char *identifier;
	int socket; /* -1: standard error */
	size_t lost;
};

struct log_event {
	enum cw_log_level level;
	const char *text; /* safe to show, one line */
	const struct cw_log_field *fields;
	size_t count;
};

void cw_log_free(struct cw_log *log)
{
	if (!log)
		return;
	if (log->socket >= 0)
		close(log->socket);
	free(log->identifier);
	free(log);
}

const char *cw_log_level_name(enum cw_log_level level)
{
	switch (level) {
	case CW_LOG_ERROR:
		return "error";
	case CW_LOG_WARNING:
		return "warning";
	case CW_LOG_NOTICE:
		return "notice";
	case CW_LOG_INFO:
		return "info";
	case CW_LOG_DEBUG:
		return "debug";
	}
	return "info";
}

static bool connect_to(struct cw_log *log, const char *path, struct cw_error *error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	if (length >= sizeof address.sun_path)
		return cw_error_set(error, CW_E_IO, "%s: too long for a socket's path", path);
	memcpy(address.sun_path, path, length);
	log->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (log->socket >= 0 && connect(log->socket, (struct sockaddr *)&address, sizeof address) == 0)
		return true;
	return cw_error_set(error, CW_E_IO, "%s: no log is taken there: %s", path, strerror(errno));
}

bool cw_log_open(const struct cw_log_setup *setup, struct cw_log **ret, struct cw_error *error)
{
	static const char *const paths[] = {
		[CW_LOG_STANDARD_ERROR] = "", [CW_LOG_SYSLOG] = SYSLOG_PATH, [CW_LOG_JOURNAL] = JOURNAL_PATH};
	AUTO(cw_log_free) struct cw_log *log = calloc(1, sizeof *log);
	if (!log)
		return cw_error_memory(error);
	log->setup = *setup;
	log->socket = -1;
	log->identifier = strdup(setup->identifier);
	if (!log->identifier)
		return cw_error_memory(error);
	const char *path = setup->path ? setup->path : paths[setup->receiver];
	if (setup->receiver != CW_LOG_STANDARD_ERROR && !connect_to(log, path, error))
		return false;
	*ret = TAKE(log);
	return true;
}

static void put_safe(struct cw_buffer *out, const char *text)
{
	cw_escape(out, text, strlen(text), "");
}

/* " [PEER=c1 CODE=expired]" */
static void put_fields(struct cw_buffer *out, const struct log_event *event)
{
	const char *before = " [";
	for (size_t i = 0; i < event->count; i++) {
		if (!event->fields[i].value)
			continue;
		cw_buffer_printf(out, "%s%s=", before, event->fields[i].name);
		put_safe(out, event->fields[i].value);
		before = " ";
	}
	cw_buffer_text(out, *before == ' ' && before[1] == '\0' ? "]" : "");
}

static void make_plain(const struct cw_log *log, const struct log_event *event, struct cw_buffer *out)
{
	char text[CW_TIME_TEXT_SIZE];
	if (log->setup.with_levels)
		cw_buffer_printf(out, "<%d>", (int)event->level);
	if (log->setup.now)
		cw_buffer_printf(out, "%s ", cw_time_format(log->setup.now(log->setup.context), text));
	cw_buffer_printf(out, "%s: %s", cw_log_level_name(event->level), event->text);
	put_fields(out, event);
}

/* RFC 3164 section 4.1, without the time, which the receiver puts there. */
static void make_syslog(const struct cw_log *log, const struct log_event *event, struct cw_buffer *out)
{
	cw_buffer_printf(out, "<%d>%s[%ld]: %s", FACILITY_DAEMON + (int)event->level, log->identifier,
		(long)getpid(), event->text);
	put_fields(out, event);
}

/* The journal's native protocol: a line a field. No value has a line end in it, they are safe to show. */
static void make_journal(const struct cw_log *log, const struct log_event *event, struct cw_buffer *out)
{
	cw_buffer_printf(out, "MESSAGE=%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=%s\n", event->text,
		(int)event->level, log->identifier);
	for (size_t i = 0; i < event->count; i++) {
		if (!event->fields[i].value)
			continue;
		cw_buffer_printf(out, "CAUSEWAY_%s=", event->fields[i].name);
		put_safe(out, event->fields[i].value);
		cw_buffer_char(out, '\n');
	}
}

static void cut(struct cw_buffer *out)
{
	if (out->length <= CW_LOG_LINE_MAX)
		return;
	out->length = CW_LOG_LINE_MAX;
	out->data[out->length] = '\0';
}

/* False: it was not taken. */
static bool write_event(struct cw_log *log, const struct log_event *event)
{
	AUTO_BUFFER out = {0};
	switch (log->setup.receiver) {
	case CW_LOG_STANDARD_ERROR:
		make_plain(log, event, &out);
		cut(&out);
		cw_buffer_char(&out, '\n');
		break;
	case CW_LOG_SYSLOG:
		make_syslog(log, event, &out);
		cut(&out);
		break;
	case CW_LOG_JOURNAL:
		make_journal(log, event, &out);
		break;
	}
	if (out.failed)
		return false;
	if (log->socket < 0)
		return write(log->setup.descriptor, out.data, out.length) == (ssize_t)out.length;
	return send(log->socket, out.data, out.length, MSG_NOSIGNAL) == (ssize_t)out.length;
}

static void tell_lost(struct cw_log *log)
{
	char text[80];
	const struct log_event event = {.level = CW_LOG_WARNING, .text = text};
	snprintf(text, sizeof text, "%zu lines before this one were lost", log->lost);
	if (write_event(log, &event))
		log->lost = 0;
}

void cw_log_event(struct cw_log *log, enum cw_log_level level, const struct cw_log_field *fields,
	size_t count, const char *format, ...)
{
	AUTO_BUFFER raw = {0};
	AUTO_BUFFER text = {0};
	va_list args;
	if (!log || level > log->setup.most)
		return;
	va_start(args, format);
	cw_buffer_vprintf(&raw, format, args);
	va_end(args);
	put_safe(&text, cw_buffer_string(&raw));
	cut(&text);
	if (log->lost)
		tell_lost(log);
	const struct log_event event = {.level = level,
		.text = cw_buffer_string(&text),
		.fields = fields,
		.count = count < CW_LOG_FIELDS_MAX ? count : CW_LOG_FIELDS_MAX};
	if (raw.failed || text.failed || !write_event(log, &event))
		log->lost++;
}
