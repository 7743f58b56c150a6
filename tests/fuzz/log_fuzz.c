/**
 * Any bytes as a log, an archive or a packed log: an answer or an error, whose incidents all have a row, a
 * line and a count, and no more of them than lines.
 */
#include "observe/log/log_source.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_whole(const struct cw_log_incident *incident)
{
	bool fits = incident->first.form != incident->last.form ||
		incident->first.seconds <= incident->last.seconds;
	return incident->row && incident->text && incident->count && incident->place_count &&
		incident->places[0].line && incident->row->kind != CW_LOG_UNKNOWN && fits;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = NULL;
	AUTO_STRINGS troubles = {0};
	struct cw_error error;
	struct cw_log_result result;
	uint64_t refusals = 0;
	if (!cw_log_scan_new(&scan, &error) ||
		!cw_log_source_bytes(scan, "fuzz", data, size, &troubles, &error) ||
		!cw_log_scan_finish(scan, &error))
		return 0;
	cw_log_scan_result(scan, &result);
	for (size_t i = 0; i < result.incident_count; i++) {
		refusals += result.incidents[i].count;
		if (!is_whole(&result.incidents[i]))
			abort();
	}
	if (refusals > result.matched_lines)
		abort();
	return 0;
}
