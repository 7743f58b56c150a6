#include "cli/call_changes.h"
#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "plan/remedies.h"
#include "report/plan/compare_report.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTIONS_CHANGES,
	{"at", 0, "TIME", NULL, false, "and it is TIME: 2026-11-20T12:00:00Z, 2026-11-20, +30d"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct asked {
	struct cw_call *call;
	const struct cw_deployment *deployment;
	struct cw_pool *pool; /* of the files that the options name */
	struct cw_whatif *whatif;
	struct cw_check *before, *after;
	struct cw_compare compare;
};

static void asked_finish(struct asked *asked)
{
	cw_compare_finish(&asked->compare);
	cw_check_free(asked->before);
	cw_check_free(asked->after);
	cw_whatif_free(asked->whatif);
	cw_pool_free(asked->pool);
}

static bool ask(struct asked *asked, struct cw_buffer *answer, struct cw_error *error)
{
	struct cw_call *call = asked->call;
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options now = {.at = call->now, .cache = cache}, then = now;
	if (!cache || !(asked->pool = cw_pool_new()))
		return cw_error_memory(error);
	if (!cw_call_time(call, &then.at, error) ||
		!cw_whatif_new(asked->deployment, &asked->whatif, error) ||
		!cw_call_changes_apply(call, asked->deployment, asked->pool, asked->whatif, error))
		return false;
	const struct cw_deployment *changed = cw_whatif_deployment(asked->whatif);
	if (!changed)
		return cw_error_memory(error);
	if (!cw_remedies_check(asked->deployment, &now, &asked->before, error) ||
		!cw_remedies_check(changed, &then, &asked->after, error) ||
		!cw_compare_checks(asked->before, asked->after, &asked->compare, error))
		return false;
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (format && strcmp(format, "json") == 0)
		return cw_compare_report_json(asked->before, asked->after, &asked->compare, answer, error);
	return cw_compare_report_text(
		asked->before, asked->after, &asked->compare, cw_call_look(call), answer, error);
}

static enum cw_exit whatif(struct cw_call *call)
{
	AUTO_CALL_DEPLOYMENT opened = {0};
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!cw_call_deployment_load(call, call->arguments.words[0], &opened))
		return CW_EXIT_TROUBLE;
	struct asked asked
		__attribute__((cleanup(asked_finish))) = {.call = call, .deployment = opened.deployment};
	if (!ask(&asked, &answer, &error) || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return asked.compare.worse ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_whatif = {
	.name = "whatif",
	.summary = "what would change if a certificate, a list, a setting or a release were another",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"Lays the changes over the deployment, judges it with and without them, and tells every\n"
		"link, every sign-in and every finding about a box whose answer is another. No file is\n"
		"touched. Each option may be given several times. With --at the time is one of the changes:\n"
		"the state before is that of now. Exit status 1: something gets worse.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway csr new demo e1.acme.test\n"
		"$ causeway ca sign --ca demo/ca/public-issuing -o new.pem demo/e1/e1.acme.test.csr\n"
		"$ causeway whatif demo --cert e1.acme.test=new.pem\n"
		"$ causeway whatif demo --append c1.acme.test=demo/ca/public-root/ca.pem --cert e1.acme.test=new.pem\n"
		"$ causeway whatif demo --release expressway-c=X15.5 --release expressway-e=X15.5\n"
		"$ causeway whatif demo --set cucm-tls-verify=off --at +30d\n",
	.run = whatif,
};
