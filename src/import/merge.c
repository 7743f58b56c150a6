#include "import/merge.h"

#include "import/merge_parts.h"

bool cw_merge_run(const struct cw_evidence *evidence, struct cw_imported *ret, struct cw_error *error)
{
	static bool (*const steps[])(struct cw_imported *, struct cw_error *) = {
		cw_merge_boxes,
		cw_merge_certs,
		cw_merge_loose,
		cw_merge_settings,
		cw_merge_roles,
		cw_merge_seen,
		cw_merge_clusters,
		cw_merge_questions,
	};
	*ret = (struct cw_imported){.evidence = evidence};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (!steps[i](ret, error)) {
			cw_imported_finish(ret);
			return false;
		}
	return true;
}
