#include "labrun/lab_front_parts.h"

#include "admin/page/lab/front_answer.h"
#include "labrun/lab_exercise.h"
#include "node/admin/admin_link.h"

#include <string.h>

/* --- answers and pages --- */

json_t *cw_lab_front_answer(const struct cw_lab_front *front)
{
	const struct cw_deployment *deployment = front->source.deployment;
	const char *name = deployment && deployment->name ? deployment->name : "lab";
	return json_pack("{s:{s:s,s:s,s:s,s:s,s:s}}", "page", "node", name, "role", "lab", "user",
		"this machine", "user_role", "read-write", "csrf", front->secret);
}

/* fetch(), not somebody who opens a page (Fetch Metadata Request Headers, Sec-Fetch-Dest): it shows no notice. */
static bool is_by_script(const struct cw_web_exchange *exchange)
{
	struct cw_http_text value;
	return cw_http_head_find(cw_web_exchange_head(exchange), "Sec-Fetch-Dest", &value) &&
		cw_http_text_equal(value, "empty");
}

void cw_lab_front_show(struct cw_lab_front *front, struct cw_web_exchange *exchange, const char *screen,
	json_t *given, const json_t *sent)
{
	AUTO(json_decref) json_t *answer = given;
	AUTO_WEB_ANSWER page = {0};
	AUTO_BUFFER map = {0}, text = {0};
	struct cw_error error;
	const struct cw_screen_row *row = cw_screens_find(screen, CW_SCREEN_ROLE_LAB);
	if (!is_by_script(exchange)) {
		cw_buffer_text(&text, cw_buffer_string(&front->notice));
		cw_buffer_finish(&front->notice);
	}
	const struct cw_screen_notice notice = {front->notice_kind, cw_buffer_string(&text), NULL};
	const struct cw_screen_notice *said = text.length ? &notice : NULL;
	if (strcmp(screen, "lab") == 0)
		cw_lab_front_map(front, &map);
	const struct cw_screens_given shown = {.answer = answer,
		.sent = sent,
		.operation = "",
		.notice = said,
		.made = map.length ? &map : NULL};
	if (answer && cw_screens_render(row, &shown, &page.body, &error))
		cw_web_exchange_answer(exchange, &page);
	else
		cw_web_exchange_fault(exchange, 503, "out of memory");
}

void cw_lab_front_go(struct cw_lab_front *front, struct cw_web_exchange *exchange, const char *path,
	enum cw_screen_kind kind, const char *notice)
{
	AUTO_WEB_ANSWER answer = {0};
	cw_buffer_finish(&front->notice);
	if (notice)
		cw_buffer_text(&front->notice, notice);
	front->notice_kind = kind;
	cw_web_answer_redirect(&answer, path);
	cw_web_exchange_answer(exchange, &answer);
}

void cw_lab_front_trouble(int status, const struct cw_buffer *errors, struct cw_buffer *ret)
{
	static const char program[] = "causeway: ";
	const char *text = cw_buffer_string(errors);
	if (strncmp(text, program, sizeof program - 1) == 0)
		text += sizeof program - 1;
	for (const char *at = text; *at; at++)
		if (*at != '\n')
			cw_buffer_char(ret, *at);
		else if (at[1])
			cw_buffer_text(ret, "; ");
	if (!ret->length)
		cw_buffer_text(
			ret, status < 0 ? "it took too long, and was ended" : "it did not come to its end");
}

/* --- the first page --- */

/* Each row with how its last sign-in went. */
static json_t *endpoints_json(const struct cw_lab_front *front)
{
	json_t *rows = front->check ? cw_front_answer_endpoints(front->check) : json_array();
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		AUTO_BUFFER name = {0};
		cw_buffer_printf(
			&name, "%s %s", cw_screen_json_text(row, "name"), cw_screen_json_text(row, "domain"));
		json_t *went = json_object_get(front->signed_in, cw_buffer_string(&name));
		json_object_set(row, "signed_in", went ? went : json_null());
	}
	return rows;
}

static json_t *lab_json(struct cw_lab_front *front)
{
	struct cw_json json = {0};
	cw_lab_front_judge(front);
	AUTO(json_decref) json_t *answer = cw_lab_front_answer(front);
	cw_json_put(&json, answer, "folder", cw_json_text(front->setup.folder));
	cw_json_put(&json, answer, "more", cw_json_text(front->setup.more));
	cw_json_put(&json, answer, "nodes", cw_lab_front_nodes(front));
	cw_json_put(&json, answer, "endpoints", endpoints_json(front));
	cw_json_put(&json, answer, "exercise",
		front->setup.exercise ? json_pack("{s:b}", "runs", 1) : json_null());
	return json.failed ? NULL : TAKE(answer);
}

