/* render ANSWERS FOLDER [LAB]: every case of ANSWERS as FOLDER/NAME.html, with FOLDER/style.css and FOLDER/script.js beside
 * it. LAB, a folder with a deployment.yaml, gives the map of the front page; its tunnels are seen as refused. */
#include "admin/cases.h"
#include "check/check.h"
#include "config/load.h"
#include "report/html/report_html.h"
#include "support/instant.h"

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

static bool put_case(const char *folder, const char *name, const json_t *item, const struct cw_buffer *map)
{
	AUTO_BUFFER page = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	bool front = cw_screen_json_equals(item, "screen", "lab");
	if (!render_case_with(item, front ? map : NULL, &page, &error)) {
		fprintf(stderr, "%s: %s\n", name, error.message);
		return false;
	}
	cw_buffer_printf(&file, "%s.html", name);
	return put(folder, cw_buffer_string(&file), &page);
}

static void tunnels_are_refused(void *context, const struct cw_link *link, enum cw_verdict *ret)
{
	(void)context;
	if (link->kind == CW_LINK_TUNNEL)
		*ret = CW_VERDICT_REFUSED;
}

static bool make_map(const char *lab, struct cw_buffer *ret)
{
	struct cw_error error;
	struct cw_map_live live = {tunnels_are_refused, NULL};
	struct cw_check_options options = {.at = TEST_AT};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s/deployment.yaml", lab);
	if (!cw_load_deployment(cw_buffer_string(&path), pool, &deployment, &problems))
		return false;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	return cw_check_run(deployment, &options, &check, &error) &&
		cw_report_html_map(check, &live, ret, &error);
}

int main(int argc, char **argv)
{
	json_error_t error;
	if (argc != 3 && argc != 4)
		return 2;
	json_t *answers = json_load_file(argv[1], 0, &error);
	AUTO_BUFFER style = {0};
	AUTO_BUFFER script = {0};
	AUTO_BUFFER map = {0};
	const char *name;
	json_t *item;
	cw_screens_style_sheet(&style);
	cw_buffer_text(&script, cw_screens_script);
	bool done = answers && put(argv[2], "style.css", &style) && put(argv[2], "script.js", &script);
	done = done && (argc == 3 || make_map(argv[3], &map));
	json_object_foreach(json_object_get(answers, "cases"), name, item)
	{
		done = done && put_case(argv[2], name, item, &map);
	}
	json_decref(answers);
	return done ? 0 : 1;
}
