#include "base/file.h"
#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "pki/bundle/pem_write.h"
#include "report/text/layout.h"
#include "workbench/chain_search.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT_ONLY,
	{"system", 0, NULL, NULL, false, "look into the system's list too"},
	{"without-leaf", 0, NULL, NULL, false, "of the chain, write the CA certificates only"},
	{"output", 'o', "FILE", NULL, false, "write the chain as PEM, leaf first"},
	CW_OPTIONS_END,
};

static bool read_others(
	struct cw_workbench_call *workbench, struct cw_bundle *bundles, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	for (size_t i = 1; i < arguments->word_count; i++)
		if (!cw_bundle_read(arguments->words[i], arguments->words[i], NULL, workbench->pool,
			    &bundles[i], error))
			return false;
	return !cw_arguments_given(arguments, "system") ||
		cw_chain_search_read_system(workbench->pool, &bundles[0], error);
}

static bool write_chain(
	const struct cw_workbench_call *workbench, const struct cw_chain_order *chain, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *path = cw_arguments_value(arguments, "output");
	AUTO_BUFFER pem = {0};
	if (!path)
		return true;
	for (size_t i = cw_arguments_given(arguments, "without-leaf"); i < chain->count; i++)
		if (!cw_pem_write_cert(&pem, chain->steps[i], error))
			return false;
	return cw_call_write_file(workbench->call, path, &pem, 0644, error);
}

static bool find(struct cw_workbench_call *workbench, struct cw_bundle *bundles, bool *complete,
	struct cw_error *error)
{
	const char *path = workbench->call->arguments.words[0];
	AUTO_BUNDLE leaf = {0};
	struct cw_chain_order chain;
	if (!cw_bundle_read(path, path, NULL, workbench->pool, &leaf, error) ||
		!read_others(workbench, bundles, error))
		return false;
	if (!leaf.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	cw_chain_order_follow(workbench->pool, leaf.entries[cw_chain_order_leaf(&leaf)].cert, &chain);
	cw_chain_search_text(&workbench->text, workbench->pool, &chain);
	*complete = chain.complete;
	return write_chain(workbench, &chain, error);
}

static enum cw_exit cert_chain(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	bool complete = false, good = false;
	size_t count = call->arguments.word_count;
	if (!cw_workbench_call_open(call, &workbench, &error))
		return cw_call_trouble(call, &error);
	struct cw_bundle *bundles = calloc(count, sizeof *bundles);
	if (!bundles)
		cw_error_memory(&error);
	else
		good = find(&workbench, bundles, &complete, &error);
	for (size_t i = 0; bundles && i < count; i++)
		cw_bundle_finish(&bundles[i]);
	free(bundles);
	if (!good)
		return cw_call_trouble(call, &error);
	/* --output is the chain's file here: the text goes to standard output */
	AUTO_BUFFER text = {0};
	cw_layout_render(&workbench.text, (struct cw_layout_look){0}, &text);
	if (!cw_call_whole(call, &text, &error))
		return cw_call_trouble(call, &error);
	fwrite(cw_buffer_string(&text), 1, text.length, call->out);
	return complete ? CW_EXIT_GOOD : CW_EXIT_REFUSED;
}

const struct cw_verb cw_verb_cert_chain = {
	.name = "cert",
	.sub = "chain",
	.summary = "find and order the issuers of a certificate, and say what is missing and where it is",
	.words = "CERT [FILE]...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"Looks among the other certificates of CERT, the FILEs, with --deployment all that its boxes\n"
		"hold, with --system the system's list. An issuer counts if its name fits and its key\n"
		"signed. Of what is missing it shows the address that the certificate gives (Authority\n"
		"Information Access); nothing is fetched. Exit status 1 where the chain is not complete.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway cert chain demo/e1/server.pem -d demo -o chain.pem\n"
		   "Certificate 3  c1/ca.pem\n"
		   "  Issuer: C=US, O=Public Trust, CN=Public Trust Root CA\n"
		   "  Subject: C=US, O=Public Trust, CN=Public Trust Root CA\n"
		   "Certificate 2  c1/ca.pem\n"
		   "  Issuer: C=US, O=Public Trust, CN=Public Trust Root CA\n"
		   "...\n",
	.run = cert_chain,
};
