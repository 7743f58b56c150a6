#include "pki/bundle/legacy.h"

#include "pki/error_mark.h"

bool cw_legacy_open(struct cw_legacy *ret)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO_LEGACY legacy = {OSSL_LIB_CTX_new(), NULL, NULL};
	if (!legacy.context)
		return false;
	legacy.modern = OSSL_PROVIDER_load(legacy.context, "default");
	if (!legacy.modern)
		return false;
	legacy.old = OSSL_PROVIDER_load(legacy.context, "legacy");
	*ret = legacy;
	legacy = (struct cw_legacy){0};
	return true;
}

void cw_legacy_close(struct cw_legacy *legacy)
{
	if (legacy->old)
		OSSL_PROVIDER_unload(legacy->old);
	if (legacy->modern)
		OSSL_PROVIDER_unload(legacy->modern);
	OSSL_LIB_CTX_free(legacy->context);
}
