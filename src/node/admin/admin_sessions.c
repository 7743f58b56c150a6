#include "node/admin/admin_sessions.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct session {
	char hash[CW_ADMIN_ACCOUNTS_DIGEST_SIZE]; /* "": free */
	struct cw_admin_session facts;
	uint64_t begun, last;
};

struct basic {
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1]; /* "": free */
	unsigned char hash[32];
	uint64_t until;
};

struct cw_admin_sessions {
	unsigned char
		key[crypto_generichash_KEYBYTES]; /* of this run: for the tokens of forms, and for Basic */
	struct session items[CW_ADMIN_SESSIONS_MAX];
	struct basic basics[CW_ADMIN_SESSIONS_BASICS_MAX];
};

bool cw_admin_sessions_new(struct cw_admin_sessions **ret, struct cw_error *error)
{
	struct cw_admin_sessions *sessions = calloc(1, sizeof *sessions);
	if (!sessions)
		return cw_error_memory(error);
	if (sodium_init() < 0) {
		free(sessions);
		return cw_error_set(error, CW_E_CRYPTO, "no random numbers");
	}
	randombytes_buf(sessions->key, sizeof sessions->key);
	*ret = sessions;
	return true;
}

void cw_admin_sessions_free(struct cw_admin_sessions *sessions)
{
	if (!sessions)
		return;
	explicit_bzero(sessions, sizeof *sessions);
	free(sessions);
}

static bool is_good(const struct session *session, uint64_t now)
{
	return *session->hash && now - session->begun < CW_ADMIN_SESSIONS_WHOLE &&
		now - session->last < CW_ADMIN_SESSIONS_IDLE;
}

static void drop(struct session *session)
{
	explicit_bzero(session, sizeof *session);
}

/* A free place; else the place of the one that was silent longest: of this user where it has too many, else of all. */
static struct session *place_for(struct cw_admin_sessions *sessions, const char *user, uint64_t now)
{
	struct session *own = NULL, *any = NULL, *empty = NULL;
	size_t owns = 0;
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_MAX; i++) {
		struct session *each = &sessions->items[i];
		if (!is_good(each, now)) {
			drop(each);
			empty = each;
			continue;
		}
		if (strcmp(each->facts.user, user) == 0) {
			owns++;
			if (!own || each->last < own->last)
				own = each;
		}
		if (!any || each->last < any->last)
			any = each;
	}
	if (owns >= CW_ADMIN_SESSIONS_PER_USER)
		return own;
	return empty ? empty : any;
}

void cw_admin_sessions_begin(struct cw_admin_sessions *sessions, const char *user, uint64_t now,
	char ret_token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE])
{
	struct session *session = place_for(sessions, user, now);
	unsigned char csrf[32];
	drop(session);
	cw_admin_accounts_token(ret_token);
	cw_admin_accounts_digest(ret_token, session->hash);
	crypto_generichash(csrf, sizeof csrf, (const unsigned char *)session->hash, strlen(session->hash),
		sessions->key, sizeof sessions->key);
	sodium_bin2hex(session->facts.csrf, sizeof session->facts.csrf, csrf, sizeof csrf);
	snprintf(session->facts.user, sizeof session->facts.user, "%s", user);
	session->begun = session->last = now;
}

static struct session *find(struct cw_admin_sessions *sessions, const char *token)
{
	char hash[CW_ADMIN_ACCOUNTS_DIGEST_SIZE];
	struct session *found = NULL;
	cw_admin_accounts_digest(token, hash);
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_MAX; i++)
		if (*sessions->items[i].hash &&
			sodium_memcmp(sessions->items[i].hash, hash, sizeof hash) == 0)
			found = &sessions->items[i];
	return found;
}

bool cw_admin_sessions_look(struct cw_admin_sessions *sessions, const char *token, uint64_t now, bool renews,
	struct cw_admin_session *ret)
{
	struct session *session = find(sessions, token);
	if (!session)
		return false;
	if (!is_good(session, now)) {
		drop(session);
		return false;
	}
	if (renews)
		session->last = now;
	*ret = session->facts;
	return true;
}

void cw_admin_sessions_end(struct cw_admin_sessions *sessions, const char *token)
{
	struct session *session = find(sessions, token);
	if (session)
		drop(session);
}

void cw_admin_sessions_end_user(struct cw_admin_sessions *sessions, const char *user, const char *but)
{
	const struct session *kept = but ? find(sessions, but) : NULL;
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_MAX; i++)
		if (&sessions->items[i] != kept && strcmp(sessions->items[i].facts.user, user) == 0)
			drop(&sessions->items[i]);
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_BASICS_MAX; i++)
		if (strcmp(sessions->basics[i].user, user) == 0)
			explicit_bzero(&sessions->basics[i], sizeof sessions->basics[i]);
}

size_t cw_admin_sessions_count(const struct cw_admin_sessions *sessions, uint64_t now)
{
	size_t count = 0;
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_MAX; i++)
		count += is_good(&sessions->items[i], now);
	return count;
}

/* --- Basic --- */

static void hash_of(const struct cw_admin_sessions *sessions, const char *user, const char *password,
	unsigned char ret[32])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, sessions->key, sizeof sessions->key, 32);
	crypto_generichash_update(&state, (const unsigned char *)user, strlen(user) + 1);
	crypto_generichash_update(&state, (const unsigned char *)password, strlen(password));
	crypto_generichash_final(&state, ret, 32);
}

bool cw_admin_sessions_knows(
	const struct cw_admin_sessions *sessions, const char *user, const char *password, uint64_t now)
{
	unsigned char hash[32];
	bool knows = false;
	hash_of(sessions, user, password, hash);
	for (size_t i = 0; i < CW_ADMIN_SESSIONS_BASICS_MAX; i++) {
		const struct basic *basic = &sessions->basics[i];
		if (*basic->user && now < basic->until && sodium_memcmp(basic->hash, hash, sizeof hash) == 0)
			knows = true;
	}
	return knows;
}

void cw_admin_sessions_know(
	struct cw_admin_sessions *sessions, const char *user, const char *password, uint64_t now)
{
	struct basic *oldest = &sessions->basics[0];
	for (size_t i = 1; i < CW_ADMIN_SESSIONS_BASICS_MAX; i++)
		if (sessions->basics[i].until < oldest->until)
			oldest = &sessions->basics[i];
	snprintf(oldest->user, sizeof oldest->user, "%s", user);
	hash_of(sessions, user, password, oldest->hash);
	oldest->until = now + CW_ADMIN_SESSIONS_BASIC;
}
