#include "capture/tls/session_reader_parts.h"

/* Records that no key decrypts before the keys are given up. A client whose 0-RTT data was rejected has sent
 * many that are never decrypted. */
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
		.version = tls->session.version,
		.cipher = tls->session.cipher,
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
	return !secret || cw_crypt_new_13(tls->session.cipher, secret, length, ret, error);
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
	tls->session.sides[from].finished = true;
	if (tls->session.version != CW_VERSION_TLS_1_3 || side->phase == CW_READER_PHASE_TRAFFIC)
		return true;
	side->phase = CW_READER_PHASE_TRAFFIC;
	cw_crypt_free(TAKE(side->crypt));
	cw_crypt_free(TAKE(side->early));
	return make_13(tls, kind_of(side, CW_READER_PHASE_TRAFFIC), &side->crypt, error);
}

/* After a hole the Finished may be among what is missing: then the traffic keys fit. */
static bool open_with_next(struct cw_session_reader *tls, int from, const struct cw_sealed_record *record,
	struct cw_plain_record *ret, bool *decrypted, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	AUTO(cw_crypt_free) struct cw_crypt *next = NULL;
	if (!make_13(tls, kind_of(side, CW_READER_PHASE_TRAFFIC), &next, error))
		return false;
	if (!next)
		return true;
	cw_crypt_lost(next);
	*decrypted = cw_crypt_open(next, record, ret);
	if (*decrypted) {
		cw_crypt_free(side->crypt);
		side->crypt = TAKE(next);
		side->phase = CW_READER_PHASE_TRAFFIC;
		tls->session.sides[from].finished = true;
	}
	return true;
}

/* One more record that no key decrypts. The keys are given up where there are too many of them. */
static void count_failure(struct cw_session_reader_direction *side)
{
	bool early = side->is_client && side->phase == CW_READER_PHASE_HANDSHAKE;
	if (++side->failures < (early ? FAILURES_EARLY_MAX : FAILURES_MAX))
		return;
	side->keys_failed = true;
	cw_crypt_free(TAKE(side->crypt));
}

/*
 * Which keys a record is tried with, in this order: the direction's own of its phase, those of early data (a
 * client's 0-RTT records come before and between its handshake records, and carry no mark), and in TLS 1.3's
 * handshake phase the traffic keys, for the Finished that changes keys may be among missing bytes. A key counts
 * only where the record authenticates with it, so the order decides nothing but the time that it takes. Tries
 * end: three keys a record (each with a bounded number of sequence numbers, see cw_crypt_open), and after
 * FAILURES_MAX records in a row that nothing decrypts the keys are called wrong and no more are tried.
 */
bool cw_session_reader_keys_open(struct cw_session_reader *tls, int from,
	const struct cw_sealed_record *record, struct cw_plain_record *ret, bool *decrypted,
	struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	bool possible = record->length <= CW_RECORD_MAX;
	ret->data = tls->shared->plain;
	*decrypted = possible &&
		(cw_crypt_open(side->crypt, record, ret) ||
			(side->early && cw_crypt_open(side->early, record, ret)));
	if (*decrypted) {
		side->failures = 0;
		return true;
	}
	if (possible && tls->session.version == CW_VERSION_TLS_1_3 &&
		side->phase == CW_READER_PHASE_HANDSHAKE) {
		if (!open_with_next(tls, from, record, ret, decrypted, error))
			return false;
		if (*decrypted)
			return true;
	}
	count_failure(side);
	return true;
}
