#include "check/complaint.h"

void cw_complaints_finish(struct cw_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++) {
		cw_finding_finish(&complaints->items[i].finding);
		cw_remedy_finish(&complaints->items[i].remedy);
	}
	free(complaints->items);
	*complaints = (struct cw_complaints){0};
}

struct cw_complaint *cw_complaints_take(struct cw_complaints *complaints, struct cw_finding *finding)
{
	if (!cw_memory_grow(
		    &complaints->items, &complaints->capacity, complaints->count, sizeof *complaints->items))
		return NULL;
	struct cw_complaint *complaint = &complaints->items[complaints->count++];
	*complaint = (struct cw_complaint){.finding = *finding};
	*finding = (struct cw_finding){0};
	return complaint;
}

bool cw_complaint_code_is_about_list(enum cw_code code)
{
	switch (code) {
	case CW_ISSUER_MISSING:
	case CW_ROOT_MISSING:
	case CW_SELF_SIGNED_UNTRUSTED:
	case CW_ISSUER_SHADOWED:
	case CW_SIGNATURE_INVALID:
	case CW_DEVICE_LIST_LACKS_CA:
	case CW_ECDSA_TWIN_UNTRUSTED:
		return true;
	default: /* the one switch over codes that names a few of many */
		return false;
	}
}
