#include "capture/tls/session_reader.h"

#include "base/forward.h"
#include "capture/octets.h"
#include "capture/tls/session_reader_parts.h"
#include "pki/alert.h"

struct cw_session_reader *cw_session_reader_new(struct cw_session_reader_shared *shared)
{
	struct cw_session_reader *tls = calloc(1, sizeof *tls);
	if (tls)
		tls->shared = shared;
	return tls;
}

static void finish_side(struct cw_session_reader *tls, struct cw_session_reader_direction *side)
{
	cw_session_reader_assembly_clear(tls, &side->message);
	cw_session_reader_assembly_clear(tls, &side->record);
	cw_crypt_free(side->crypt);
	cw_crypt_free(side->early);
}

void cw_session_reader_free(struct cw_session_reader *tls)
{
	if (!tls)
		return;
	finish_side(tls, &tls->sides[0]);
	finish_side(tls, &tls->sides[1]);
	for (size_t i = 0; i < tls->session.chain_count; i++) {
		struct cw_session_chain *chain = &tls->session.chains[i];
		for (size_t k = 0; k < chain->count; k++)
			cw_captured_certs_release(tls->shared->certs, chain->certs[k]);
		free(chain->certs);
	}
	cw_captured_certs_release_names(tls->session.names);
	free(tls->session.sni);
	free(tls->session.alpn);
	free(tls);
}

/* The client's bytes mean nothing before the ServerHello says how they are encrypted, and with keys the other
 * way round: the keys are found by the client's random. */
static bool must_wait(const struct cw_session_reader *tls, int from)
{
	const struct cw_session_reader_direction *side = &tls->sides[from], *other = &tls->sides[!from];
	if (tls->stop_waiting || (side->header[0] != CW_RECORD_CCS && side->header[0] != CW_RECORD_DATA))
		return false;
	if (side->is_client)
		return side->hellos > other->hellos;
	return side->is_server && !other->is_client && cw_keylog_count(tls->shared->keylog) > 0;
}

/* TLS 1.3 without keys: what the lengths of encrypted records tell. */
static void note_sealed(struct cw_session_reader *tls, struct cw_session_reader_direction *side,
	const struct cw_session_reader_direction *other)
{
	side->sealed_records++;
	side->sealed_bytes += side->record_left;
	side->last_sealed = side->record_left;
	if (side->sealed_records == 1)
		side->first_sealed = side->record_left;
	if (other->sealed_records)
		side->sealed_after++;
	side->hidden_alert_frame = tls->frame;
}

static bool choose_13(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (!cw_session_reader_keys_13(tls, from, error))
		return false;
	side->action = side->crypt ? CW_READER_ACTION_DECRYPT : CW_READER_ACTION_PASS;
	if (!side->crypt)
		note_sealed(tls, side, &tls->sides[!from]);
	return true;
}

static void choose_sealed(struct cw_session_reader *tls, int from, uint8_t type)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	side->action = side->crypt ? CW_READER_ACTION_DECRYPT : CW_READER_ACTION_PASS;
	if (side->crypt)
		return;
	struct cw_session_direction *direction = &tls->session.sides[from];
	if (type == CW_RECORD_HANDSHAKE) {
		tls->session.hidden_handshake = tls->session.hidden_handshake || direction->finished;
		direction->finished = true; /* the first message after ChangeCipherSpec */
	}
	if (type == CW_RECORD_ALERT)
		cw_session_reader_add_alert(tls, from, 0, 0, true, true);
}

/* A record begins with a message, whatever was lost before. */
static void find_message_again(struct cw_session_reader_direction *side)
{
	if (!side->message_lost)
		return;
	side->message_lost = false;
	side->message_have = 0;
	side->message_left = 0;
}

static void choose_clear(struct cw_session_reader *tls, int from, uint8_t type)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	switch (type) {
	case CW_RECORD_CCS:
		side->action = CW_READER_ACTION_CCS;
		break;
	case CW_RECORD_ALERT:
		if (side->record_left <= 2)
			side->action = CW_READER_ACTION_ALERT;
		else
			cw_session_reader_add_alert(tls, from, 0, 0, true, true);
		break;
	case CW_RECORD_HANDSHAKE:
		side->action = CW_READER_ACTION_HANDSHAKE;
		find_message_again(side);
		break;
	}
}

/* What is to be done with a record, now that its header is here. */
static bool begin_record(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	uint8_t type = side->header[0];
	bool new = tls->session.version == CW_VERSION_TLS_1_3;
	side->record_left = cw_octets_16(side->header + 3);
	side->begun = true;
	side->action = CW_READER_ACTION_PASS;
	if (type == CW_RECORD_DATA) {
		side->data_records += !new;
		if (new)
			return choose_13(tls, from, error);
		if (side->sealed && side->crypt)
			side->action = CW_READER_ACTION_DECRYPT;
		return true;
	}
	if (side->sealed && !new &&type != CW_RECORD_HEARTBEAT)
		choose_sealed(tls, from, type);
	else
		choose_clear(tls, from, type);
	return true;
}

