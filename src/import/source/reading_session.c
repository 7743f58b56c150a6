#include "import/source/reading.h"

#include "base/forward.h"

#include "base/buffer.h"
#include "import/source/session_record.h"
#include "import/source/terminal_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 256
#define COLUMNS_MAX 8
#define TABLE_ROWS_MAX 10000
/* Against a trust list of phones without end: a cluster has at most some twenty nodes, with two certificates each. */
#define RECORDS_MAX 256

/* A piece of the cleaned text, without a NUL behind it. */
struct piece {
	const char *text;
	size_t length;
};

struct session {
	const struct cw_reading *read;
	struct cw_error *error;
	struct cw_evidence_cert as; /* of the certificate that comes next */
	char service[WORD_MAX];	    /* that `as` points at */
	char host[WORD_MAX];	    /* of the box; "": not said */
	char domain[WORD_MAX];
	unsigned box; /* how many boxes the session has been on, from 1 */
	size_t line;
	size_t pem_line; /* where the open PEM block began; 0: none is open */
	const char *pem;

	/* A table of `run sql`: names of the columns, and where they begin. */
	char columns[COLUMNS_MAX][32];
	size_t starts[COLUMNS_MAX];
	size_t column_count;
	struct piece header; /* the line before the line of "=" */
	unsigned rows;
	struct cw_session_record record; /* of `show itl`, `show ctl` */
	unsigned records;
};

static bool starts(const struct piece *line, const char *word)
{
	size_t length = strlen(word);
	return line->length >= length && strncasecmp(line->text, word, length) == 0;
}

static struct piece trimmed(struct piece piece)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (piece.length && isspace((unsigned char)*piece.text) && cw_forward(&unread, piece.length)) {
		piece.text++;
		piece.length--;
	}
	while (piece.length && isspace((unsigned char)piece.text[piece.length - 1]))
		piece.length--;
	return piece;
}

static void copy(const struct piece *from, char *to, size_t size)
{
	size_t length = from->length < size ? from->length : size - 1;
	memcpy(to, from->text, length);
	to[length] = 0;
}

/* Behind `word` in the line, trimmed; false where it is not in there. */
static bool behind(const struct piece *line, const char *word, struct piece *ret)
{
	const char *at = memmem(line->text, line->length, word, strlen(word));
	if (!at)
		return false;
	at += strlen(word);
	*ret = trimmed((struct piece){at, line->length - (size_t)(at - line->text)});
	return true;
}

static bool add_fact(struct session *session, enum cw_fact_key key, unsigned a, const struct piece *value)
{
	struct cw_evidence_fact fact = {.source = session->read->source,
		.line = session->line,
		.key = key,
		.a = a,
		.variant = session->box};
	return cw_evidence_add_fact(
		session->read->evidence, &fact, value->text, value->length, session->error);
}

/* "tomcat/tomcat.pem", "tomcat-trust/NAME_serial.pem", "tomcat": the service is what stands before the slash.
 */
static void set_service(struct session *session, const struct piece *name, enum cw_evidence_place place)
{
	const char *slash = memchr(name->text, '/', name->length);
	struct piece service = {name->text, slash ? (size_t)(slash - name->text) : name->length};
	size_t blank = 0;
	while (blank < service.length && !isspace((unsigned char)service.text[blank]))
		blank++;
	service.length = blank;
	copy(&service, session->service, sizeof session->service);
	session->as.service = session->service;
	session->as.place = place;
	session->as.number = 0;
}

/* `show cert own NAME`, `show cert trust STORE/NAME.pem`: what stands behind them belongs to that name. */
static bool take_command(struct session *session, const struct piece *command)
{
	struct piece name;
	session->column_count = 0;
	session->header.length = 0;
	session->as.service = NULL;
	session->as.place = CW_EVIDENCE_LOOSE;
	if (behind(command, "show cert own ", &name))
		set_service(session, &name, CW_EVIDENCE_OWN);
	else if (behind(command, "show cert trust ", &name))
		set_service(session, &name, CW_EVIDENCE_TRUST);
	return true;
}

/* "admin:" and what was typed; a prompt with nothing behind it is one, too. */
static bool is_prompt(const struct piece *line, struct piece *command)
{
	if (!starts(line, "admin:"))
		return false;
	*command = trimmed((struct piece){line->text + 6, line->length - 6});
	return true;
}

/* Somebody logs in to a box: what follows is of that one. */
static bool is_login(const struct piece *line, struct piece *host)
{
	struct piece rest;
	if (!behind(line, "ssh ", &rest))
		return false;
	const char *at = memchr(rest.text, '@', rest.length);
	if (!at)
		return false;
	at++;
	size_t length = 0;
	while (at + length < rest.text + rest.length &&
		(isalnum((unsigned char)at[length]) || strchr(".-_:", at[length])))
		length++;
	*host = (struct piece){at, length};
	return length > 0;
}

static void set_host(struct session *session, const struct piece *host)
{
	copy(host, session->host, sizeof session->host);
	session->as.host = session->host;
}

static bool new_box(struct session *session, const struct piece *host)
{
	session->box++;
	session->domain[0] = 0;
	set_host(session, host);
	return add_fact(session, CW_FACT_FQDN, 0, host);
}

/* `show status` has "Host Name : pub", `show network eth0` "Domain : acme.test". */
static bool take_name(struct session *session, const struct piece *line)
{
	static const struct {
		const char *word;
		enum cw_fact_key key;
	} words[] = {
		{"Host Name", CW_FACT_HOST_NAME},
		{"Hostname", CW_FACT_HOST_NAME},
		{"Domain", CW_FACT_DOMAIN_NAME},
		{"Active Master Version:", CW_FACT_VOICE_RELEASE},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct piece value;
		if (!starts(line, words[i].word) || !behind(line, ":", &value) || !value.length ||
			memchr(value.text, ' ', value.length))
			continue;
		return add_fact(session, words[i].key, 0, &value);
	}
	return true;
}

