/**
 * Any bytes as what a box answers to AXL: a version is chosen until none is left, each once and of its size; names of
 * nodes are what stands between their marks.
 */
#include "collect/collect_axl.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_collect_axl axl = {0};
	struct cw_strings nodes = {0};
	struct cw_buffer body = {0};
	unsigned tries = 0;
	cw_buffer_append(&body, data, size);
	while (cw_collect_axl_next(&axl, &body)) {
		if (++tries > CW_COLLECT_AXL_TRIES_MAX || !*axl.version ||
			cw_strings_contain(&axl.refused, axl.version))
			abort();
		if (strspn(axl.version, "0123456789.xX") != strlen(axl.version))
			abort(); /* it goes into XML and into a field of HTTP */
	}
	(void)cw_collect_axl_is_refused(500, &body);
	if (!cw_collect_axl_nodes(&body, &nodes))
		abort();
	for (size_t i = 0; i < nodes.count; i++)
		if (strchr(nodes.items[i], '<'))
			abort();
	cw_buffer_finish(&body);
	cw_strings_finish(&nodes);
	cw_collect_axl_finish(&axl);
	return 0;
}
