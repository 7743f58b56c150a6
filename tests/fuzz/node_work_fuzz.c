/*
 * Questions of pages: any JSON under any operation of a node's table. Nothing is written: only what tries or reads is
 * asked, and what writes is asked by a role that may not.
 */
#include "node/work/node_work.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/node_scene.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_node nodes[3];

static void clean(void)
{
	for (size_t i = 0; i < 3; i++)
		test_node_finish(&nodes[i]);
	test_node_teardown(NULL);
}

static void make(void)
{
	static bool made;
	if (made)
		return;
	made = true;
	test_node_setup(NULL);
	test_node_make(&nodes[0], "c", CW_NODE_EXPRESSWAY_C);
	test_node_make(&nodes[1], "e", CW_NODE_EXPRESSWAY_E);
	test_node_make(&nodes[2], "u", CW_NODE_CUCM);
	atexit(clean);
}

/* A line: the operation; behind it the JSON. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = memchr(data, '\n', size);
	char name[64] = "";
	json_error_t ignored;
	make();
	if (!end || end - text > 60)
		return 0;
	memcpy(name, text, (size_t)(end - text));
	json_t *with = json_loadb(
		end + 1, size - (size_t)(end + 1 - text), JSON_DECODE_ANY | JSON_ALLOW_NUL, &ignored);
	bool tries = strstr(name, "/try") || json_is_true(json_object_get(with, "try"));
	json_object_del(with, "permanent");
	for (size_t i = 0; i < 3; i++) {
		json_t *frame = NULL;
		struct cw_error error;
		nodes[i].who.role = tries ? CW_ROLE_READ_WRITE : CW_ROLE_READ_ONLY;
		if (cw_node_work(&nodes[i].core, &nodes[i].who, name, with, &frame, &error)) {
			long long status = test_node_number(frame, "status");
			if (status != 200 && status != 400 && status != 403 && status != 404 && status != 409)
				abort();
		}
		json_decref(frame);
	}
	json_decref(with);
	return 0;
}
