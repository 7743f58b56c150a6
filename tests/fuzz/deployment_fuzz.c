/**
 * Any bytes as a deployment file: it loads, or every problem is a line that names the file.
 *
 * The folder does not exist, so that no file is found but by an absolute path.
 */
#include "config/load.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	const struct cw_load_text text = {
		.data = (const char *)data, .length = size, .shown = "d.yaml", .folder = "/nonexistent"};
	bool good = cw_load_deployment_text(&text, pool, &deployment, &problems);
	if (good != (problems.count == 0) || good != (deployment != NULL) || problems.count > CW_PROBLEMS_MAX)
		abort();
	for (size_t i = 0; i < problems.count; i++)
		if (strncmp(problems.items[i], "d.yaml:", 7) != 0 || strchr(problems.items[i], '\n'))
			abort();
	return 0;
}
