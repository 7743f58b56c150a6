#include "cli/call_again.h"

#include <string.h>

static bool decides(const char *name)
{
	static const char *const names[] = {"at", "cert", "append", "remove", "move", "release", "set"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Bare where no shell can take it for anything else; else in single quotes. */
static void quoted(struct cw_buffer *ret, const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_./:=,@";
	if (*value && !value[strspn(value, plain)]) {
		cw_buffer_text(ret, value);
		return;
	}
	cw_buffer_char(ret, '\'');
	for (; *value; value++) {
		if (*value == '\'')
			cw_buffer_text(ret, "'\\''");
		else
			cw_buffer_char(ret, *value);
	}
	cw_buffer_char(ret, '\'');
}

void cw_call_again_options(const struct cw_arguments *arguments, struct cw_buffer *ret)
{
	for (size_t i = 0; i < arguments->use_count; i++) {
		const struct cw_option_use *use = &arguments->uses[i];
		if (!use->value || !decides(use->option->name))
			continue;
		cw_buffer_printf(ret, " --%s ", use->option->name);
		quoted(ret, use->value);
	}
}