/* A link is made when it is asked for: a former one is no longer good. */
void cw_lab_front_post_link(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const char *node = cw_web_form_value(cw_web_exchange_form(exchange), "node");
	size_t place = cw_lab_front_place(front, node);
	AUTO_BUFFER link = {.secret = true}, address = {.secret = true};
	struct cw_error error;
	if (place == front->setup.folders->count) {
		cw_web_exchange_fault(exchange, 404, "there is no such node in this lab");
		return;
	}
	if (!cw_admin_link(front->setup.folders->items[place].path, CW_ADMIN_LINK_USER, cw_time_now(), &link,
		    &error)) {
		cw_lab_front_go(front, exchange, "/", CW_SCREEN_REFUSED, error.message);
		return;
	}
	json_t *answer = lab_json(front);
	const char *path = strstr(cw_buffer_string(&link), "/first/");
	cw_buffer_printf(&address, "https://%s:%u%s", front->setup.folders->items[place].address,
		front->nodes[place].admin_port, path ? path : "/");
	if (answer)
		json_object_set_new(answer, "link",
			json_pack("{s:s,s:s,s:s}", "node", node, "user", CW_ADMIN_LINK_USER, "address",
				cw_buffer_string(&address)));
	cw_lab_front_show(front, exchange, "lab", answer, NULL);
}

/* --- the exercise --- */

static bool put_exercise(const struct cw_lab_front *front, json_t *answer, struct cw_error *error)
{
	AUTO_BUFFER task = {0};
	AUTO_STRINGS hints = {0};
	size_t left = 0;
	struct cw_json json = {0};
	if (!front->setup.exercise) {
		json_object_set_new(answer, "exercise", json_null());
		return true;
	}
	if (!cw_lab_exercise_task(front->setup.folder, &task, error) ||
		!cw_lab_exercise_hints(front->setup.folder, &hints, &left, error))
		return false;
	json_t *exercise = json_object();
	cw_json_put(&json, exercise, "task", cw_json_text(cw_buffer_string(&task)));
	cw_json_put(&json, exercise, "hints", cw_json_texts(&hints));
	cw_json_put(&json, exercise, "hints_left", cw_json_count(left));
	cw_json_put(
		&json, exercise, "restarts", cw_json_count(cw_lab_exercise_restarts(front->setup.folder)));
	cw_json_put(&json, answer, "exercise", exercise);
	return json.failed ? cw_error_memory(error) : true;
}

/* `checked`: taken; NULL: nothing was checked. */
static void show_exercise(struct cw_lab_front *front, struct cw_web_exchange *exchange, json_t *checked)
{
	AUTO(json_decref) json_t *said = checked ? checked : json_null();
	json_t *answer = cw_lab_front_answer(front);
	struct cw_error error;
	if (answer && !put_exercise(front, answer, &error)) {
		json_decref(answer);
		cw_web_exchange_fault(exchange, 500, error.message);
		return;
	}
	if (answer)
		json_object_set(answer, "checked", said);
	cw_lab_front_show(front, exchange, "exercise", answer, NULL);
}

static void on_checked(struct cw_lab_front_wait *wait, int status, const struct cw_buffer *output,
	const struct cw_buffer *errors)
{
	const struct cw_buffer *said = output->length ? output : errors;
	if (!wait->exchange)
		return;
	if (status == 0 || status == 1) {
		show_exercise(wait->front, wait->exchange,
			json_pack("{s:b,s:s}", "good", status == 0, "text", cw_buffer_string(said)));
		return;
	}
	AUTO_BUFFER why = {0};
	cw_lab_front_trouble(status, errors, &why);
	cw_lab_front_go(wait->front, wait->exchange, "/exercise", CW_SCREEN_REFUSED, cw_buffer_string(&why));
}

static void check_repair(struct cw_lab_front *front, struct cw_web_exchange *exchange)
{
	const char *const words[] = {"lab", "exercise", front->setup.folder, "--check", NULL};
	const struct cw_lab_job_setup verb = {.words = words, .seconds = 50};
	const struct cw_lab_front_wait wait = {.front = front, .done = on_checked};
	cw_lab_front_run(exchange, &verb, &wait);
}

void cw_lab_front_post_exercise(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const struct cw_http_text what = cw_web_exchange_part(exchange, 0);
	AUTO_BUFFER ignored = {0};
	struct cw_error error;
	const char *folder = front->setup.folder;
	bool good = true, resets = cw_http_text_equal(what, "reset");
	if (cw_http_text_equal(what, "check") && front->setup.exercise) {
		check_repair(front, exchange);
		return;
	}
	if (!front->setup.exercise || (!resets && !cw_http_text_equal(what, "hint"))) {
		cw_web_exchange_fault(exchange, 404, "there is nothing of that name to do here");
		return;
	}
	if (resets)
		good = cw_lab_exercise_reset(folder, &error);
	else
		good = cw_lab_exercise_hint(folder, &ignored, &error);
	const char *done = resets ? "Every node has the files of the beginning again." : NULL;
	if (good)
		cw_lab_front_go(front, exchange, "/exercise", CW_SCREEN_GOOD, done);
	else
		cw_lab_front_go(front, exchange, "/exercise", CW_SCREEN_REFUSED, error.message);
}

/* --- GET --- */

void cw_lab_front_get(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const struct cw_http_text name = cw_web_exchange_part(exchange, 0);
	if (!name.length || cw_http_text_equal(name, "lab")) {
		cw_lab_front_show(front, exchange, "lab", lab_json(front), NULL);
	} else if (cw_http_text_equal(name, "exercise")) {
		show_exercise(front, exchange, NULL);
	} else if (cw_http_text_equal(name, "certsrv")) {
		json_t *answer = cw_lab_front_answer(front);
		if (answer)
			cw_lab_front_put_ca(front, answer, NULL, NULL);
		cw_lab_front_show(front, exchange, "certsrv", answer, NULL);
	} else {
		cw_web_exchange_fault(exchange, 404, "there is no such page in this lab");
	}
}
