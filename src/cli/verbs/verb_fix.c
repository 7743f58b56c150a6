#include "cli/call_again.h"
#include "cli/call_apply.h"
#include "cli/call_changes.h"
#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "plan/repair.h"
#include "report/html/report_html.h"
#include "report/plan/plan_report.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json|html"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	{"apply", 0, "DIR", NULL, false, "write the deployment as it is afterwards, but for what needs a CA"},
	{"only", 0, "STEP", NULL, true, "--apply, --pem: that step of the plan alone, by its number"},
	{"pem", 0, "DIR", NULL, false,
		"write one PEM file for each list to upload to, named by box and list"},
	CW_OPTIONS_CHANGES,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct fixing {
	struct cw_call *call;
	const struct cw_deployment *deployment;
	struct cw_pool *pool; /* of the files that options name */
	struct cw_whatif *whatif;
	struct cw_cache *cache;
	struct cw_check *check;
	struct cw_repair plan;
	struct cw_buffer again; /* the options that ask for the plan */
	bool *only;		/* of each step: --only; NULL: all */
};

static void fixing_finish(struct fixing *fixing)
{
	cw_repair_finish(&fixing->plan);
	cw_buffer_finish(&fixing->again);
	free(fixing->only);
	cw_check_free(fixing->check);
	cw_whatif_free(fixing->whatif);
	cw_pool_free(fixing->pool);
	cw_cache_free(fixing->cache);
}

static bool find_plan(struct fixing *fixing, struct cw_buffer *answer, struct cw_error *error)
{
	struct cw_call *call = fixing->call;
	fixing->cache = cw_cache_new();
	fixing->pool = cw_pool_new();
	if (!fixing->cache || !fixing->pool)
		return cw_error_memory(error);
	struct cw_check_options check = {.cache = fixing->cache};
	if (!cw_call_time(call, &check.at, error) ||
		!cw_whatif_new(fixing->deployment, &fixing->whatif, error) ||
		!cw_call_changes_apply(call, fixing->deployment, fixing->pool, fixing->whatif, error))
		return false;
	const struct cw_deployment *deployment = cw_whatif_deployment(fixing->whatif);
	if (!deployment)
		return cw_error_memory(error);
	if (!cw_check_run(deployment, &check, &fixing->check, error) ||
		!cw_repair_find(fixing->check, &check, &fixing->plan, error) ||
		!cw_repair_find_alternatives(fixing->check, &check, &fixing->plan, error))
		return false;
	cw_call_again_options(&call->arguments, &fixing->again);
	if (!cw_buffer_ok(&fixing->again, error))
		return false;
	fixing->plan.again = cw_buffer_string(&fixing->again);
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (format && strcmp(format, "json") == 0)
		return cw_plan_report_json(
			fixing->check, &fixing->plan, call->arguments.word_count > 1, answer, error);
	if (format && strcmp(format, "html") == 0) {
		if (!answer->length)
			cw_report_html_begin(answer);
		return cw_report_html_plan(fixing->check, &fixing->plan, answer, error);
	}
	if (answer->length)
		cw_buffer_char(answer, '\n');
	return cw_plan_report_text(fixing->check, &fixing->plan, cw_call_look(call), answer, error);
}

/* What waits for a CA, with the next step of each kind: no request makes a CRL. */
static void tell_left(const struct fixing *fixing)
{
	bool certificates = false, lists = false;
	for (size_t i = 0; i < fixing->plan.count; i++) {
		const struct cw_repair_step *step = &fixing->plan.steps[i];
		if (step->needs == CW_REPAIR_NEEDS_NOTHING || (fixing->only && !fixing->only[i]))
			continue;
		certificates |= step->remedy.action == CW_ACTION_REISSUE;
		lists |= step->remedy.action != CW_ACTION_REISSUE;
	}
	if (certificates)
		cw_call_tell(fixing->call,
			"what a CA has to issue is not in the copy: causeway csr new makes the requests");
	if (lists)
		cw_call_tell(fixing->call,
			"a revocation list that is not among the files is not in the copy: ask the CA for it, or "
			"causeway crl fetch where the certificates name an address, and put it in the place of the "
			"old one");
}

/* With what goes along with it: on subscribers, and over the wire today. */
static void choose(struct fixing *fixing, size_t number)
{
	const struct cw_repair *plan = &fixing->plan;
	for (size_t i = 0; i < plan->count; i++)
		fixing->only[i] |= i + 1 == number ||
			(plan->steps[i].unit && plan->steps[i].unit == plan->steps[number - 1].unit);
}

