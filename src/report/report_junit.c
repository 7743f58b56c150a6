#include "report/report_junit.h"

#include "check/service.h"
#include "report/cause_words.h"
#include "report/markup.h"
#include "report/service_groups.h"
#include "report/service_repair.h"

/* What a test case ends with. */
enum outcome { PASSES, PASSES_WITH_WORDS, SKIPPED, FAILS };

static const enum outcome by_verdict[] = {[CW_VERDICT_PASS] = PASSES,
	[CW_VERDICT_WARN] = PASSES_WITH_WORDS,
	[CW_VERDICT_UNKNOWN] = SKIPPED,
	[CW_VERDICT_REFUSED] = FAILS};

static const enum outcome by_state[] = {[CW_SERVICE_WORKS] = PASSES,
	[CW_SERVICE_PROMPTS] = PASSES_WITH_WORDS,
	[CW_SERVICE_DEGRADED] = PASSES_WITH_WORDS,
	[CW_SERVICE_UNKNOWN] = SKIPPED,
	[CW_SERVICE_DEAD] = FAILS};

struct suite {
	struct cw_buffer cases;
	const struct cw_check *check;
	size_t count;
	size_t failures;
	size_t skipped;
};

/* One test case; `type` and `message` are of a failure or a skip, `words` is marked text. */
struct test_case {
	const char *group; /* "services" */
	const char *name;
	enum outcome outcome;
	const char *type;
	const char *message;
	const char *words;
};

static void element(struct cw_buffer *ret, const char *name, const struct test_case *test)
{
	cw_buffer_printf(ret, "      <%s message=\"", name);
	cw_markup_plain(ret, test->message);
	cw_buffer_text(ret, "\" type=\"");
	cw_markup_text(ret, test->type);
	cw_buffer_text(ret, "\">");
	cw_markup_plain(ret, test->words);
	cw_buffer_printf(ret, "</%s>\n", name);
}

static void add_case(struct suite *suite, const struct test_case *test)
{
	struct cw_buffer *out = &suite->cases;
	cw_buffer_text(out, "    <testcase classname=\"");
	cw_markup_printf(out, "%s.%s", suite->check->deployment->name, test->group);
	cw_buffer_text(out, "\" name=\"");
	cw_markup_text(out, test->name);
	suite->count++;
	if (test->outcome == PASSES) {
		cw_buffer_text(out, "\"/>\n");
		return;
	}
	cw_buffer_text(out, "\">\n");
	if (test->outcome == FAILS) {
		element(out, "failure", test);
		suite->failures++;
	} else if (test->outcome == SKIPPED) {
		cw_buffer_text(out, "      <skipped message=\"");
		cw_markup_plain(out, test->message);
		cw_buffer_text(out, "\"/>\n");
		suite->skipped++;
	} else {
		cw_buffer_text(out, "      <system-out>");
		cw_markup_plain(out, test->words);
		cw_buffer_text(out, "</system-out>\n");
	}
	cw_buffer_text(out, "    </testcase>\n");
}

static void todo_line(void *user, enum cw_todo_kind kind, const char *words)
{
	cw_buffer_printf(user, "%s%s\n", kind == CW_TODO_THEN ? "    " : "  > ", words);
}

/* "c1.acme.test trusted-ca: issuer-missing (refused, depth 1): wanted …", the box's words, what to do. */
static bool describe(struct cw_buffer *words, const struct suite *suite, const struct cw_complaint *complaint,
	const struct cw_link *link)
{
	const struct cw_finding *finding = &complaint->finding;
	cw_cause_words_line(words, complaint);
	cw_buffer_char(words, '\n');
	if (complaint->vendor_text) {
		cw_buffer_text(words, "  ");
		cw_cause_words_vendor(words, complaint);
		cw_buffer_char(words, '\n');
	}
	return finding->severity == CW_SEVERITY_INFO ||
		cw_cause_words_complaint_todo(complaint, link, suite->check->deployment, todo_line, words);
}

