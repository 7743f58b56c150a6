/*
 * CUCM: what Certificate Management does to a certificate. A publisher's trust lists go to its subscribers by themselves
 * once they are another (node/replica).
 */
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "node/work/work_apply.h"
#include "node/work/work_description.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_trust.h"
#include "node/work/work_upload.h"
#include "workbench/install.h"

#include <string.h>
#include <strings.h>

/* As CUCM makes its own: five years. */
#define SELF_SIGNED_DAYS (5 * 365)

/* --- upload: a trust store or an identity, by its purpose --- */

static bool is_trust(const char *purpose)
{
	size_t length = strlen(purpose);
	return length > 6 && strcasecmp(purpose + length - 6, "-trust") == 0;
}

static bool keep_descriptions(struct cw_work_call *call, const struct cw_bundle *bundle, bool tries)
{
	const char *text;
	if (!cw_work_call_text(call, "description", &text))
		return false;
	for (size_t i = 0; !tries && i < bundle->count; i++)
		if (!cw_work_description_keep(call, bundle->entries[i].cert, text))
			return false;
	return true;
}

static bool upload_trust(struct cw_work_call *call, const char *purpose, bool tries)
{
	enum cw_store_kind kind;
	AUTO_WORK_TRUST trust = {.leaves = true};
	return cw_work_identity_store_named(call, call->core->snapshot->node, purpose, &kind) &&
		cw_work_trust_upload(call, &trust, kind, CW_SAME_REFUSE, tries) &&
		(trust.unfit || trust.append.refused || keep_descriptions(call, &trust.bundle, tries));
}

static bool upload_identity(struct cw_work_call *call, const char *purpose, bool tries)
{
	enum cw_identity_kind kind;
	AUTO_WORK_UPLOAD upload = CW_WORK_UPLOAD_NONE;
	if (!cw_work_identity_named(call, call->core->snapshot->node, purpose, &kind) ||
		!cw_work_upload_ask(call, kind, &upload))
		return false;
	if (tries)
		return cw_work_upload_try(call, &upload);
	return cw_work_upload_install(call, &upload) &&
		(upload.gate.refused || keep_descriptions(call, &upload.gate.bundle, tries));
}

static bool upload(struct cw_work_call *call, bool tries)
{
	const char *purpose;
	if (!cw_work_call_want(call, "purpose", &purpose))
		return false;
	return is_trust(purpose) ? upload_trust(call, purpose, tries) : upload_identity(call, purpose, tries);
}

bool cw_work_do_certificate_try(struct cw_work_call *call)
{
	return upload(call, true);
}

bool cw_work_do_certificate_upload(struct cw_work_call *call)
{
	return upload(call, false);
}

/* --- delete: trust certificates alone --- */

bool cw_work_do_certificate_delete(struct cw_work_call *call)
{
	const char *store;
	if (!cw_work_call_want(call, "store", &store))
		return false;
	if (!is_trust(store))
		return cw_work_call_refuse(call, 409, "Regenerate it, or upload another one.",
			"store: wanted a trust store (tomcat-trust), found \"%.60s\": a node's own certificate cannot be "
			"deleted",
			store);
	return cw_work_do_trust_remove(call);
}

/* --- regenerate: a new key, self-signed --- */

static void put_sans(const struct cw_node *node, const struct cw_cert *former, struct cw_buffer *ret)
{
	const struct cw_sans *sans = former ? cw_cert_sans(former) : NULL;
	for (size_t i = 0; sans && i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS)
			cw_buffer_printf(ret, "%sDNS:%s", ret->length ? ", " : "", sans->items[i].text);
	if (!ret->length)
		cw_buffer_printf(ret, "DNS:%s", node->fqdn);
}

static const char *key_kind(enum cw_identity_kind kind)
{
	bool ec = kind == CW_IDENTITY_TOMCAT_ECDSA || kind == CW_IDENTITY_CALLMANAGER_ECDSA;
	return ec ? "ec:P-384" : "rsa:2048";
}

static bool make(struct cw_work_call *call, struct cw_work_upload *upload, struct cw_cert **ret)
{
	const struct cw_node *node = upload->question.node;
	const struct cw_cert *former = node->identities[upload->question.kind].leaf;
	AUTO_BUFFER sans = {0}, subject = {0};
	put_sans(node, former, &sans);
	cw_buffer_printf(&subject, "CN=%s", node->fqdn);
	const struct cw_issue_spec spec = {.subject = cw_buffer_string(&subject),
		.sans = cw_buffer_string(&sans),
		.not_before = cw_time_now() - CW_DAY,
		.not_after = cw_time_now() + SELF_SIGNED_DAYS * CW_DAY,
		.constraints = CW_ISSUE_NO_CONSTRAINTS,
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_CERT_SIGN,
		.eku = "server, client"};
	if (sans.failed || subject.failed)
		return cw_work_call_memory(call);
	return cw_issue_key(key_kind(upload->question.kind), &upload->gate.given, call->error) &&
		cw_issue(&spec, upload->gate.given, NULL, NULL, ret, call->error);
}

static bool try_new(struct cw_work_call *call, struct cw_work_upload *upload, struct cw_cert *cert)
{
	struct cw_identity *identity = &upload->after->node->identities[upload->question.kind];
	cw_cert_free(identity->leaf);
	identity->leaf = cw_cert_ref(cert);
	return cw_work_apply_try(call, upload->after);
}

static bool install_new(struct cw_work_call *call, struct cw_work_upload *upload)
{
	AUTO_WORK_LOCKS locks = {0};
	AUTO_INSTALLED installed = {0};
	if (!cw_work_apply_lock(call, upload->files.certificate, &locks))
		return false;
	return (cw_install(&upload->question, &upload->gate, &installed, call->error) ||
		       cw_work_call_failed(call, 409, NULL)) &&
		cw_work_apply_done(call);
}

bool cw_work_do_certificate_regenerate(struct cw_work_call *call)
{
	AUTO_WORK_UPLOAD upload = CW_WORK_UPLOAD_NONE;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	bool tries = false;
	if (!cw_work_identity_choose(call, call->core->snapshot->node, &upload.question.kind) ||
		!cw_work_call_switch(call, "try", &tries) || !cw_work_apply_read(call, &upload.after) ||
		!cw_work_identity_files(call, upload.after, upload.question.kind, &upload.files))
		return false;
	if (!upload.after->node->identities[upload.question.kind].path)
		return cw_work_call_refuse(call, 409, "Name its file in node.yaml.",
			"this node has no %s certificate", cw_work_identity_name(upload.question.kind));
	upload.question.node = upload.after->node;
	upload.question.files = &upload.files;
	if (!make(call, &upload, &cert))
		return cw_work_call_failed(call, 409, NULL);
	upload.gate.leaf = cert;
	upload.gate.key = CW_GATE_KEY_GIVEN;
	cw_work_call_put(call, "certificate", cw_work_json_cert(cert, cw_time_now(), true));
	cw_work_call_put(call, "page_text", cw_json_text("Success: Certificate Regenerated"));
	return tries ? try_new(call, &upload, cert) : install_new(call, &upload);
}