static bool read_only(struct fixing *fixing, struct cw_error *error)
{
	const struct cw_arguments *arguments = &fixing->call->arguments;
	const char *word;
	for (size_t i = 0; (word = cw_arguments_nth(arguments, "only", i)); i++) {
		char *end;
		unsigned long number = strtoul(word, &end, 10);
		if (!*word || *end || number < 1 || number > fixing->plan.count)
			return cw_error_set(error, CW_E_USAGE,
				"--only: wanted the number of a step, from 1 to %zu in this plan, found \"%s\"",
				fixing->plan.count, word);
		if (!fixing->only && !(fixing->only = calloc(fixing->plan.count, sizeof *fixing->only)))
			return cw_error_memory(error);
		choose(fixing, number);
	}
	return true;
}

/*
 * Files are told on standard error: the answer may be read by a program. The copy's deployment file comes last, since
 * with it there the same command is refused: killed before, it can be given again.
 */
static bool write_files(struct fixing *fixing, struct cw_error *error)
{
	const struct cw_arguments *arguments = &fixing->call->arguments;
	const char *apply = cw_arguments_value(arguments, "apply"),
		   *pem = cw_arguments_value(arguments, "pem");
	size_t left = 0, files = 0;
	if (!read_only(fixing, error))
		return false;
	if ((apply && !cw_call_lock_made(fixing->call, apply, error)) ||
		(pem && !cw_call_lock_made(fixing->call, pem, error)))
		return false;
	if (pem && !cw_call_apply_pem(&fixing->plan, fixing->only, pem, &files, error))
		return false;
	if (apply &&
		!cw_call_apply_plan(
			fixing->check->deployment, &fixing->plan, fixing->only, apply, &left, error))
		return false;
	if (apply && left)
		tell_left(fixing);
	return true;
}

static enum cw_exit fix_one(struct cw_call *call, const char *path, struct cw_buffer *answer)
{
	AUTO_CALL_DEPLOYMENT opened = {0};
	struct cw_error error;
	if (!cw_call_deployment_load(call, path, &opened))
		return CW_EXIT_TROUBLE;
	size_t before = answer->length;
	struct fixing fixing
		__attribute__((cleanup(fixing_finish))) = {.call = call, .deployment = opened.deployment};
	if (!find_plan(&fixing, answer, &error) || !write_files(&fixing, &error)) {
		answer->length = before; /* half a plan is none */
		return cw_call_trouble(call, &error);
	}
	return fixing.plan.leaf_count ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

/* One of several that cannot be read leaves the others their plans. */
static enum cw_exit fix(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	const char *format = cw_arguments_value(arguments, "format");
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	enum cw_exit worst = CW_EXIT_GOOD;
	bool writes = cw_arguments_value(arguments, "apply") || cw_arguments_value(arguments, "pem");
	if (writes && arguments->word_count > 1) {
		cw_error_set(&error, CW_E_USAGE, "--apply and --pem: wanted one deployment, found %zu",
			arguments->word_count);
		return cw_call_trouble(call, &error);
	}
	if (cw_arguments_given(arguments, "only") && !writes) {
		cw_error_set(
			&error, CW_E_USAGE, "--only: wanted --apply DIR or --pem DIR with it, found neither");
		return cw_call_trouble(call, &error);
	}
	for (size_t i = 0; i < arguments->word_count; i++) {
		enum cw_exit status = fix_one(call, arguments->words[i], &answer);
		worst = status > worst ? status : worst;
	}
	if (answer.data)
		answer.data[answer.length] = '\0';
	if (answer.length && format && strcmp(format, "html") == 0)
		cw_report_html_end(&answer);
	if ((answer.length || worst != CW_EXIT_TROUBLE) && !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return worst;
}

const struct cw_verb cw_verb_fix = {
	.name = "fix",
	.summary = "one proven plan that ends what is refused: step by step, box by box",
	.words = "DEPLOYMENT...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"The plan was tried on the deployment before it is told: with all of it done every refusal\n"
		"is gone (or named as one that somebody has to decide), nothing is worse, now and at every\n"
		"date of the next 400 days on which something changes, and no step can be left out.\n"
		"Certificates that a CA has yet to issue are stood for by stand-ins that carry the names\n"
		"and key purposes that the step asks for. With the options of whatif it is the plan for the\n"
		"deployment with those changes: what an upgrade needs, say. Exit status 1: something is left.\n",
	.example = "$ causeway lab new demo --fault issuer-missing\n"
		   "$ causeway fix demo\n"
		   "$ causeway fix demo --release expressway-c=X15.5 --release expressway-e=X15.5\n"
		   "$ causeway fix demo --apply repaired --pem uploads\n"
		   "$ causeway fix demo --apply first --only 1\n"
		   "$ causeway fix demo -f html -o plan.html\n"
		   "$ causeway fix demo -f json\n",
	.run = fix,
};
