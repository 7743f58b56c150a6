#include "capture/tls/session_reader_parts.h"

#include <stdlib.h>
#include <string.h>

bool cw_session_reader_assembly_begin(struct cw_session_reader *tls, struct cw_assembly *gathered,
	uint32_t wanted, bool *refused, struct cw_error *error)
{
	struct cw_budget *budget = tls->shared->budget;
	*refused = budget->used + wanted > budget->limit;
	if (*refused)
		return true;
	gathered->data = malloc(wanted);
	if (!gathered->data)
		return cw_error_memory(error);
	gathered->wanted = wanted;
	gathered->length = 0;
	budget->used += wanted;
	return true;
}

void cw_session_reader_assembly_add(struct cw_assembly *gathered, const uint8_t *data, size_t length)
{
	memcpy(gathered->data + gathered->length, data, length);
	gathered->length += (uint32_t)length;
}

void cw_session_reader_assembly_clear(struct cw_session_reader *tls, struct cw_assembly *gathered)
{
	if (!gathered->data)
		return;
	tls->shared->budget->used -= gathered->wanted;
	free(gathered->data);
	*gathered = (struct cw_assembly){0};
}
