#include "capture/octets.h"
#include "capture/tls_state.h"

/* Bytes without TLS after a hole that are still searched byte by byte; then only the beginnings of segments.
 */
#define LOST_SEARCH_MAX (256 * 1024)
#define CLIENT_HELLO 1

/* From here on the bytes are records. */
static void start_reading(struct cw_tls *tls, struct cw_tls_side *side, bool sure)
{
	side->mode = CW_SIDE_READING;
	side->header_have = 0;
	side->begun = false;
	side->unsure = !sure;
	tls->found = tls->found || sure;
}

/* The client says what it wants; a server's greeting lists what others may want. */
static void note_preface(struct cw_tls *tls, const uint8_t *before, size_t length, bool client)
{
	/* So many are in the window however the bytes came. */
	size_t most = CW_LOOK_WINDOW - CW_LOOK_AHEAD, kept = length < most ? length : most;
	const char *protocol = cw_look_starttls(before + length - kept, client ? kept : 0);
	if (protocol)
		tls->seen.starttls = protocol;
	else if (length && !tls->seen.starttls)
		tls->seen.starttls = "other";
}

/* Keeps the last bytes for the next look. */
static void keep_window(struct cw_tls_side *side, const uint8_t *data, size_t length)
{
	size_t kept = length < CW_LOOK_WINDOW ? length : CW_LOOK_WINDOW;
	memmove(side->window, data + length - kept, kept);
	side->window_length = (uint8_t)kept;
}

/* Looks for TLS in what comes; returns how many of the new bytes are done with. */
size_t cw_tls_look(struct cw_tls *tls, struct cw_tls_side *side, const uint8_t *data, size_t length)
{
	size_t old = side->window_length, offset;
	const uint8_t *text = data;
	if (length > CW_LOOK_ROOM - CW_LOOK_WINDOW)
		length = CW_LOOK_ROOM - CW_LOOK_WINDOW;
	if (old) {
		memcpy(tls->shared->window, side->window, old);
		memcpy(tls->shared->window + old, data, length);
		text = tls->shared->window;
	}
	enum cw_look_kind kind = cw_look(text, old + length, side->looked == old, &offset);
	if (kind == CW_LOOK_NOTHING) {
		side->looked += (uint32_t)length;
		keep_window(side, text, old + length);
		if (side->looked > CW_PREFACE_MAX)
			side->mode = CW_SIDE_IGNORED;
		return length;
	}
	note_preface(tls, text, offset, old + length > offset + 5 && text[offset + 5] == CLIENT_HELLO);
	start_reading(tls, side, true);
	if (kind != CW_LOOK_RECORD) {
		side->header_have = 2;
		side->record_left = cw_get16(text) & 0x7fffU;
		side->action = CW_ACTION_V2;
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
size_t cw_tls_search(struct cw_tls *tls, struct cw_tls_side *side, const uint8_t *data, size_t length)
{
	bool sure;
	size_t offset;
	if (cw_look_record(data, length, &sure)) {
		start_reading(tls, side, sure);
		return 0;
	}
	if (side->looked < LOST_SEARCH_MAX && cw_look(data, length, false, &offset) == CW_LOOK_RECORD) {
		start_reading(tls, side, true);
		return offset;
	}
	side->looked += side->looked < LOST_SEARCH_MAX ? (uint32_t)length : 0;
	return length;
}