static void read_alert(
	struct cw_session_reader *tls, int from, const uint8_t *data, size_t length, bool encrypted)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	for (size_t i = 0; i < length; i++) {
		side->alert[side->alert_have++] = data[i];
		if (side->alert_have < 2)
			continue;
		side->alert_have = 0;
		cw_session_reader_add_alert(tls, from, side->alert[0], side->alert[1], encrypted, false);
	}
}

/* TLS 1.2 and older: from here on this direction is encrypted. A server that says so without having sent its
 * certificates resumes a session. */
static bool change_cipher(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (tls->session.version == CW_VERSION_TLS_1_3)
		return true;
	side->sealed = true;
	if (side->is_server && !side->hello_done && !tls->session.sides[from].lost_message)
		tls->session.resumed = true;
	cw_session_reader_messages_lost(tls, from);
	return cw_session_reader_keys_12(tls, from, error);
}

static bool read_decrypted(
	struct cw_session_reader *tls, int from, const struct cw_plain_record *plain, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	tls->session.decrypted = true;
	switch (plain->type) {
	case CW_RECORD_HANDSHAKE:
		find_message_again(side);
		return cw_session_reader_messages(tls, from, plain->data, plain->length, true, error);
	case CW_RECORD_ALERT:
		read_alert(tls, from, plain->data, plain->length, true);
		return true;
	case CW_RECORD_CCS:
		return change_cipher(tls, from, error);
	case CW_RECORD_DATA:
		side->data_records += plain->length > 0;
		return true;
	}
	return true;
}

static bool read_sealed(
	struct cw_session_reader *tls, int from, const uint8_t *body, size_t length, struct cw_error *error)
{
	const struct cw_sealed_record record = {tls->sides[from].header, body, length};
	struct cw_plain_record plain;
	bool decrypted;
	if (!cw_session_reader_keys_open(tls, from, &record, &plain, &decrypted, error))
		return false;
	if (decrypted)
		return read_decrypted(tls, from, &plain, error);
	if (record.header[0] == CW_RECORD_ALERT)
		cw_session_reader_add_alert(tls, from, 0, 0, true, true);
	return true;
}

/* A record to be decrypted, or an SSLv2 hello: needed whole, and copied only where it comes in segments. */
static bool read_whole(
	struct cw_session_reader *tls, int from, const uint8_t *data, size_t length, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	bool whole = length == side->record_left, v2 = side->action == CW_READER_ACTION_V2;
	if (!side->record.data && !whole) {
		bool refused;
		if (!cw_session_reader_assembly_begin(tls, &side->record, side->record_left, &refused, error))
			return false;
		if (refused) {
			side->action = CW_READER_ACTION_PASS;
			if (side->crypt)
				cw_crypt_lost(side->crypt);
			return true;
		}
	}
	if (side->record.data) {
		cw_session_reader_assembly_add(&side->record, data, length);
		if (!whole)
			return true;
		data = side->record.data;
		length = side->record.length;
	}
	bool good = v2 ? cw_session_reader_message_v2(tls, from, data, length, error)
		       : read_sealed(tls, from, data, length, error);
	cw_session_reader_assembly_clear(tls, &side->record);
	return good;
}

static bool read_body(
	struct cw_session_reader *tls, int from, const uint8_t *data, size_t length, struct cw_error *error)
{
	switch ((enum cw_session_reader_action)tls->sides[from].action) {
	case CW_READER_ACTION_PASS:
		return true;
	case CW_READER_ACTION_CCS:
		return change_cipher(tls, from, error);
	case CW_READER_ACTION_ALERT:
		read_alert(tls, from, data, length, false);
		return true;
	case CW_READER_ACTION_HANDSHAKE:
		return cw_session_reader_messages(tls, from, data, length, false, error);
	case CW_READER_ACTION_DECRYPT:
	case CW_READER_ACTION_V2:
		return read_whole(tls, from, data, length, error);
	}
	return true;
}

/* What stands where a header should be is none. */
static void not_tls(struct cw_session_reader *tls, int from)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	bool trusted = !side->unsure;
	side->header_have = 0;
	side->mode = trusted ? CW_READER_SEARCHING : CW_READER_LOST;
	if (!trusted)
		return;
	tls->session.sides[from].broken = true;
	cw_session_reader_messages_lost(tls, from);
	memcpy(side->window, side->header, CW_RECORD_HEADER);
	side->window_length = CW_RECORD_HEADER;
	side->searched = CW_RECORD_HEADER + 1; /* not the beginning of the stream */
}

