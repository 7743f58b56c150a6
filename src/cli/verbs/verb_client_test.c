#include "base/file.h"
#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/client_test.h"
#include "workbench/node_files.h"

#include <string.h>

static const struct cw_option options[] = {
	{"trusted-ca", 0, "FILE", NULL, true, "the trusted CA list, in its order"},
	{"crl", 0, "FILE", NULL, true, "revocation lists, PEM or DER; those inside the list count too"},
	{"node", 0, "NODE", NULL, false, "with --deployment: take list and CRLs of this node"},
	{"deployment", 'd', "DEPLOYMENT", NULL, false, "where --node is looked up"},
	{"pattern", 0, "REGEX", NULL, false,
		"matched with the decoded certificate: /PATTERN/flags, named groups"},
	{"username", 0, "FORMAT", NULL, false,
		"#group# stands for what the group matched (#captureCommonName#)"},
	{"decoded", 0, NULL, NULL, false, "show the decoded certificate too, as the page does"},
	{"revocation", 0, "WHICH", "none|leaf|all", false, "none, leaf, or all (every CA; as the page does)"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

/* What a question points at. */
struct material {
	struct cw_trust_list list;
	struct cw_crl_set crls;
	struct cw_bundle bundle;
	struct cw_buffer text;
};

static void material_finish(struct material *material)
{
	cw_trust_list_finish(&material->list);
	for (size_t i = 0; i < material->crls.count; i++)
		cw_crl_free(material->crls.items[i]);
	free(material->crls.items);
	cw_bundle_finish(&material->bundle);
	cw_buffer_finish(&material->text);
}

#define AUTO_MATERIAL __attribute__((cleanup(material_finish))) struct material

static bool add_crls(
	struct material *material, struct cw_crl *const *crls, size_t count, struct cw_error *error)
{
	struct cw_crl_set *set = &material->crls;
	for (size_t i = 0; i < count; i++) {
		if (!cw_memory_grow(&set->items, &set->capacity, set->count, sizeof *set->items))
			return cw_error_memory(error);
		set->items[set->count++] = cw_crl_ref(crls[i]);
	}
	return true;
}

static bool read_files(struct cw_workbench_call *workbench, const char *option, struct material *material,
	struct cw_error *error)
{
	const char *path;
	bool crls_only = strcmp(option, "crl") == 0;
	for (size_t i = 0; (path = cw_arguments_nth(&workbench->call->arguments, option, i)); i++) {
		AUTO_BUNDLE bundle = {0};
		if (!cw_bundle_read(path, path, NULL, workbench->pool, &bundle, error))
			return false;
		if (crls_only && !bundle.crl_count)
			return cw_error_set(error, CW_E_FORMAT, "%s: holds no revocation list", path);
		if (!crls_only && !cw_trust_list_add_bundle(&material->list, &bundle))
			return cw_error_memory(error);
		if (!add_crls(material, bundle.crls, bundle.crl_count, error))
			return false;
	}
	return true;
}

static bool read_node(struct cw_workbench_call *workbench, struct material *material, struct cw_error *error)
{
	const char *name = cw_arguments_value(&workbench->call->arguments, "node");
	const struct cw_node *node;
	if (!name)
		return true;
	if (!workbench->deployment)
		return cw_error_set(error, CW_E_USAGE, "client-test: --node wants --deployment");
	if (!cw_node_files_choose_node(workbench->deployment, name, &node, error))
		return false;
	const struct cw_store *store = &node->stores[CW_STORE_TRUSTED_CA];
	if (store->state != CW_KNOWN)
		return cw_error_set(error, CW_E_USAGE, "%s: its trusted-ca is not known", name);
	for (size_t i = 0; i < store->list.count; i++)
		if (!cw_trust_list_add(&material->list, store->list.entries[i].cert,
			    store->list.entries[i].path, store->list.entries[i].number))
			return cw_error_memory(error);
	return add_crls(material, node->crls.items, node->crls.count, error);
}

/* A certificate in any form, or its decoded text, which the page takes as well. */
static bool read_certificate(
	struct cw_workbench_call *workbench, struct material *material, struct cw_error *error)
{
	const char *path = workbench->call->arguments.words[0];
	AUTO_BUFFER content = {0};
	if (!cw_file_read(path, CW_BUNDLE_FILE_MAX, &content, error))
		return false;
	const char *text = cw_buffer_string(&content);
	if (!strstr(text, "-----BEGIN") && strlen(text) == content.length && strstr(text, "Subject:")) {
		material->text = content;
		content = (struct cw_buffer){0};
		return true;
	}
	if (!cw_bundle_parse(&(struct cw_bundle_file){text, content.length, path}, NULL, workbench->pool,
		    &material->bundle, error))
		return false;
	if (!material->bundle.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	return cw_client_test_decode(
		material->bundle.entries[cw_bundle_leaf(&material->bundle)].cert, &material->text, error);
}

static enum cw_client_revocation revocation(const struct cw_arguments *arguments)
{
	const char *value = cw_arguments_value(arguments, "revocation");
	if (!value)
		return CW_CLIENT_REVOCATION_AS_PAGE;
	if (strcmp(value, "none") == 0)
		return CW_CLIENT_REVOCATION_NONE;
	return strcmp(value, "leaf") == 0 ? CW_CLIENT_REVOCATION_LEAF : CW_CLIENT_REVOCATION_ALL;
}

/* NULL: only decoded text was given. */
static struct cw_cert *leaf(const struct cw_bundle *bundle)
{
	return bundle->count ? bundle->entries[cw_bundle_leaf(bundle)].cert : NULL;
}

static const char *or_default(const char *given, const char *otherwise)
{
	return given ? given : otherwise;
}

static bool test(struct cw_workbench_call *workbench, bool *good, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *pattern = cw_arguments_value(arguments, "pattern");
	const char *format = cw_arguments_value(arguments, "username");
	AUTO_MATERIAL material = {0};
	AUTO_CLIENT_ANSWER answer = {0};
	if (!cw_arguments_given(arguments, "trusted-ca") && !cw_arguments_given(arguments, "node"))
		return cw_error_set(error, CW_E_USAGE,
			"client-test: wanted the list that judges: "
			"--trusted-ca FILE, or --deployment and --node");
	if (!read_files(workbench, "trusted-ca", &material, error) ||
		!read_files(workbench, "crl", &material, error) || !read_node(workbench, &material, error) ||
		!read_certificate(workbench, &material, error))
		return false;
	const struct cw_client_question question = {
		.cert = leaf(&material.bundle),
		.text = cw_buffer_string(&material.text),
		.text_length = material.text.length,
		.list = &material.list,
		.crls = material.crls.items,
		.crl_count = material.crls.count,
		.revocation = revocation(arguments),
		.pattern = or_default(pattern, CW_PATTERN_DEFAULT),
		.format = or_default(format, CW_USERNAME_DEFAULT),
		.known = workbench->pool,
		.at = workbench->at,
	};
	if (!cw_client_test(&question, &answer, error))
		return false;
	*good = (!answer.judged || answer.good) && (!pattern || answer.pattern.matched);
	if (workbench->json)
		return cw_workbench_call_json(workbench, cw_client_test_json(&answer), false, error);
	cw_client_test_text(&workbench->text, &question, &answer);
	if (cw_arguments_given(arguments, "decoded"))
		cw_client_test_decoded(&workbench->text, &question);
	return true;
}

static enum cw_exit client_test(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	bool good = false;
	if (!cw_workbench_call_open(call, &workbench, &error) || !test(&workbench, &good, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, good ? CW_EXIT_GOOD : CW_EXIT_REFUSED);
}

const struct cw_verb cw_verb_client_test = {
	.name = "client-test",
	.summary = "the page \"Client certificate testing\": is it trusted, and what user name comes out",
	.words = "CERT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"CERT is a certificate (PEM, DER, ...) or its decoded text, of which only the pattern can be\n"
		"tried. Says first whether it is trusted and which user name comes out, then shows the page's\n"
		"own words and what they mean: \"unable to get certificate CRL\" means, where no CRL is in\n"
		"use, that everything else passed, and the exit status is 0.\n"
		"Delta and indirect CRLs count under the conditions that are printed with them.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway client-test -d demo --node c1.acme.test demo/e1/server.pem\n"
		"Trusted; the user name that comes out: e1.acme.test\n"
		"\n"
		"Certificate test results, as the page has them\n"
		"  Valid certificate:  Invalid: unable to get certificate CRL, please ensure that you have uploaded a\n"
		"                      CRL\n"
		"  Resulting string:   e1.acme.test\n"
		"...\n",
	.run = client_test,
};
