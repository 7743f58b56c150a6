#include "node/sip/cucm_registrar.h"

#include "base/random.h"
#include "sip/sip_admit.h"
#include "sip/sip_registration.h"
#include "sip/sip_stun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TAG_BYTES 16
#define REALM "ccmsipline"
#define SUPPORTED "X-cisco-srtp-fallback,X-cisco-sis-9.2.0,X-cisco-supports-AR_SK,path"
#define WRONG "wrong"
#define NOBODY "nobody"
/* Of a binding: an address of record, a Contact with its parameters, a Path. */
#define TEXT_MAX 2048

static const char *const methods[] = {"REGISTER", "OPTIONS", NULL};
static const char *const extensions[] = {"path", "outbound", "gruu", NULL};
static const struct cw_sip_admit admit = {.methods = methods, .extensions = extensions};

struct binding {
	char *aor, *contact;
	uint64_t hash; /* of both */
	cw_time until;
};

struct cw_cucm_registrar {
	char name[256];
	struct binding *bindings;
	size_t count, capacity;
};

bool cw_cucm_registrar_new(const char *name, struct cw_cucm_registrar **ret, struct cw_error *error)
{
	struct cw_cucm_registrar *registrar = calloc(1, sizeof *registrar);
	if (!registrar)
		return cw_error_memory(error);
	snprintf(registrar->name, sizeof registrar->name, "%s", name);
	*ret = registrar;
	return true;
}

static void drop(struct cw_cucm_registrar *registrar, size_t place)
{
	free(registrar->bindings[place].aor);
	free(registrar->bindings[place].contact);
	registrar->bindings[place] = registrar->bindings[--registrar->count];
}

void cw_cucm_registrar_free(struct cw_cucm_registrar *registrar)
{
	while (registrar && registrar->count)
		drop(registrar, registrar->count - 1);
	if (registrar)
		free(registrar->bindings);
	free(registrar);
}

static void drop_over(struct cw_cucm_registrar *registrar, cw_time now)
{
	for (size_t i = registrar->count; i > 0; i--)
		if (registrar->bindings[i - 1].until < now)
			drop(registrar, i - 1);
}

size_t cw_cucm_registrar_count(struct cw_cucm_registrar *registrar, cw_time now)
{
	drop_over(registrar, now);
	return registrar->count;
}

void cw_cucm_registrar_line_finish(struct cw_cucm_registrar_line *line)
{
	cw_sip_frame_finish(&line->frame);
}

/* --- bindings --- */

static bool is_text(struct cw_sip_text text, const char *string)
{
	return cw_sip_text_same(text, cw_sip_text_of(string));
}

static struct cw_sip_text aor_of(const struct cw_sip_message *request)
{
	return cw_sip_message_address(request, CW_SIP_TO, 0)->uri.whole;
}

/* FNV-1a. */
static uint64_t hash_of(struct cw_sip_text aor, struct cw_sip_text contact)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < aor.length; i++)
		hash = (hash ^ (unsigned char)aor.data[i]) * 0x100000001b3u;
	for (size_t i = 0; i < contact.length; i++)
		hash = (hash ^ (unsigned char)contact.data[i]) * 0x100000001b3u;
	return hash;
}

/* Its place; the count: there is none. */
static size_t find(
	const struct cw_cucm_registrar *registrar, struct cw_sip_text aor, struct cw_sip_text contact)
{
	uint64_t hash = hash_of(aor, contact);
	for (size_t i = 0; i < registrar->count; i++) {
		const struct binding *at = &registrar->bindings[i];
		if (at->hash == hash && is_text(aor, at->aor) && is_text(contact, at->contact))
			return i;
	}
	return registrar->count;
}

static char *copy(struct cw_sip_text text)
{
	return strndup(text.data, text.length);
}

/* False: there is no room. */
static bool add(struct cw_cucm_registrar *registrar, struct cw_sip_text aor, struct cw_sip_text contact,
	cw_time until)
{
	if (registrar->count == CW_CUCM_REGISTRAR_BINDINGS_MAX || aor.length > TEXT_MAX ||
		contact.length > TEXT_MAX ||
		!cw_memory_grow(&registrar->bindings, &registrar->capacity, registrar->count,
			sizeof *registrar->bindings))
		return false;
	struct binding made = {copy(aor), copy(contact), hash_of(aor, contact), until};
	if (!made.aor || !made.contact) {
		free(made.aor);
		free(made.contact);
		return false;
	}
	registrar->bindings[registrar->count++] = made;
	return true;
}

