/**
 * Any text as the name of a file that may begin with a number, and as the order.txt of a folder of four files: it names each of them once and sorts them, or there is an error that
 * says which line or file is at fault; no file is lost or there twice.
 */
#include "base/folder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILES 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[FILES] = {
		"store/a.pem", "store/b.pem", "store/c d.cer", "store/order.txt"};
	AUTO_STRINGS files = {0};
	struct cw_error error = {.message = ""};
	char *name = strndup((const char *)data, size);
	unsigned number = 0;
	if (!name || (cw_folder_number(name, &number) && number > 99999))
		abort();
	free(name);
	for (size_t i = 0; i < FILES; i++)
		if (!cw_strings_add(&files, names[i]))
			abort();
	bool sorted = cw_folder_sort((const char *)data, size, "store/order.txt", &files, &error);
	if (files.count != (sorted ? FILES - 1 : FILES) || (!sorted && !*error.message))
		abort();
	for (size_t i = 0; i < FILES - 1; i++)
		if (!cw_strings_contain(&files, names[i]))
			abort();
	return 0;
}
