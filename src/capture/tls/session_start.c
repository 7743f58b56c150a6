#include "capture/octets.h"
#include "capture/tls/session_reader_parts.h"

/* Bytes without TLS after a hole that are still searched byte by
 * byte; then only the beginnings of segments. */
#define LOST_SEARCH_MAX (256 * 1024)
#define CLIENT_HELLO 1

/* From here on the bytes are records. */
static void start_reading(struct cw_session_reader *tls, struct cw_session_reader_direction *side, bool sure)
{
	side->mode = CW_READER_READING;
	side->header_have = 0;
	side->begun = false;
	side->unsure = !sure;
	tls->has_tls = tls->has_tls || sure;
}

/* The client says what it wants; a server's greeting lists what others may want. */
static void note_preface(struct cw_session_reader *tls, const uint8_t *before, size_t length, bool client)
{
	/* So many are in the window however the bytes came. */
	size_t most = CW_RECORD_SEARCH_WINDOW - CW_RECORD_SEARCH_AHEAD, kept = length < most ? length : most;
	const char *protocol = cw_record_search_starttls(before + length - kept, client ? kept : 0);
	if (protocol)
		tls->session.starttls = protocol;
	else if (length && !tls->session.starttls)
		tls->session.starttls = "other";
}

/* Keeps the last bytes for the next search. */
static void keep_window(struct cw_session_reader_direction *side, const uint8_t *data, size_t length)
{
	size_t kept = length < CW_RECORD_SEARCH_WINDOW ? length : CW_RECORD_SEARCH_WINDOW;
	memmove(side->window, data + length - kept, kept);
	side->window_length = (uint8_t)kept;
}

/* Looks for TLS in what comes; returns how many of the new bytes are done with. */
size_t cw_session_reader_search(struct cw_session_reader *tls, struct cw_session_reader_direction *side,
	const uint8_t *data, size_t length)
{
	size_t old = side->window_length, offset;
	const uint8_t *text = data;
	if (length > CW_RECORD_SEARCH_ROOM - CW_RECORD_SEARCH_WINDOW)
		length = CW_RECORD_SEARCH_ROOM - CW_RECORD_SEARCH_WINDOW;
	if (old) {
		memcpy(tls->shared->window, side->window, old);
		memcpy(tls->shared->window + old, data, length);
		text = tls->shared->window;
	}
	enum cw_record_search_kind kind =
		cw_record_search(text, old + length, side->searched == old, &offset);
	if (kind == CW_RECORD_SEARCH_NOTHING) {
		side->searched += (uint32_t)length;
		keep_window(side, text, old + length);
		if (side->searched > CW_PREFACE_MAX)
			side->mode = CW_READER_IGNORED;
		return length;
	}
	note_preface(tls, text, offset, old + length > offset + 5 && text[offset + 5] == CLIENT_HELLO);
	start_reading(tls, side, true);
	if (kind != CW_RECORD_SEARCH_RECORD) {
		side->header_have = 2;
		side->record_left = cw_octets_16(text) & 0x7fffU;
		side->action = CW_READER_ACTION_V2;
		side->begun = true;
		offset = 2;
	}
	/* What stands in the window is read again, as records. */
	size_t replay = offset < old ? old - offset : 0;
	memcpy(side->window, text + offset, replay);
	side->window_length = (uint8_t)replay;
	return replay ? 0 : offset - old;
}

/* After a hole: records may go on at the beginning of a segment, or a handshake may begin anywhere. */
size_t cw_session_reader_search_again(struct cw_session_reader *tls, struct cw_session_reader_direction *side,
	const uint8_t *data, size_t length)
{
	bool sure;
	size_t offset;
	if (cw_record_search_resume(data, length, &sure)) {
		start_reading(tls, side, sure);
		return 0;
	}
	if (side->searched < LOST_SEARCH_MAX &&
		cw_record_search(data, length, false, &offset) == CW_RECORD_SEARCH_RECORD) {
		start_reading(tls, side, true);
		return offset;
	}
	side->searched += side->searched < LOST_SEARCH_MAX ? (uint32_t)length : 0;
	return length;
}
