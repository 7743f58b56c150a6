#include "capture/tls_state.h"

#include <stdlib.h>
#include <string.h>

bool cw_gathered_begin(struct cw_tls *tls, struct cw_gathered *gathered, uint32_t wanted, bool *refused,
	struct cw_error *error)
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

void cw_gathered_add(struct cw_gathered *gathered, const uint8_t *data, size_t length)
{
	memcpy(gathered->data + gathered->length, data, length);
	gathered->length += (uint32_t)length;
}

void cw_gathered_clear(struct cw_tls *tls, struct cw_gathered *gathered)
{
	if (!gathered->data)
		return;
	tls->shared->budget->used -= gathered->wanted;
	free(gathered->data);
	*gathered = (struct cw_gathered){0};
}