static void clear(struct cw_cucm_registrar *registrar, struct cw_sip_text aor)
{
	for (size_t i = registrar->count; i > 0; i--)
		if (is_text(aor, registrar->bindings[i - 1].aor))
			drop(registrar, i - 1);
}

/* What the request asks for, done; the status. */
static unsigned bind_all(
	struct cw_cucm_registrar *registrar, const struct cw_sip_message *request, cw_time now)
{
	struct cw_sip_registration one;
	struct cw_sip_text aor = aor_of(request);
	if (cw_sip_registration_is_clear(request)) {
		clear(registrar, aor);
		return 200;
	}
	for (unsigned nth = 0; cw_sip_registration_read(request, nth, CW_CUCM_REGISTRAR_EXPIRES, &one);
		nth++) {
		struct cw_sip_text contact = one.contact->uri.whole;
		size_t place = find(registrar, aor, contact);
		uint32_t seconds = one.expires;
		if (seconds > CW_CUCM_REGISTRAR_EXPIRES)
			seconds = CW_CUCM_REGISTRAR_EXPIRES;
		if (place < registrar->count && !seconds)
			drop(registrar, place);
		else if (place < registrar->count)
			registrar->bindings[place].until = now + seconds;
		else if (seconds && !add(registrar, aor, contact, now + seconds))
			return 503;
	}
	return 200;
}

/* --- answers --- */

struct answering {
	struct cw_cucm_registrar_line *line;
	const struct cw_sip_message *request;
	struct cw_buffer *out;
	cw_time now;
};

static void put_date(struct cw_sip_writer *writer, cw_time now)
{
	const time_t seconds = (time_t)now;
	struct tm parts;
	char text[64];
	if (gmtime_r(&seconds, &parts) && strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts))
		cw_sip_writer_field(writer, CW_SIP_DATE, "%s", text);
}

static void begin(const struct answering *at, struct cw_sip_writer *writer, unsigned status)
{
	char tag[CW_RANDOM_HEX_SIZE(TAG_BYTES)];
	*writer = (struct cw_sip_writer){.out = at->out};
	cw_random_hex(TAG_BYTES, tag);
	cw_sip_writer_answer(writer, at->request, status, NULL, tag);
	put_date(writer, at->now);
}

static void end(const struct answering *at, struct cw_sip_writer *writer)
{
	struct cw_error error;
	if (!cw_sip_writer_end(writer, NULL, (struct cw_sip_text){0}, &error))
		at->out->failed = true;
}

static void answer(const struct answering *at, unsigned status)
{
	struct cw_sip_writer writer;
	begin(at, &writer, status);
	cw_sip_admit_explain(&writer, at->request, &admit, status);
	end(at, &writer);
}

/* "Configure and Troubleshoot Collaboration Edge (MRA) Certificates": the phone security profile's name is missing. */
static void answer_forbidden(const struct answering *at)
{
	struct cw_sip_writer writer;
	begin(at, &writer, 403);
	cw_sip_writer_field(
		&writer, CW_SIP_WARNING, "399 %s \"TLS authentication failure\"", at->line->registrar->name);
	end(at, &writer);
}

static void challenge(const struct answering *at, bool stale)
{
	struct cw_sip_writer writer;
	struct cw_error error;
	begin(at, &writer, 401);
	if (!cw_sip_auth_server_challenge(&at->line->auth, &writer, stale, at->now, &error))
		at->out->failed = true;
	end(at, &writer);
}

/* The bindings that there are, as they came; that of the request with its user. */
static void put_bindings(const struct answering *at, struct cw_sip_writer *writer, struct cw_sip_text user)
{
	const struct cw_cucm_registrar *registrar = at->line->registrar;
	struct cw_sip_text aor = aor_of(at->request);
	for (size_t i = 0; i < registrar->count; i++) {
		const struct binding *one = &registrar->bindings[i];
		if (!is_text(aor, one->aor))
			continue;
		cw_sip_writer_field(writer, CW_SIP_CONTACT,
			"<%s>;expires=%lld;+u.sip!userid.ccm.cisco.com=\"%.*s\";x-cisco-newreg", one->contact,
			(long long)(one->until - at->now), CW_SIP_TEXT_ARGS(user));
	}
}

