#include "workbench/file_name.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_SHOWN 80
/* Against a folder that was filled with such names on purpose. */
#define NUMBER_MAX 100000

void cw_file_name_append(struct cw_buffer *ret, const char *text)
{
	size_t length = 0;
	for (; *text && length < NAME_MAX_SHOWN; text++, length++) {
		bool plain = isalnum((unsigned char)*text) || (strchr("-_.", *text) && length);
		cw_buffer_char(ret, plain && (unsigned char)*text < 0x80 ? *text : '_');
	}
	if (!length)
		cw_buffer_text(ret, "certificate");
}

char *cw_file_name_for(const char *folder, const char *text, const char *ending)
{
	for (unsigned number = 1; number < NUMBER_MAX; number++) {
		AUTO_BUFFER name = {0};
		cw_file_name_append(&name, text);
		if (number > 1)
			cw_buffer_printf(&name, "-%u", number);
		cw_buffer_text(&name, ending);
		AUTO(free) char *path = name.failed ? NULL : cw_file_path(folder, cw_buffer_string(&name));
		if (!path || access(path, F_OK) != 0)
			return TAKE(path);
	}
	return NULL;
}
