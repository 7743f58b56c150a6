/*
 * Programs that run beside a lab's loop: what they say comes whole, and what says too much, takes too long or dies is
 * told as that. A shell stands in the place of the program.
 */
#include "labrun/lab_job.h"

#include "support/cmocka.h"

#include <string.h>

static struct {
	struct event_base *base;
	bool over;
	int status;
	char out[200], err[200];
	size_t length;
} scene;

static int begin(void **state)
{
	(void)state;
	memset(&scene, 0, sizeof scene);
	scene.base = event_base_new();
	return scene.base ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	event_base_free(scene.base);
	return 0;
}

static void on_done(void *context, int status, const struct cw_buffer *output, const struct cw_buffer *errors)
{
	(void)context;
	scene.over = true;
	scene.status = status;
	scene.length = output->length;
	snprintf(scene.out, sizeof scene.out, "%.*s", (int)(output->length < 190 ? output->length : 190),
		output->length ? output->data : "");
	snprintf(scene.err, sizeof scene.err, "%.*s", (int)(errors->length < 190 ? errors->length : 190),
		errors->length ? errors->data : "");
	event_base_loopbreak(scene.base);
}

static bool start(const char *words, const char *input, unsigned seconds, struct cw_error *error)
{
	const char *const all[] = {"-c", words, NULL};
	struct cw_lab_job *job;
	const struct cw_lab_job_setup setup = {.base = scene.base,
		.program = "/bin/sh",
		.words = all,
		.input = input,
		.seconds = seconds,
		.done = on_done};
	return cw_lab_job_begin(&setup, &job, error);
}

static void what_a_program_says_comes_whole_with_its_status(void **state)
{
	(void)state;
	static const struct {
		const char *words, *input;
		unsigned seconds;
		int want_status;
		const char *want_out, *want_err;
	} rows[] = {
		{"echo yes; echo no >&2; exit 3", NULL, 60, 3, "yes\n", "no\n"},
		{"cat", "what a browser sent", 60, 0, "what a browser sent", ""},
		{"cat", NULL, 60, 0, "", ""}, {"kill -9 $$", NULL, 60, -1, "", ""},
		{"echo begun; exec sleep 3600", NULL, 4, -1, "begun\n",
			""}, /* a loaded machine echoes late */
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		scene.over = false;
		if (!start(rows[i].words, rows[i].input, rows[i].seconds, &error))
			fail_msg("%s", error.message);
		while (!scene.over)
			assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
		assert_int_equal(scene.status, rows[i].want_status);
		assert_string_equal(scene.out, rows[i].want_out);
		assert_string_equal(scene.err, rows[i].want_err);
	}
}

static void who_says_too_much_is_ended(void **state)
{
	(void)state;
	struct cw_error error;
	if (!start("yes", NULL, 60, &error))
		fail_msg("%s", error.message);
	while (!scene.over)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	assert_int_equal(scene.status, -1);
	assert_true(scene.length > CW_LAB_JOB_OUTPUT_MAX);
	assert_true(scene.length < CW_LAB_JOB_OUTPUT_MAX + 65536);
}

static void what_cannot_be_started_is_an_error(void **state)
{
	(void)state;
	static char much[CW_LAB_JOB_INPUT_MAX + 2];
	struct cw_error error;
	struct cw_lab_job *job;
	memset(much, 'a', sizeof much - 1);
	assert_false(start("cat", much, 60, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_string_equal(error.message, "wanted 61440 bytes at most, found 61441");
	const char *many[40] = {NULL};
	for (size_t i = 0; i < 39; i++)
		many[i] = "word";
	struct cw_lab_job_setup setup = {
		.base = scene.base, .program = "/bin/sh", .words = many, .seconds = 60, .done = on_done};
	assert_false(cw_lab_job_begin(&setup, &job, &error));
	assert_string_equal(error.message, "over 32 words for a verb");
	setup.words = many + 38;
	setup.program = "/nothing/here";
	assert_false(cw_lab_job_begin(&setup, &job, &error));
	assert_int_equal(error.code, CW_E_IO);
	assert_false(scene.over);
}

static void who_is_ended_is_not_heard_of(void **state)
{
	(void)state;
	const char *const words[] = {"-c", "exec sleep 3600", NULL};
	struct cw_lab_job *job;
	struct cw_error error;
	const struct cw_lab_job_setup setup = {
		.base = scene.base, .program = "/bin/sh", .words = words, .seconds = 60, .done = on_done};
	assert_true(cw_lab_job_begin(&setup, &job, &error));
	cw_lab_job_end(job);
	assert_int_equal(event_base_loop(scene.base, EVLOOP_NONBLOCK), 1); /* nothing is waited for */
	assert_false(scene.over);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_program_says_comes_whole_with_its_status),
		TEST(who_says_too_much_is_ended),
		TEST(what_cannot_be_started_is_an_error),
		TEST(who_is_ended_is_not_heard_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
