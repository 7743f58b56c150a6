#include "base/folder.h"
#include "check/question.h"
#include "cli/verbs.h"
#include "pki/bundle/bundle_folder.h"

#include "model/link.h"
#include "report/text/layout.h"
#include "report/verify.h"

#include <string.h>

/* Against a command line that was made by a machine gone wrong. */
#define NAMES_MAX 64
#define POLICIES_MAX 64

static const struct cw_option options[] = {
	{"trusted-ca", 0, "FILE", NULL, true,
		"the judge's list, in its order; PEM, DER, PKCS#7, or a folder of such files"},
	{"untrusted", 0, "FILE", NULL, true, "what else is presented with the certificate, in that order"},
	{"crl", 0, "FILE", NULL, true, "check revocation of the whole chain with these lists"},
	{"purpose", 0, "server|client|any", "server|client|any", false, "what it must be good for (any)"},
	{"name", 0, "NAME", NULL, true, "a host name or IP address that it must carry"},
	{"profile", 0, "PROFILE", "expressway|rfc5280|tunnel", false,
		"how issuers are searched: expressway, rfc5280, tunnel (expressway)"},
	{"release", 0, "RELEASE", NULL, false, "the Expressway release that judges (X14.2)"},
	{"policy-check", 0, NULL, NULL, false, "check certificate policies, as conformance suites do"},
	{"policy", 0, "OID", NULL, true, "a policy that is acceptable (any); checks policies"},
	{"explicit-policy", 0, NULL, NULL, false, "some acceptable policy must be left; checks policies"},
	{"inhibit-policy-mapping", 0, NULL, NULL, false, "take no policy mappings; checks policies"},
	{"inhibit-any-policy", 0, NULL, NULL, false, "anyPolicy stands for none; checks policies"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_PASSWORD,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

/* Everything that a question points at. */
struct material {
	struct cw_pool *pool;
	char *password;
	struct cw_bundle certificate;
	struct cw_trust_list list;
	struct cw_cert **chain;
	size_t chain_count;
	size_t chain_capacity;
	struct cw_crl **crls;
	size_t crl_count;
	size_t crl_capacity;
	struct cw_strings notes; /* what was read over or left out */
	struct cw_wanted_name names[NAMES_MAX];
	const char *policies[POLICIES_MAX];
	struct cw_release release;
	struct cw_judge_question question;
};

static void material_finish(struct material *material)
{
	for (size_t i = 0; i < material->chain_count; i++)
		cw_cert_free(material->chain[i]);
	free(material->chain);
	for (size_t i = 0; i < material->crl_count; i++)
		cw_crl_free(material->crls[i]);
	free(material->crls);
	cw_trust_list_finish(&material->list);
	cw_strings_finish(&material->notes);
	cw_bundle_finish(&material->certificate);
	cw_pool_free(material->pool);
	free(material->password);
}

#define AUTO_MATERIAL __attribute__((cleanup(material_finish))) struct material

static bool add_chain(struct material *material, struct cw_cert *cert)
{
	if (!cw_memory_grow(
		    &material->chain, &material->chain_capacity, material->chain_count, sizeof(void *)))
		return false;
	material->chain[material->chain_count++] = cw_cert_ref(cert);
	return true;
}

static bool add_crls(struct material *material, const struct cw_bundle *bundle)
{
	for (size_t i = 0; i < bundle->crl_count; i++) {
		if (!cw_memory_grow(
			    &material->crls, &material->crl_capacity, material->crl_count, sizeof(void *)))
			return false;
		material->crls[material->crl_count++] = cw_crl_ref(bundle->crls[i]);
	}
	return true;
}

static bool read_bundle(
	struct material *material, const char *path, struct cw_bundle *ret, struct cw_error *error)
{
	if (!cw_bundle_read(path, path, material->password, material->pool, ret, error))
		return false;
	for (size_t i = 0; i < ret->notes.count; i++)
		if (!cw_strings_add(&material->notes, ret->notes.items[i]))
			return cw_error_memory(error);
	return true;
}

typedef bool (*take_bundle)(struct material *material, const char *path, struct cw_error *error);

/* A file, or every file of a folder, of which what is none of its kind is left out with a note. */
static bool each_file(struct material *material, const char *path, take_bundle take, bool *ret_ordered,
	struct cw_error *error)
{
	AUTO_BUNDLE_FOLDER folder = {0};
	*ret_ordered = true;
	if (!cw_folder_is(path))
		return take(material, path, error);
	if (!cw_bundle_folder_open(path, material->password, &folder, error))
		return false;
	*ret_ordered = folder.ordered;
	for (size_t i = 0; i < folder.files.count; i++) {
		if (take(material, folder.files.items[i], error))
			continue;
		if (error->code == CW_E_MEMORY || error->code == CW_E_IO)
			return false;
		if (!cw_strings_addf(&material->notes, "%s; left out", error->message))
			return cw_error_memory(error);
	}
	return true;
}

static bool read_certificate(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *path = call->arguments.words[0];
	struct cw_bundle *bundle = &material->certificate;
	if (!read_bundle(material, path, bundle, error))
		return false;
	if (!bundle->count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	return add_chain(material, bundle->entries[cw_bundle_leaf(bundle)].cert) || cw_error_memory(error);
}

static bool take_list(struct material *material, const char *path, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	return read_bundle(material, path, &bundle, error) &&
		((cw_trust_list_add_bundle(&material->list, &bundle) && add_crls(material, &bundle)) ||
			cw_error_memory(error));
}

static bool read_list(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *path;
	bool ordered;
	if (!cw_arguments_given(&call->arguments, "trusted-ca"))
		return cw_error_set(error, CW_E_USAGE,
			"wanted --trusted-ca FILE, the list that judges; without one nothing is trusted");
	for (size_t i = 0; (path = cw_arguments_nth(&call->arguments, "trusted-ca", i)); i++) {
		if (!each_file(material, path, take_list, &ordered, error))
			return false;
		material->list.unordered |= !ordered;
	}
	return true;
}

static bool take_untrusted(struct material *material, const char *path, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	if (!read_bundle(material, path, &bundle, error))
		return false;
	for (size_t i = 0; i < bundle.count; i++)
		if (!add_chain(material, bundle.entries[i].cert))
			return cw_error_memory(error);
	return true;
}

static bool read_untrusted(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *path;
	bool ordered;
	for (size_t i = 0; (path = cw_arguments_nth(&call->arguments, "untrusted", i)); i++)
		if (!each_file(material, path, take_untrusted, &ordered, error))
			return false;
	return true;
}

static bool take_crls(struct material *material, const char *path, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	if (!read_bundle(material, path, &bundle, error))
		return false;
	if (!bundle.crl_count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no revocation list", path);
	return add_crls(material, &bundle) || cw_error_memory(error);
}

static bool read_crls(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *path;
	bool ordered;
	for (size_t i = 0; (path = cw_arguments_nth(&call->arguments, "crl", i)); i++)
		if (!each_file(material, path, take_crls, &ordered, error))
			return false;
	return true;
}

static bool read_names(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *name;
	size_t count = 0;
	for (; (name = cw_arguments_nth(&call->arguments, "name", count)); count++) {
		if (count == NAMES_MAX)
			return cw_error_set(error, CW_E_LIMIT, "--name: more than %d names", NAMES_MAX);
		material->names[count] = (struct cw_wanted_name){
			.names = {name}, .mismatch = CW_PEER_NAME_MISMATCH, .layer = CW_LAYER_TLS};
	}
	material->question.names = material->names;
	material->question.name_count = count;
	return true;
}

static bool is_oid(const char *text)
{
	return text[0] >= '0' && text[0] <= '2' && strspn(text, "0123456789.") == strlen(text) &&
		strchr(text, '.');
}

/* RFC 5280 §6.1.1 (c), (e)-(g) */
static bool read_policies(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const struct cw_arguments *arguments = &call->arguments;
	const char *oid;
	size_t count = 0;
	for (; (oid = cw_arguments_nth(arguments, "policy", count)); count++) {
		if (count == POLICIES_MAX)
			return cw_error_set(
				error, CW_E_LIMIT, "--policy: more than %d policies", POLICIES_MAX);
		if (!is_oid(oid))
			return cw_error_set(error, CW_E_USAGE,
				"--policy: \"%s\" is no object identifier; wanted one like 2.23.140.1.2.1",
				oid);
		material->policies[count] = oid;
	}
	material->question.policies = (struct cw_policies){
		.oids = material->policies,
		.count = count,
		.explicit = cw_arguments_given(arguments, "explicit-policy"),
		.inhibit_mapping = cw_arguments_given(arguments, "inhibit-policy-mapping"),
		.inhibit_any = cw_arguments_given(arguments, "inhibit-any-policy"),
	};
	struct cw_policies *policies = &material->question.policies;
	policies->on = cw_arguments_given(arguments, "policy-check") || count || policies->explicit ||
		policies->inhibit_mapping || policies->inhibit_any;
	return true;
}

static enum cw_purpose purpose(const struct cw_call *call)
{
	const char *text = cw_arguments_value(&call->arguments, "purpose");
	if (text && strcmp(text, "server") == 0)
		return CW_PURPOSE_SERVER;
	return text && strcmp(text, "client") == 0 ? CW_PURPOSE_CLIENT : CW_PURPOSE_ANY;
}

static bool read_release(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "release");
	material->release = cw_release_default();
	return !text || cw_release_parse(text, &material->release, error) ||
		cw_error_prefix(error, "--release");
}

static bool read_material(const struct cw_call *call, struct material *material, struct cw_error *error)
{
	struct cw_judge_question *question = &material->question;
	material->pool = cw_pool_new();
	if (!material->pool)
		return cw_error_memory(error);
	if (!cw_call_password(call, &material->password, error) ||
		!cw_call_time(call, &question->at, error) || !read_release(call, material, error) ||
		!read_certificate(call, material, error) || !read_list(call, material, error) ||
		!read_untrusted(call, material, error) || !read_crls(call, material, error) ||
		!read_names(call, material, error) || !read_policies(call, material, error))
		return false;
	const char *profile = cw_arguments_value(&call->arguments, "profile");
	question->profile = CW_PROFILE_EXPRESSWAY;
	if (profile && !cw_judge_profile_named(profile, &question->profile))
		return cw_error_set(error, CW_E_USAGE, "--profile: \"%s\" is no profile", profile);
	question->chain = material->chain;
	question->chain_count = material->chain_count;
	question->list = &material->list;
	question->purpose = purpose(call);
	question->common_name_counts = cw_release_row(material->release)->common_name_counts;
	question->revocation = (struct cw_revocation){.on = cw_arguments_given(&call->arguments, "crl"),
		.crls = material->crls,
		.count = material->crl_count};
	question->known = material->pool;
	return true;
}

static void note_rest(struct cw_buffer *ret, const struct material *material)
{
	const struct cw_bundle *bundle = &material->certificate;
	AUTO_BUFFER words = {0};
	if (bundle->count < 2)
		return;
	cw_buffer_printf(&words,
		"%s holds %zu more certificate%s, which a box does not install with the leaf. "
		"If they are presented with it, say so: --untrusted %s",
		bundle->path, bundle->count - 1, bundle->count == 2 ? "" : "s", bundle->path);
	cw_buffer_char(ret, '\n');
	cw_layout_wrap(ret, "  ", 2, cw_buffer_string(&words));
	ret->failed |= words.failed;
}

static bool answer(const struct cw_call *call, const struct material *material,
	const struct cw_judgement *judgement, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_verify verify = {call->arguments.words[0], material->release, &material->question,
		judgement, &material->notes};
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (format && strcmp(format, "json") == 0) {
		struct cw_json json = {0};
		AUTO(json_decref) json_t *object = cw_verify_json(&verify);
		return cw_json_print(&json, object, false, ret, error);
	}
	AUTO_BUFFER text = {0};
	cw_verify_text(&text, &verify);
	if (!cw_arguments_given(&call->arguments, "untrusted"))
		note_rest(&text, material);
	cw_layout_render(&text, cw_call_look(call), ret);
	return true;
}

/* Only a judge that stops at the first entry of a name cares for the order. */
static bool ask(const struct material *material, struct cw_judgement *ret, struct cw_error *error)
{
	bool order = material->list.unordered && material->question.profile != CW_PROFILE_RFC5280;
	return order ? cw_question_ask_unordered(CW_ALONE_VERIFY, &material->question, ret, error)
		     : cw_question_ask_alone(CW_ALONE_VERIFY, &material->question, ret, error);
}

static enum cw_exit cert_verify(struct cw_call *call)
{
	AUTO_MATERIAL material = {0};
	AUTO_JUDGEMENT judgement = {0};
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!read_material(call, &material, &error) || !ask(&material, &judgement, &error) ||
		!answer(call, &material, &judgement, &text, &error) || !cw_call_write(call, &text, &error))
		return cw_call_trouble(call, &error);
	return judgement.verdict == CW_VERDICT_REFUSED ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_cert_verify = {
	.name = "cert",
	.sub = "verify",
	.summary = "whether one box's list trusts one certificate, and if not, why",
	.words = "CERT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Asks the judge that check asks, about one certificate: the first of CERT. What the other\n"
		 "side presents with it is given with --untrusted. Every reason is told, not just the\n"
		 "first.\n",
	.example =
		"$ causeway lab new demo --fault issuer-missing\n"
		"$ causeway cert verify --trusted-ca demo/c1/ca.pem --purpose server demo/e1/server.pem\n"
		"demo/e1/server.pem: refused (e1.acme.test, purpose server, profile expressway, release X14.2, as of\n"
		"  2026-11-28T17:34:26Z)\n"
		"  issuer-missing (refused, depth 1): wanted the CA C=US, O=Public Trust, CN=Public Trust Issuing CA\n"
		"    G2, which issued e1.acme.test; it is neither in the list nor sent, and in no other file that was\n"
		"    read\n"
		"    > Append the named CA certificate to the named list. A box that sends only its leaf leaves this\n"
		"      to its peers.\n"
		"\n"
		"  Certificate 1\n"
		"  Issuer: C=US, O=Public Trust, CN=Public Trust Issuing CA G2 - Not Trusted!\n"
		"  Subject: C=US, O=Acme, CN=e1.acme.test\n",
	.run = cert_verify,
};
