/**
 * Any bytes as the fields of a form: what is taken is text under names that can be looked up.
 */
#include "admin/web/web_form.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_WEB_FORM form = {0};
	enum cw_http_reason reason;
	if (!cw_web_form_read(&form, (struct cw_http_text){(const char *)data, size}, &reason))
		return 0;
	for (size_t i = 0; i < form.count; i++) {
		struct cw_http_text value;
		assert(cw_web_form_find(&form, form.fields[i].name, 0, &value));
		assert(strlen(value.at) == value.length && cw_web_form_is_text(value));
	}
	return 0;
}