/* Collects a header. False: not all of it is here. */
static bool read_header(struct cw_session_reader_direction *side, const uint8_t **at, const uint8_t *end)
{
	while (side->header_have < CW_RECORD_HEADER && *at < end)
		side->header[side->header_have++] = *(*at)++;
	return side->header_have == CW_RECORD_HEADER;
}

static bool read_records(struct cw_session_reader *tls, int from, const uint8_t **at, const uint8_t *end,
	struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	size_t turns =
		2 * (size_t)(end - *at) + 2; /* a record without bytes takes one more than its header */
	while (*at < end && side->mode == CW_READER_READING && cw_forward_turn(&turns)) {
		if (!side->begun) {
			if (!read_header(side, at, end))
				return true;
			if (!cw_record_search_header(side->header)) {
				not_tls(tls, from);
				return true;
			}
			side->waits = must_wait(tls, from);
			if (side->waits)
				return true;
			if (!begin_record(tls, from, error))
				return false;
		}
		size_t count =
			(size_t)(end - *at) < side->record_left ? (size_t)(end - *at) : side->record_left;
		if (count && !read_body(tls, from, *at, count, error))
			return false;
		side->record_left -= (uint32_t)count;
		*at += count;
		if (side->record_left)
			continue;
		tls->has_tls = true;
		side->unsure = false;
		side->begun = false;
		side->header_have = 0;
	}
	return true;
}

/* Bytes kept while searching come before the new ones. They cannot be given back, so nothing waits here. */
static bool replay_window(struct cw_session_reader *tls, int from, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	uint8_t bytes[CW_RECORD_SEARCH_WINDOW];
	const uint8_t *at = bytes, *end = bytes + side->window_length;
	memcpy(bytes, side->window, side->window_length);
	side->window_length = 0;
	bool stop_waiting = tls->stop_waiting;
	tls->stop_waiting = true;
	bool good = read_records(tls, from, &at, end, error);
	tls->stop_waiting = stop_waiting;
	/* It was no TLS after all: the rest is searched together with what comes. */
	memcpy(side->window + side->window_length, at, (size_t)(end - at));
	side->window_length = (uint8_t)(side->window_length + (end - at));
	return good;
}

bool cw_session_reader_feed(struct cw_session_reader *tls, int from, const struct cw_stream_run *run,
	size_t *used, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	const uint8_t *at = run->data, *end = at + run->length;
	tls->frame = run->frame;
	side->waits = false;
	size_t turns = 4 * run->length + 4; /* some only change the mode */
	while (at < end && !side->waits && cw_forward_turn(&turns)) {
		switch ((enum cw_session_reader_mode)side->mode) {
		case CW_READER_IGNORED:
			at = end;
			break;
		case CW_READER_SEARCHING:
			at += cw_session_reader_search(tls, side, at, (size_t)(end - at));
			if (side->mode == CW_READER_READING && side->window_length &&
				!replay_window(tls, from, error))
				return false;
			break;
		case CW_READER_LOST:
			at += cw_session_reader_search_again(tls, side, at, (size_t)(end - at));
			break;
		case CW_READER_READING:
			if (!read_records(tls, from, &at, end, error))
				return false;
			break;
		}
	}
	*used = (size_t)(at - run->data);
	return true;
}

void cw_session_reader_hole(struct cw_session_reader *tls, int from, size_t length)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	side->window_length = 0;
	if (side->crypt)
		cw_crypt_lost(side->crypt);
	bool inside = side->mode == CW_READER_READING && side->begun;
	if (inside && side->action == CW_READER_ACTION_DECRYPT) {
		cw_session_reader_assembly_clear(tls, &side->record);
		side->action = CW_READER_ACTION_PASS;
	}
	if (inside && side->action == CW_READER_ACTION_HANDSHAKE)
		cw_session_reader_messages_hole(
			tls, from, length < side->record_left ? length : side->record_left);
	if (inside && length < side->record_left) {
		side->record_left -= (uint32_t)length;
		return;
	}
	if (inside && length == side->record_left) {
		side->begun = false;
		side->header_have = 0;
		return;
	}
	if (side->mode == CW_READER_READING)
		cw_session_reader_messages_lost(tls, from);
	if (side->mode == CW_READER_IGNORED)
		return;
	cw_session_reader_assembly_clear(tls, &side->record);
	side->mode = CW_READER_LOST;
	side->searched = 0;
}

void cw_session_reader_from_middle(struct cw_session_reader *tls, int from)
{
	tls->sides[from].mode = CW_READER_LOST;
	tls->session.sides[from].from_middle = true;
}

bool cw_session_reader_waits(const struct cw_session_reader *tls, int from)
{
	return tls->sides[from].waits && must_wait(tls, from);
}

void cw_session_reader_stop_waiting(struct cw_session_reader *tls)
{
	tls->stop_waiting = true;
}

bool cw_session_reader_has_tls(const struct cw_session_reader *tls)
{
	return tls->has_tls;
}
