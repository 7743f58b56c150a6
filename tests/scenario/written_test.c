/*
 * What a deployment says survives the writer: every lab, sound and with each fault, is loaded, written, loaded
 * again, and every fact is the same.
 */
#include "base/file.h"
#include "config/deployment_write.h"
#include "config/load.h"
#include "judged.h"
#include "support/cmocka.h"
#include "support/deployment_facts.h"
#include "support/folder.h"

struct sample {
	const char *name;
	enum cw_lab_size size;
	const char *fault;
};

/* Returns the deployment; the pool must outlive it. */
static struct cw_deployment *load(const char *text, size_t length, const char *folder, struct cw_pool *pool)
{
	struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	const struct cw_load_text source = {
		.data = text, .length = length, .shown = "deployment.yaml", .folder = folder};
	if (!cw_load_deployment_text(&source, pool, &deployment, &problems))
		fail_msg("%s\n%.*s", problems.items[0], (int)length, text);
	return deployment;
}

static void facts_survive_the_writer(void **state)
{
	const struct sample *sample = *state;
	const char *folder = test_folder_path(sample->name);
	scenario_make_lab(folder, sample->size, sample->fault);
	struct cw_error error;
	AUTO_BUFFER text = {0}, again = {0}, want = {0}, found = {0};
	AUTO(free) char *path = cw_file_path(folder, "deployment.yaml");
	scenario_must(cw_file_read(path, CW_DEPLOYMENT_FILE_MAX, &text, &error), &error);
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free)
	struct cw_deployment *first = load(cw_buffer_string(&text), text.length, folder, pool);
	scenario_must(cw_deployment_write(first, NULL, NULL, &again, &error), &error);
	AUTO(cw_deployment_free)
	struct cw_deployment *second = load(cw_buffer_string(&again), again.length, folder, pool);
	test_deployment_facts(first, &want);
	test_deployment_facts(second, &found);
	assert_string_equal(cw_buffer_string(&found), cw_buffer_string(&want));
	assert_string_equal(
		cw_buffer_string(&again), cw_buffer_string(&text)); /* the lab has no other writer */
}

int main(void)
{
	static struct sample samples[256] = {{"small", CW_LAB_SMALL, NULL}, {"cluster", CW_LAB_CLUSTER, NULL},
		{"large", CW_LAB_LARGE, NULL}};
	struct CMUnitTest tests[256];
	size_t count = 3;
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++)
		samples[count++] = (struct sample){fault->code, CW_LAB_SMALL, fault->code};
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			samples[i].name, facts_survive_the_writer, NULL, NULL, &samples[i]};
	return _cmocka_run_group_tests("written", tests, count, test_folder_setup, test_folder_teardown);
}
