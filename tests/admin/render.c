/* render ANSWERS FOLDER: every case of ANSWERS as FOLDER/NAME.html, with FOLDER/style.css and FOLDER/script.js beside it. */
#include "admin/cases.h"

#include <stdio.h>
#include <string.h>

static bool put(const char *folder, const char *name, const struct cw_buffer *text)
{
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s/%s", folder, name);
	FILE *file = fopen(cw_buffer_string(&path), "wb");
	if (!file)
		return false;
	bool whole = fwrite(text->data, 1, text->length, file) == text->length;
	return fclose(file) == 0 && whole;
}

static bool put_case(const char *folder, const char *name, const json_t *item)
{
	AUTO_BUFFER page = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	if (!render_case(item, &page, &error)) {
		fprintf(stderr, "%s: %s\n", name, error.message);
		return false;
	}
	cw_buffer_printf(&file, "%s.html", name);
	return put(folder, cw_buffer_string(&file), &page);
}

int main(int argc, char **argv)
{
	json_error_t error;
	if (argc != 3)
		return 2;
	json_t *answers = json_load_file(argv[1], 0, &error);
	AUTO_BUFFER style = {0};
	AUTO_BUFFER script = {0};
	const char *name;
	json_t *item;
	cw_screens_style_sheet(&style);
	cw_buffer_text(&script, cw_screens_script);
	bool done = answers && put(argv[2], "style.css", &style) && put(argv[2], "script.js", &script);
	json_object_foreach(json_object_get(answers, "cases"), name, item)
		done = done && put_case(argv[2], name, item);
	json_decref(answers);
	return done ? 0 : 1;
}
