#include "capture/tls/session_reader_parts.h"

/* Records that no key opens before the keys are given up; a rejected 0-RTT client sends some that need none.
 */
#define FAILURES_MAX 4
#define FAILURES_EARLY_MAX 1024

static const uint8_t *find_secret(
	const struct cw_session_reader *tls, enum cw_secret_kind kind, size_t *length)
{
	return tls->have_client_random ? cw_keylog_find(tls->shared->keylog, kind, tls->client_random, length)
				       : NULL;
}

bool cw_session_reader_keys_12(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	size_t length;
	cw_crypt_free(TAKE(side->crypt));
	if (cw_keylog_count(tls->shared->keylog) == 0 || !tls->have_server_random)
		return true;
	const uint8_t *master = find_secret(tls, CW_SECRET_MASTER, &length);
	if (!master)
		return true;
	struct cw_crypt_parameters session = {
		.version = tls->seen.version,
		.cipher = tls->seen.cipher,
		.encrypt_then_mac = tls->encrypt_then_mac,
		.from_client = side->is_client,
		.client_random = tls->client_random,
		.server_random = tls->server_random,
	};
	side->keys_failed = false;
	side->failures = 0;
	return cw_crypt_new_12(&session, master, length, &side->crypt, error);
}

/* Which secret a direction uses in which phase. */
static enum cw_secret_kind kind_of(
	const struct cw_session_reader_direction *side, enum cw_session_reader_phase phase)
{
	static const enum cw_secret_kind kinds[2][2] = {
		{CW_SECRET_SERVER_HANDSHAKE, CW_SECRET_SERVER_TRAFFIC},
		{CW_SECRET_CLIENT_HANDSHAKE, CW_SECRET_CLIENT_TRAFFIC},
	};
	return kinds[side->is_client][phase];
}

static bool make_13(struct cw_session_reader *tls, enum cw_secret_kind kind, struct cw_crypt **ret,
	struct cw_error *error)
{
	size_t length;
	const uint8_t *secret = find_secret(tls, kind, &length);
	*ret = NULL;
	return !secret || cw_crypt_new_13(tls->seen.cipher, secret, length, ret, error);
}

bool cw_session_reader_keys_13(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (side->crypt || side->keys_wanted || cw_keylog_count(tls->shared->keylog) == 0)
		return true;
	if (!side->is_client && !side->is_server)
		return true;
	side->keys_wanted = true;
	if (side->is_client && !make_13(tls, CW_SECRET_CLIENT_EARLY, &side->early, error))
		return false;
	return make_13(tls, kind_of(side, CW_READER_PHASE_HANDSHAKE), &side->crypt, error);
}

bool cw_session_reader_keys_finished(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	tls->seen.sides[from].finished = true;
	if (tls->seen.version != CW_VERSION_TLS_1_3 || side->phase == CW_READER_PHASE_TRAFFIC)
		return true;
	side->phase = CW_READER_PHASE_TRAFFIC;
	cw_crypt_free(TAKE(side->crypt));
	cw_crypt_free(TAKE(side->early));
	return make_13(tls, kind_of(side, CW_READER_PHASE_TRAFFIC), &side->crypt, error);
}

/* After a hole the Finished may be among what is missing: then the traffic keys fit. */
static bool open_with_next(struct cw_session_reader *tls, int from, const uint8_t *body, size_t length,
	size_t *plain_length, uint8_t *type, bool *opened, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	AUTO(cw_crypt_free) struct cw_crypt *next = NULL;
	if (!make_13(tls, kind_of(side, CW_READER_PHASE_TRAFFIC), &next, error))
		return false;
	if (!next)
		return true;
	cw_crypt_lost(next);
	*opened = cw_crypt_open(next, side->header, body, length, tls->shared->plain, plain_length, type);
	if (*opened) {
		cw_crypt_free(side->crypt);
		side->crypt = TAKE(next);
		side->phase = CW_READER_PHASE_TRAFFIC;
		tls->seen.sides[from].finished = true;
	}
	return true;
}

bool cw_session_reader_keys_open(struct cw_session_reader *tls, int from, const uint8_t *body, size_t length,
	size_t *plain_length, uint8_t *type, bool *opened, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	uint8_t *plain = tls->shared->plain;
	*opened = length <= CW_RECORD_MAX &&
		(cw_crypt_open(side->crypt, side->header, body, length, plain, plain_length, type) ||
			(side->early &&
				cw_crypt_open(
					side->early, side->header, body, length, plain, plain_length, type)));
	if (*opened) {
		side->failures = 0;
		return true;
	}
	if (tls->seen.version == CW_VERSION_TLS_1_3 && side->phase == CW_READER_PHASE_HANDSHAKE &&
		length <= CW_RECORD_MAX) {
		if (!open_with_next(tls, from, body, length, plain_length, type, opened, error))
			return false;
		if (*opened)
			return true;
	}
	uint32_t limit = side->is_client && side->phase == CW_READER_PHASE_HANDSHAKE ? FAILURES_EARLY_MAX
										     : FAILURES_MAX;
	if (++side->failures < limit)
		return true;
	side->keys_failed = true;
	cw_crypt_free(TAKE(side->crypt));
	return true;
}