/* The complaint that decides: the worst, reached before not reached, else the first. */
static const struct cw_complaint *deciding(const struct cw_complaints *complaints)
{
	const struct cw_complaint *worst = NULL;
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_finding *finding = &complaints->items[i].finding;
		if (!worst || finding->severity > worst->finding.severity ||
			(finding->severity == worst->finding.severity && finding->reached &&
				!worst->finding.reached))
			worst = &complaints->items[i];
	}
	return worst;
}

static bool add_complaints(struct suite *suite, struct test_case *test,
	const struct cw_complaints *complaints, const struct cw_link *link)
{
	const struct cw_complaint *worst = deciding(complaints);
	AUTO_BUFFER words = {0};
	AUTO_BUFFER message = {0};
	for (size_t i = 0; i < complaints->count; i++)
		if (!describe(&words, suite, &complaints->items[i], link))
			return false;
	if (worst) {
		test->outcome = by_verdict[cw_finding_severity_verdict(worst->finding.severity)];
		test->type = cw_finding_code_name(worst->finding.code);
		cw_cause_words_complaint(&message, worst);
		test->message = cw_buffer_string(&message);
		test->words = cw_buffer_string(&words);
	}
	add_case(suite, test);
	return !words.failed && !message.failed;
}

static bool add_services(struct suite *suite, const struct cw_service_groups *groups, struct cw_error *error)
{
	for (size_t i = 0; i < groups->count; i++) {
		AUTO_BUFFER sentence = {0};
		if (!cw_service_group_sentence(&sentence, suite->check, &groups->items[i], error))
			return false;
		for (size_t k = 0; k < groups->items[i].count; k++) {
			const struct cw_service *service = groups->items[i].members[k];
			AUTO_BUFFER name = {0};
			AUTO_BUFFER because = {0};
			cw_buffer_printf(
				&name, "sign-in %s %s", service->endpoint->name, service->domain->name);
			for (size_t b = 0; b < service->because_count; b++)
				cw_buffer_printf(&because, "%s: %s\n", service->because[b]->id,
					cw_finding_verdict_name(service->because[b]->verdict));
			add_case(suite,
				&(struct test_case){"services", cw_buffer_string(&name),
					by_state[service->state], cw_service_state_name(service->state),
					cw_buffer_string(&sentence), cw_buffer_string(&because)});
			suite->cases.failed |= name.failed || because.failed;
		}
		suite->cases.failed |= sentence.failed;
	}
	return true;
}

static bool add_all(struct suite *suite, struct cw_error *error)
{
	const struct cw_check *check = suite->check;
	AUTO_CAUSES causes = {0};
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_causes_find(check, &causes, error) ||
		!cw_service_groups_find(check, &causes, &groups, error) ||
		!add_services(suite, &groups, error))
		return false;
	for (size_t i = 0; i < check->link_count; i++) {
		struct test_case test = {.group = "links", .name = check->links[i]->id};
		if (!add_complaints(suite, &test, &check->links[i]->complaints, check->links[i]))
			return cw_error_memory(error);
	}
	for (size_t i = 0; i < check->node_count; i++) {
		struct test_case test = {.group = "nodes", .name = check->nodes[i].node->fqdn};
		if (!add_complaints(suite, &test, &check->nodes[i].complaints, NULL))
			return cw_error_memory(error);
	}
	return cw_buffer_ok(&suite->cases, error);
}

static void write_suite(struct cw_buffer *ret, const struct suite *suite)
{
	char at[CW_TIME_TEXT_SIZE];
	cw_buffer_text(ret, "  <testsuite name=\"");
	cw_markup_text(ret, suite->check->deployment->name);
	cw_buffer_printf(ret,
		"\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\" "
		"timestamp=\"%s\">\n",
		suite->count, suite->failures, suite->skipped, cw_time_format(suite->check->at, at));
	cw_buffer_append(ret, cw_buffer_string(&suite->cases), suite->cases.length);
	cw_buffer_text(ret, "  </testsuite>\n");
}

void cw_report_junit_begin(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

void cw_report_junit_end(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "</testsuites>\n");
}

bool cw_report_junit(const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error)
{
	struct suite suite = {.check = check};
	bool good = add_all(&suite, error);
	if (good)
		write_suite(ret, &suite);
	cw_buffer_finish(&suite.cases);
	return good && cw_buffer_ok(ret, error);
}
