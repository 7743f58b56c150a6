#include "cli/call_changes.h"
#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "pki/bundle/bundle.h"
#include "report/html/report_html.h"
#include "report/plan/plan_report.h"

#include <stdio.h>
#include <string.h>

static const struct cw_option options[] = {
	{"cert", 0, "NODE[:IDENTITY]=FILE", NULL, true,
		"the new certificate; ? for one that is not issued yet"},
	{"ca", 0, "FILE", NULL, true,
		"CA certificates of the new chain; its first issues what is not issued yet"},
	{"expiring", 0, "DAYS", NULL, false, "every certificate that runs out within so many days: 60d"},
	CW_OPTION_AT,
	CW_OPTION_FORMAT("text|json|html"),
	CW_OPTION_OUTPUT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct renewing {
	struct cw_call *call;
	const struct cw_deployment *deployment;
	struct cw_pool *pool; /* the deployment's: what is read is known */
	struct cw_renewal_cert *certs;
	size_t count, capacity;
	struct cw_cert *issuer; /* of --ca; referenced */
	cw_time at;
	struct cw_renewal renewal;
};

static void renewing_finish(struct renewing *renewing)
{
	cw_renewal_finish(&renewing->renewal);
	for (size_t i = 0; i < renewing->count; i++)
		cw_cert_free(renewing->certs[i].leaf);
	free(renewing->certs);
	cw_cert_free(renewing->issuer);
}

static bool add(struct renewing *renewing, struct cw_renewal_cert cert, struct cw_error *error)
{
	for (size_t i = 0; i < renewing->count; i++)
		if (renewing->certs[i].node == cert.node && renewing->certs[i].kind == cert.kind) {
			cw_cert_free(cert.leaf); /* what was named first counts: --expiring comes last */
			return true;
		}
	if (!cw_memory_grow(
		    &renewing->certs, &renewing->capacity, renewing->count, sizeof *renewing->certs)) {
		cw_cert_free(cert.leaf);
		return cw_error_memory(error);
	}
	renewing->certs[renewing->count++] = cert;
	return true;
}

/* A file that was named from here, as the deployment's own files are: from its folder. */
static char *from_folder(const struct cw_deployment *deployment, const char *path)
{
	AUTO(free) char *folder = realpath(*deployment->folder ? deployment->folder : ".", NULL);
	AUTO(free) char *file = realpath(path, NULL);
	AUTO_BUFFER answer = {0};
	if (!folder || !file || *path == '/')
		return strdup(path);
	size_t alike = 0, slash = 0; /* whole names that both begin with */
	for (; folder[alike] && folder[alike] == file[alike]; alike++)
		if (folder[alike] == '/')
			slash = alike;
	if (!folder[alike] && file[alike] == '/')
		slash = alike;
	for (const char *at = folder + slash; *at; at++)
		if (*at == '/')
			cw_buffer_text(&answer, "../");
	cw_buffer_text(&answer, file + slash + 1);
	return cw_buffer_steal(&answer);
}

static bool read_cas(struct renewing *renewing, struct cw_error *error)
{
	const char *path;
	for (size_t i = 0; (path = cw_arguments_nth(&renewing->call->arguments, "ca", i)); i++) {
		AUTO_BUNDLE bundle = {0};
		AUTO(free) char *name = from_folder(renewing->deployment, path);
		if (!name)
			return cw_error_memory(error);
		if (!cw_bundle_read(path, name, NULL, renewing->pool, &bundle, error))
			return false;
		if (bundle.count && !renewing->issuer)
			renewing->issuer = cw_cert_ref(bundle.entries[0].cert);
	}
	return true;
}

static bool read_cert(struct renewing *renewing, const char *word, struct cw_error *error)
{
	const char *sign = strchr(word, '=');
	AUTO(free) char *where = sign ? strndup(word, (size_t)(sign - word)) : NULL;
	struct cw_renewal_cert cert = {.issuer = renewing->issuer};
	if (!sign || !sign[1])
		return cw_error_set(
			error, CW_E_USAGE, "--cert: wanted NODE[:IDENTITY]=FILE, found \"%s\"", word);
	if (!where)
		return cw_error_memory(error);
	if (!cw_call_changes_identity(renewing->deployment, where, &cert.node, &cert.kind, error))
		return false;
	if (strcmp(sign + 1, "?") == 0)
		return add(renewing, cert, error);
	AUTO_BUNDLE bundle = {0};
	AUTO(free) char *name = from_folder(renewing->deployment, sign + 1);
	if (!name)
		return cw_error_memory(error);
	if (!cw_bundle_read(sign + 1, name, NULL, renewing->pool, &bundle, error))
		return false;
	if (!bundle.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", sign + 1);
	cert.leaf = cw_cert_ref(bundle.entries[cw_bundle_leaf(&bundle)].cert);
	cert.from = cw_pool_path(renewing->pool, cert.leaf);
	return add(renewing, cert, error);
}

static bool add_expiring(
	struct renewing *renewing, const struct cw_node *node, cw_time until, struct cw_error *error)
{
	for (size_t kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		struct cw_renewal_cert cert = {
			.node = node, .kind = (enum cw_identity_kind)kind, .issuer = renewing->issuer};
		if (identity->state == CW_KNOWN && cw_cert_not_after(identity->leaf) <= until &&
			!add(renewing, cert, error))
			return false;
	}
	return true;
}

static bool find_expiring(struct renewing *renewing, const char *word, struct cw_error *error)
{
	char *end;
	long days = strtol(word, &end, 10);
	if (end == word || days < 1 || days > 3650 || (*end && strcmp(end, "d") != 0))
		return cw_error_set(error, CW_E_USAGE, "--expiring: wanted days (60d), found \"%s\"", word);
	for (size_t i = 0; i < renewing->deployment->group_count; i++) {
		const struct cw_group *group = renewing->deployment->groups[i];
		for (size_t k = 0; k < group->count; k++)
			if (!add_expiring(renewing, group->nodes[k], renewing->at + days * CW_DAY, error))
				return false;
	}
	return true;
}

static bool read_words(struct renewing *renewing, struct cw_error *error)
{
	const struct cw_arguments *arguments = &renewing->call->arguments;
	const char *word, *days = cw_arguments_value(arguments, "expiring");
	if (!cw_call_time(renewing->call, &renewing->at, error) || !read_cas(renewing, error))
		return false;
	for (size_t i = 0; (word = cw_arguments_nth(arguments, "cert", i)); i++)
		if (!read_cert(renewing, word, error))
			return false;
	if (days && !find_expiring(renewing, days, error))
		return false;
	return renewing->count || days ||
		cw_error_set(error, CW_E_USAGE, "wanted --cert NODE=FILE or --expiring DAYS, found neither");
}

/* One page, with the deployment as it is in its head. */
static bool answer_page(struct renewing *renewing, const struct cw_check_options *judged,
	struct cw_buffer *answer, struct cw_error *error)
{
	AUTO(cw_check_free) struct cw_check *now = NULL;
	if (!cw_check_run(renewing->deployment, judged, &now, error))
		return false;
	cw_report_html_begin(answer);
	if (!cw_report_html_renewal(now, &renewing->renewal, answer, error))
		return false;
	cw_report_html_end(answer);
	return cw_buffer_ok(answer, error);
}

static bool answer_renewal(struct renewing *renewing, struct cw_buffer *answer, struct cw_error *error)
{
	struct cw_call *call = renewing->call;
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	if (!cache)
		return cw_error_memory(error);
	if (!read_words(renewing, error))
		return false;
	const struct cw_check_options check = {.at = renewing->at, .cache = cache};
	if (!cw_renewal_find(renewing->deployment, renewing->certs, renewing->count, &check,
		    &renewing->renewal, error))
		return false;
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (format && strcmp(format, "json") == 0)
		return cw_plan_report_renewal_json(
			renewing->deployment, renewing->at, &renewing->renewal, answer, error);
	if (format && strcmp(format, "html") == 0)
		return answer_page(renewing, &check, answer, error);
	return cw_plan_report_renewal_text(
		renewing->deployment, &renewing->renewal, cw_call_look(call), answer, error);
}

static enum cw_exit renew(struct cw_call *call)
{
	AUTO_CALL_DEPLOYMENT opened = {0};
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!cw_call_deployment_load(call, call->arguments.words[0], &opened))
		return CW_EXIT_TROUBLE;
	struct renewing renewing __attribute__((cleanup(renewing_finish))) = {
		.call = call, .deployment = opened.deployment, .pool = opened.pool};
	if (!answer_renewal(&renewing, &answer, &error) || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	bool bad = renewing.renewal.break_count > 0;
	for (size_t i = 0; i < renewing.renewal.finding_count; i++)
		bad |= renewing.renewal.findings[i].complaint->finding.severity == CW_SEVERITY_REFUSED;
	return bad ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_renew = {
	.name = "renew",
	.summary = "the order in which certificates are renewed so that no link stops working",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"First what every judge must know of a new CA (any day, no restart), then box by box the\n"
		"certificate and a restart; removals come days later, for until then the old chain is the\n"
		"way back. Every state between two steps is judged, and the restart of a box is a state of\n"
		"its own. Issuers are taken from --ca, from the chain in the certificate's file and from the\n"
		"lists of the deployment. Where no order keeps a link up (a new root under the old name, in a\n"
		"list that finds the first of a name only), it is named, with the steps between which it is\n"
		"down, in the order in which that is shortest: exit status 1, as for a certificate that is\n"
		"no good by itself.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway ca new other --cn \"Other Public CA\"\n"
		   "$ causeway csr new demo e1.acme.test\n"
		   "$ causeway ca sign --ca other -o new.pem demo/e1/e1.acme.test.csr\n"
		   "$ causeway renew demo --cert e1.acme.test=new.pem --ca other/ca.pem\n"
		   "$ causeway renew demo --cert c1.acme.test=? --cert e1.acme.test=?\n"
		   "$ causeway renew demo --expiring 60d -f json\n"
		   "$ causeway renew demo --cert e1.acme.test=? -f html -o renewal.html\n",
	.run = renew,
};
