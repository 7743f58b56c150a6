#include "admin/desk/desk_parts.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOKIE "causeway-desk"
/* Over TLS: of this host, whole site, never without TLS (RFC 6265bis, 4.1.3.2). */
#define SECURE_COOKIE "__Host-causeway-desk"

static void free_visitor(struct cw_desk_visitor *visitor)
{
	cw_desk_session_free(visitor->session);
	cw_buffer_finish(&visitor->said);
	cw_buffer_finish(&visitor->notice);
	OPENSSL_cleanse(visitor, sizeof *visitor);
	free(visitor);
}

void cw_desk_visitor_drop(struct cw_desk *desk, struct cw_desk_visitor *visitor)
{
	struct cw_desk_visitor **place = &desk->visitors;
	while (*place != visitor)
		place = &(*place)->next;
	*place = visitor->next;
	free_visitor(visitor);
}

static struct cw_desk_visitor *find_visitor(const struct cw_desk *desk, struct cw_http_text token)
{
	struct cw_desk_visitor *found = NULL;
	for (struct cw_desk_visitor *each = desk->visitors; each; each = each->next)
		if (token.length == CW_DESK_TOKEN_SIZE - 1 &&
			CRYPTO_memcmp(token.at, each->token, token.length) == 0)
			found = each;
	return found;
}

/* Whoever has waited longest, of those with a session or of those without, and has no answer open, makes room: who
 * asks for many cookies ends nobody's session. */
static void make_room(struct cw_desk *desk, bool of_sessions, size_t most)
{
	struct cw_desk_visitor *oldest = NULL;
	size_t count = 0;
	for (struct cw_desk_visitor *each = desk->visitors; each; each = each->next) {
		if (!each->session == of_sessions)
			continue;
		count++;
		if (!each->jobs && (!oldest || each->seen <= oldest->seen))
			oldest = each;
	}
	if (count >= most && oldest)
		cw_desk_visitor_drop(desk, oldest);
}

/* --- whose it is --- */

/* What the connection's certificate is (desk_port.h); "": none was asked for. */
static void read_note(const struct cw_web_exchange *exchange, struct cw_desk_visitor *ret)
{
	const char *note = cw_web_exchange_note(exchange);
	const char *blank = note ? strchr(note, ' ') : NULL;
	if (!blank)
		return;
	snprintf(ret->certificate, sizeof ret->certificate, "%.*s", (int)(blank - note), note);
	snprintf(ret->user, sizeof ret->user, "%s", blank + 1);
	if (!*ret->user) /* it names nobody: whose it is says the certificate itself */
		snprintf(ret->user, sizeof ret->user, "%.16s", ret->certificate);
}

/* Over a connection with the certificate that it began with, and of an account that is still as it was. */
static bool is_still_his(const struct cw_desk *desk, const struct cw_desk_visitor *visitor,
	const struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor shown = {0};
	read_note(exchange, &shown);
	if (strcmp(shown.certificate, visitor->certificate) != 0)
		return false;
	if (!desk->users)
		return true;
	const struct cw_admin_account *account = cw_desk_users_find(desk->users, visitor->user);
	return account && strcmp(account->hash, visitor->hash) == 0;
}

struct cw_desk_visitor *cw_desk_visitor_add(
	struct cw_desk *desk, const struct cw_web_exchange *exchange, const struct cw_admin_account *account)
{
	make_room(desk, false, CW_DESK_VISITORS_MAX);
	struct cw_desk_visitor *visitor = calloc(1, sizeof *visitor);
	if (!visitor)
		return NULL;
	cw_random_hex(CW_DESK_TOKEN_BYTES, visitor->token);
	cw_random_hex(CW_DESK_TOKEN_BYTES, visitor->secret);
	read_note(exchange, visitor);
	if (account) {
		snprintf(visitor->user, sizeof visitor->user, "%s", account->user);
		snprintf(visitor->hash, sizeof visitor->hash, "%s", account->hash);
	}
	visitor->seen = time(NULL);
	visitor->next = desk->visitors;
	desk->visitors = visitor;
	return visitor;
}

struct cw_desk_visitor *cw_desk_visitor(const struct cw_desk *desk, const struct cw_web_exchange *exchange)
{
	struct cw_http_text token;
	if (!cw_web_exchange_cookie(exchange, desk->secure ? SECURE_COOKIE : COOKIE, &token))
		return NULL;
	struct cw_desk_visitor *visitor = find_visitor(desk, token);
	return visitor && is_still_his(desk, visitor, exchange) ? visitor : NULL;
}

void cw_desk_visitor_cookie(
	const struct cw_desk *desk, const struct cw_desk_visitor *visitor, struct cw_web_answer *answer)
{
	const struct cw_http_cookie cookie = {.name = cw_http_text(desk->secure ? SECURE_COOKIE : COOKIE),
		.value = cw_http_text(visitor->token),
		.path = cw_http_text("/"),
		.http_only = true,
		.secure = desk->secure,
		.same_site = CW_HTTP_SAME_SITE_STRICT};
	cw_web_answer_cookie(answer, &cookie);
}

struct cw_desk_session *cw_desk_visitor_session(struct cw_desk *desk, struct cw_desk_visitor *visitor)
{
	struct cw_error error;
	if (visitor->session && cw_desk_session_is_over(visitor->session)) {
		cw_desk_session_free(visitor->session);
		visitor->session = NULL;
		visitor->imported = false;
		visitor->dropped = visitor->pasted = 0;
	}
	if (!visitor->session)
		make_room(desk, true, CW_DESK_SESSIONS_MAX);
	if (!visitor->session && !cw_desk_session_new(desk->base, &visitor->session, &error)) {
		cw_buffer_finish(&visitor->notice);
		cw_buffer_text(&visitor->notice, error.message);
	}
	return visitor->session;
}