/* `show cert list`: "tomcat-trust/NAME.pem: Certificate Signed by CA" */
static bool take_listed(struct session *session, const struct piece *line)
{
	const char *end = memmem(line->text, line->length, ".pem:", 5);
	const char *slash = memchr(line->text, '/', line->length);
	if (!end || !slash || slash > end || memchr(line->text, ' ', (size_t)(end - line->text)))
		return true;
	struct piece name = {line->text, (size_t)(end - line->text) + 4};
	return add_fact(session, CW_FACT_LIST_NAME, 0, &name);
}

/* A line of "=" and blanks below the names of columns. */
static bool is_rule(const struct piece *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (line->text[i] != '=' && line->text[i] != ' ')
			return false;
	return line->length > 0 && line->text[0] == '=';
}

static void begin_table(struct session *session, const struct piece *rule)
{
	session->column_count = 0;
	for (size_t at = 0; at < rule->length && session->column_count < COLUMNS_MAX; at++) {
		if (rule->text[at] != '=' || (at && rule->text[at - 1] == '='))
			continue;
		struct piece name = {session->header.text + at, 0};
		while (at + name.length < session->header.length &&
			!isspace((unsigned char)name.text[name.length]))
			name.length++;
		if (at >= session->header.length)
			name = (struct piece){"", 0};
		session->starts[session->column_count] = at;
		copy(&name, session->columns[session->column_count++], sizeof session->columns[0]);
	}
}

static struct piece cell(const struct session *session, const struct piece *line, const char *column)
{
	for (size_t i = 0; i < session->column_count; i++) {
		if (strcasecmp(session->columns[i], column) != 0 || session->starts[i] >= line->length)
			continue;
		size_t end = i + 1 < session->column_count ? session->starts[i + 1] : line->length;
		if (end > line->length)
			end = line->length;
		return trimmed((struct piece){line->text + session->starts[i], end - session->starts[i]});
	}
	return (struct piece){"", 0};
}

static bool equals(const struct piece *piece, const char *text)
{
	return piece->length == strlen(text) && strncasecmp(piece->text, text, piece->length) == 0;
}

static bool take_row(struct session *session, const struct piece *line)
{
	struct piece parameter = cell(session, line, "paramname");
	struct piece value = cell(session, line, "paramvalue");
	struct piece name = cell(session, line, "name");
	struct piece usage = cell(session, line, "tknodeusage");
	if (equals(&parameter, "ClusterSecurityMode"))
		return add_fact(session, CW_FACT_SECURITY_MODE, 0, &value);
	struct piece model = cell(session, line, "model");
	if (model.length)
		return add_fact(session, CW_FACT_PHONE_MODEL, 0, &model);
	/* EnterpriseWideData is a row of the table, and no box. */
	if (!name.length || !usage.length || equals(&name, "EnterpriseWideData") ||
		session->rows >= TABLE_ROWS_MAX)
		return true;
	struct piece word = {"Subscriber", 10};
	if (equals(&usage, "0"))
		word = (struct piece){"Publisher", 9};
	return add_fact(session, CW_FACT_VOICE_NODE, ++session->rows, &name) &&
		add_fact(session, CW_FACT_VOICE_USAGE, session->rows, &word);
}

static bool take_record(struct session *session, const struct piece *line)
{
	if (!cw_session_record_take(&session->record, line->text, line->length) ||
		session->records >= RECORDS_MAX)
		return true;
	struct piece host = {session->record.host, strlen(session->record.host)};
	struct piece sha1 = {session->record.sha1, CW_SESSION_RECORD_SHA1};
	return add_fact(session, CW_FACT_SIGNED_HOST, ++session->records, &host) &&
		add_fact(session, CW_FACT_SIGNED_SHA1, session->records, &sha1);
}

static bool take_text(struct session *session, const struct piece *line)
{
	struct piece host;
	if (is_login(line, &host))
		return new_box(session, &host);
	if (is_rule(line)) {
		begin_table(session, line);
		return true;
	}
	session->header = *line;
	if (session->column_count)
		return take_row(session, line);
	return take_name(session, line) && take_listed(session, line) && take_record(session, line);
}

static bool end_pem(struct session *session, const struct piece *line)
{
	size_t length = (size_t)(line->text - session->pem) + line->length;
	size_t at = session->pem_line;
	session->pem_line = 0;
	return cw_reading_pem(session->read, session->pem, length, at, &session->as, session->error);
}

static bool take_line(struct session *session, const struct piece *line)
{
	struct piece bare = trimmed(*line);
	struct piece command;
	if (is_prompt(&bare, &command)) {
		session->pem_line = 0; /* the session was cut */
		return take_command(session, &command);
	}
	if (starts(&bare, "-----BEGIN ")) {
		session->pem_line = session->line;
		session->pem = bare.text;
		return true;
	}
	if (session->pem_line)
		return !starts(&bare, "-----END ") || end_pem(session, &bare);
	return take_text(session, line);
}

bool cw_reading_session(const struct cw_reading *read, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	cw_terminal_text_clean(read->data, read->length, &text);
	if (!cw_buffer_ok(&text, error))
		return false;
	struct session session = {.read = read, .error = error, .box = 1};
	const char *end = text.data + text.length;
	size_t unread = CW_FORWARD_BEGIN;
	for (const char *at = text.data; at < end && cw_forward(&unread, (size_t)(end - at));) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct piece line = {at, (size_t)((stop ? stop : end) - at)};
		session.line++;
		if (!take_line(&session, &line))
			return false;
		at = stop ? stop + 1 : end;
	}
	return true;
}
