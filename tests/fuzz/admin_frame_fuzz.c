/**
 * Any bytes as what an admin process says to the core: whole frames or none, and what is taken is written back as it is.
 */
#include "node/admin/admin_frame.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_back(const json_t *frame)
{
	AUTO_BUFFER out = {0};
	struct cw_error ignored;
	json_t *again = NULL;
	if (!cw_admin_frame_write(frame, &out, &ignored))
		return;
	assert(cw_admin_frame_take(&out, &again) == CW_ADMIN_FRAME_WHOLE && !out.length);
	assert(json_equal(frame, again));
	json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER in = {0};
	json_t *frame;
	cw_buffer_append(&in, data, size);
	size_t left = in.length + 1;
	while (cw_admin_frame_take(&in, &frame) == CW_ADMIN_FRAME_WHOLE) { /* ends: each turn takes bytes */
		assert(in.length < left);
		left = in.length;
		write_back(frame);
		json_decref(frame);
	}
	return 0;
}