static void answer_registered(const struct answering *at, struct cw_sip_text user)
{
	struct cw_sip_writer writer;
	unsigned status = bind_all(at->line->registrar, at->request, at->now);
	begin(at, &writer, status);
	if (status == 200) {
		cw_sip_writer_copy(&writer, at->request, CW_SIP_PATH);
		cw_sip_writer_field(&writer, CW_SIP_SUPPORTED, SUPPORTED);
		put_bindings(at, &writer, user);
		cw_sip_writer_field(&writer, CW_SIP_EXPIRES, "%u", CW_CUCM_REGISTRAR_EXPIRES);
	}
	end(at, &writer);
}

/* Any password is right but the wrong one: it is the only one that could be looked up. */
static bool is_right(const struct answering *at, const struct cw_sip_digest *digest)
{
	bool wrong = true;
	struct cw_error error;
	if (!digest->response.length || is_text(digest->username, NOBODY) ||
		!cw_sip_digest_matches(digest, at->request->start.method, WRONG, &wrong, &error))
		return false;
	return !wrong;
}

static void serve_register(const struct answering *at)
{
	struct cw_sip_digest digest;
	unsigned status = cw_sip_registration_check(at->request);
	at->line->auth.realm = REALM;
	if (at->line->forbid) {
		answer_forbidden(at);
		return;
	}
	if (status) {
		answer(at, status);
		return;
	}
	switch (cw_sip_auth_server_read(&at->line->auth, at->request, at->now, &digest)) {
	case CW_SIP_AUTH_SERVER_NONE:
		challenge(at, false);
		break;
	case CW_SIP_AUTH_SERVER_STALE:
	case CW_SIP_AUTH_SERVER_READ:
		if (is_right(at, &digest))
			answer_registered(at, digest.username);
		else
			challenge(at, false);
		break;
	case CW_SIP_AUTH_SERVER_REFUSED:
		answer(at, 400);
		break;
	}
}

static void serve(const struct answering *at)
{
	if (at->request->start.status || cw_sip_message_is(at->request, "ACK"))
		return;
	unsigned status = cw_sip_admit_check(at->request, &admit);
	drop_over(at->line->registrar, at->now);
	if (status)
		answer(at, status);
	else if (cw_sip_message_is(at->request, "REGISTER"))
		serve_register(at);
	else
		answer(at, 200);
}

/* --- the stream --- */

static void take_message(struct cw_cucm_registrar_line *line, const struct cw_sip_frame_piece *piece,
	cw_time now, struct cw_buffer *out)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_error error;
	if (!cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &error)) {
		out->failed = true;
		return;
	}
	const struct answering at = {line, message, out, now};
	serve(&at);
}

/* The address is none of a client's: a proxy asks whether the connection is alive. */
static void answer_stun(const struct cw_sip_frame_piece *piece, struct cw_buffer *out)
{
	static const struct cw_sip_stun_address nowhere;
	struct cw_sip_stun stun;
	const char *reason;
	if (cw_sip_stun_parse(piece->data, piece->length, &stun, &reason))
		cw_sip_stun_answer(&stun, &nowhere, out);
}

bool cw_cucm_registrar_take(struct cw_cucm_registrar_line *line, const char *data, size_t length, cw_time now,
	struct cw_buffer *out)
{
	bool any = false;
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	if (!cw_sip_frame_feed(&line->frame, data, length, &error)) {
		line->trouble = "more than a message";
		return false;
	}
	while (!line->trouble && !out->failed) {
		switch (cw_sip_frame_next(&line->frame, &piece)) {
		case CW_SIP_FRAME_MORE:
			return any;
		case CW_SIP_FRAME_PING:
			cw_buffer_text(out, CW_SIP_FRAME_PONG_TEXT);
			break;
		case CW_SIP_FRAME_PONG:
			break;
		case CW_SIP_FRAME_STUN:
			answer_stun(&piece, out);
			break;
		case CW_SIP_FRAME_BROKEN:
			line->trouble = piece.reason;
			break;
		case CW_SIP_FRAME_MESSAGE:
			take_message(line, &piece, now, out);
			break;
		}
		any = true;
	}
	return any;
}
