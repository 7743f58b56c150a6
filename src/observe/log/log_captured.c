#include "observe/log/log_captured.h"

#include "capture/capture.h"
#include "capture/packet/source.h"
#include "capture/session.h"

#include <stdlib.h>

#define NANOSECONDS 1000000000

struct reading {
	struct cw_log_refusals *refusals;
	size_t file;
};

void cw_log_captured_finish(struct cw_log_refusals *refusals)
{
	free(refusals->items);
	*refusals = (struct cw_log_refusals){0};
}

static bool on_session(void *context, const struct cw_session *session, struct cw_error *error)
{
	struct reading *reading = context;
	struct cw_log_refusals *refusals = reading->refusals;
	bool refused = session->outcome == CW_OUTCOME_REFUSED || session->outcome == CW_OUTCOME_HIDDEN;
	if (!refused || refusals->count == CW_LOG_REFUSALS_MAX)
		return true;
	if (!cw_memory_grow(&refusals->items, &refusals->capacity, refusals->count, sizeof *refusals->items))
		return cw_error_memory(error);
	const struct cw_session_address *sender = &session->sides[session->refused_by].at;
	const struct cw_session_address *other = &session->sides[!session->refused_by].at;
	struct cw_log_refusal *refusal = &refusals->items[refusals->count++];
	*refusal = (struct cw_log_refusal){.file = reading->file,
		.frame = session->last_frame,
		.at = session->last_time / NANOSECONDS,
		.alert = -1,
		.sender_port = sender->port,
		.other_port = other->port};
	cw_session_address_host(sender, refusal->sender);
	cw_session_address_host(other, refusal->other);
	if (session->refusal) {
		refusal->frame = session->refusal->frame;
		refusal->alert = session->refusal->hidden ? -1 : session->refusal->code;
	}
	return true;
}

/* True: it was read to its end, or to its damage. False: no memory. */
static bool read_all(struct cw_source *source, struct cw_capture *capture, struct cw_error *error)
{
	struct cw_pcap_file_item item = {0};
	while (item.kind != CW_PCAP_FILE_END) { /* ends: each turn is at the next item of the file */
		if (!cw_source_next(source, &item, error))
			return error->code != CW_E_MEMORY;
		bool good = true;
		if (item.kind == CW_PCAP_FILE_PACKET)
			good = cw_capture_packet(capture, &item.packet, error);
		else if (item.kind == CW_PCAP_FILE_SECRETS)
			good = cw_capture_add_secrets(capture, item.secrets, item.secrets_length, error);
		if (!good && error->code == CW_E_MEMORY)
			return false;
	}
	return true;
}

bool cw_log_captured_read(
	const void *data, size_t length, size_t file, struct cw_log_refusals *ret, struct cw_error *error)
{
	struct reading reading = {ret, file};
	const struct cw_capture_options what = {.on_session = on_session, .context = &reading};
	AUTO(cw_source_free) struct cw_source *source = NULL;
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	if (!cw_source_memory(data, length, &source, error))
		return error->code != CW_E_MEMORY;
	return cw_capture_new(&what, &capture, error) && read_all(source, capture, error) &&
		cw_capture_finish(capture, error);
}
