#include "observe/probed.h"

#include <stdlib.h>

void cw_probed_finish(struct cw_probed *probed)
{
	for (size_t i = 0; i < probed->chain_count; i++)
		cw_cert_free(probed->chain[i]);
	for (size_t i = 0; i < probed->link_count; i++)
		cw_link_free(probed->links[i].seen);
	free(probed->chain);
	free(probed->links);
	free(probed->host);
	free(probed->sni);
	free(probed->said);
	cw_strings_finish(&probed->ca_names);
	cw_strings_finish(&probed->remarks);
	cw_findings_finish(&probed->findings);
	*probed = (struct cw_probed){.alert = -1};
}

void cw_probed_set_finish(struct cw_probed_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		cw_probed_finish(&set->items[i]);
	free(set->items);
	*set = (struct cw_probed_set){0};
}

const char *cw_probed_file_name(enum cw_probed_file file)
{
	static const char *const names[] = {"none", "same", "older", "other"};
	return names[file];
}
