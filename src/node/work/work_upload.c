/*
 * Uploads of the node's own certificates. The gate judges; what is refused is not stored. Killed between the two files
 * of certificate and key, the node takes the half installation back when it starts: what is to be taken back stands in
 * a note (work_recover.h) as long as it may be half.
 */
#include "node/work/work_upload.h"

#include "base/file.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_recover.h"
#include "node/work/work_yaml.h"
#include "pki/bundle/pem_write.h"
#include "workbench/install.h"
#include "workbench/pending.h"

#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

void cw_work_upload_finish(struct cw_work_upload *upload)
{
	cw_buffer_finish(&upload->file);
	cw_buffer_finish(&upload->key_file);
	cw_node_files_finish(&upload->files);
	cw_gate_finish(&upload->gate);
	cw_snapshot_free(upload->after);
}

static bool read_question(struct cw_work_call *call, struct cw_work_upload *upload)
{
	bool given, key_given;
	struct cw_gate_question *question = &upload->question;
	if (!cw_work_call_file(call, "file", &upload->file, &given) ||
		!cw_work_call_file(call, "key_file", &upload->key_file, &key_given) ||
		!cw_work_call_text(call, "key_password", &question->password) ||
		!cw_work_call_file_name(call, "the file", &question->path))
		return false;
	if (!given)
		return cw_work_call_refuse(call, 400, "Select the server certificate file.",
			"file: wanted a certificate, found no file");
	question->content = &upload->file;
	if (key_given) {
		question->key_path = "the private key file";
		question->key_content = &upload->key_file;
	}
	return true;
}

bool cw_work_upload_ask(struct cw_work_call *call, enum cw_identity_kind kind, struct cw_work_upload *upload)
{
	struct cw_gate_question *question = &upload->question;
	if (!read_question(call, upload) || !cw_work_apply_read(call, &upload->after) ||
		!cw_work_identity_files(call, upload->after, kind, &upload->files))
		return false;
	question->deployment = upload->after->file->deployment;
	question->node = upload->after->node;
	question->kind = kind;
	question->files = &upload->files;
	question->pool = upload->after->pool;
	question->at = cw_time_now();
	if (!cw_gate_ask(question, &upload->gate, call->error))
		return cw_work_call_failed(call, 400, NULL);
	struct cw_gate *gate = &upload->gate;
	if (gate->leaf && gate->key == CW_GATE_KEY_UNKNOWN) { /* a running node cannot do without */
		struct cw_finding *finding = cw_findings_add(&gate->findings, CW_KEY_MISMATCH, 0, gate->leaf);
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
		cw_finding_detail(&gate->findings, finding,
			"no certificate signing request is in progress, no private key came with the certificate, and "
			"there is none here that fits");
		gate->refused = true;
	}
	return cw_findings_ok(&gate->findings, call->error);
}

/* --- what is told --- */

static const char *key_word(enum cw_gate_key key)
{
	switch (key) {
	case CW_GATE_KEY_PENDING:
		return "request";
	case CW_GATE_KEY_GIVEN:
		return "given";
	case CW_GATE_KEY_PRESENT:
		return "present";
	case CW_GATE_KEY_NONE:
	case CW_GATE_KEY_UNKNOWN:
		break;
	}
	return "none";
}

/* What its own list lacks, root first: "Before you upload a server certificate, the server must trust all CA
 * certificates in the chain" (Troubleshoot Expressway Certificates). */
static json_t *trust_first(struct cw_work_call *call, const struct cw_work_upload *upload)
{
	const struct cw_findings *findings = &upload->gate.findings;
	const char *store =
		cw_work_identity_store_name(cw_upload_store(upload->question.node, upload->question.kind));
	json_t *rows = json_array();
	for (unsigned depth = CW_PATH_DEPTH_MAX; depth-- > 0;)
		for (size_t i = 0; i < findings->count; i++) {
			const struct cw_finding *finding = &findings->items[i];
			if (finding->depth != depth ||
				(finding->code != CW_ISSUER_MISSING && finding->code != CW_ROOT_MISSING))
				continue;
			json_t *row = json_object();
			cw_json_put(&call->json, row, "subject", cw_json_text(finding->subject));
			cw_json_put(&call->json, row, "sha256",
				cw_json_text(finding->cert ? cw_cert_sha256_text(finding->cert) : NULL));
			cw_json_put(&call->json, row, "store", cw_json_text(store));
			cw_json_add(&call->json, rows, row);
		}
	return rows;
}

static bool put_consequences(struct cw_work_call *call, const struct cw_work_upload *upload)
{
	const struct cw_gate_question *question = &upload->question;
	const struct cw_consequences_change change = {question->node, question->kind, upload->gate.leaf};
	AUTO_CONSEQUENCES found = {0};
	json_t *rows = json_array();
	if (upload->gate.leaf &&
		!cw_consequences_find(question->deployment, &change, question->at, &found, call->error)) {
		json_decref(rows);
		return cw_work_call_failed(call, 409, NULL);
	}
	for (size_t i = 0; i < found.count; i++) {
		const struct cw_consequence *item = &found.items[i];
		if (item->judge_node == question->node)
			continue;	    /* told by the findings */
		const char *missing = NULL; /* what a list lacks; no list mends a certificate */
		if (item->lacks)
			missing = item->missing ? cw_cert_subject_text(item->missing) : item->missing_subject;
		json_t *row = json_object();
		cw_json_put(&call->json, row, "judge", cw_json_text(item->judge));
		cw_json_put(&call->json, row, "link", cw_json_text(item->link_kind));
		cw_json_put(&call->json, row, "code", cw_json_text(cw_finding_code_name(item->code)));
		cw_json_put(&call->json, row, "detail", cw_json_text(item->detail));
		cw_json_put(&call->json, row, "missing", cw_json_text(missing));
		cw_json_put(&call->json, row, "store", cw_json_text(item->store));
		cw_json_add(&call->json, rows, row);
	}
	cw_work_call_put(call, "consequences", rows);
	return true;
}

bool cw_work_upload_tell(struct cw_work_call *call, const struct cw_work_upload *upload)
{
	const struct cw_gate *gate = &upload->gate;
	bool cucm = !cw_node_is_expressway(upload->question.node);
	AUTO_BUFFER page = {0};
	cw_work_json_page_text(&gate->findings, &page);
	if (!gate->refused && cw_work_call_tries(call))
		cw_buffer_text(&page, "The certificate would be accepted.");
	else if (!gate->refused)
		cw_buffer_text(
			&page, cucm ? "Success: Certificate Uploaded..." : "Server certificate uploaded.");
	if (page.failed)
		return cw_work_call_memory(call);
	cw_work_call_put(call, "identity", cw_json_text(cw_work_identity_name(upload->question.kind)));
	cw_work_call_put(call, "refused", json_boolean(gate->refused));
	cw_work_call_put(call, "page_text", cw_json_text(cw_buffer_string(&page)));
	cw_work_call_put(call, "findings", cw_work_json_findings(&gate->findings));
	cw_work_call_put(call, "certificate", cw_work_json_cert_or_null(gate->leaf, upload->question.at));
	cw_work_call_put(call, "key", cw_json_text(key_word(gate->key)));
	cw_work_call_put(call, "trust_first", trust_first(call, upload));
	return put_consequences(call, upload);
}

/* The identity as it would be, in a snapshot that is nobody's. */
static void lay_over(struct cw_work_upload *upload)
{
	struct cw_identity *identity = &upload->after->node->identities[upload->question.kind];
	cw_cert_free(identity->leaf);
	identity->leaf = cw_cert_ref(upload->gate.leaf);
	identity->state = CW_KNOWN;
	for (size_t i = 0; i < identity->extra; i++)
		cw_cert_free(identity->others[i]);
	identity->extra = 0;
}

bool cw_work_upload_try(struct cw_work_call *call, struct cw_work_upload *upload)
{
	if (!cw_work_upload_tell(call, upload))
		return false;
	if (upload->gate.refused || !upload->gate.leaf) {
		cw_work_apply_nothing(call, "refused: nothing would be changed");
		return true;
	}
	lay_over(upload);
	return cw_work_apply_try(call, upload->after);
}

/* --- doing it --- */

/* "then a restart prompt with the new expiry" (Expressway certificate guide, Managing Expressway Certificates). */
static json_t *prompt_of(const struct cw_work_call *call, const struct cw_cert *leaf)
{
	char date[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER text = {0};
	if (call->core->snapshot->node->kind == CW_NODE_CUCM)
		cw_buffer_printf(&text,
			"Restart the services that use it. The uploaded certificate expires on %s.",
			cw_time_format_date(cw_cert_not_after(leaf), date));
	else
		cw_buffer_printf(&text,
			"A restart is required for the new certificate to take effect. The uploaded certificate "
			"expires on %s.",
			cw_time_format_date(cw_cert_not_after(leaf), date));
	if (!call->core->snapshot->file->after_restart)
		cw_buffer_text(&text, " A box needs that; this node shows it already (apply: at-once).");
	return text.failed ? NULL : cw_json_text(cw_buffer_string(&text));
}

static bool is_outside(const struct cw_work_call *call, const char *path)
{
	const char *folder = call->core->folder.path;
	size_t length = strlen(folder);
	return strncmp(path, folder, length) != 0 || path[length] != '/' || strstr(path, "/../");
}

static bool set_path(char **place, const struct cw_buffer *path)
{
	free(*place);
	*place = path->failed ? NULL : strdup(cw_buffer_string(path));
	return *place;
}

/*
 * A node may have its key elsewhere (a lab's nodes use those of the deployment): that file is not this node's to write.
 * An identity that node.yaml does not name has no files yet.
 */
static bool is_anew(const struct cw_work_call *call, const struct cw_work_upload *upload)
{
	enum cw_gate_key key = upload->gate.key;
	bool named = upload->after->node->identities[upload->question.kind].path != NULL;
	return (key == CW_GATE_KEY_PENDING || key == CW_GATE_KEY_GIVEN) &&
		(!named || is_outside(call, upload->files.key));
}

/* Names that no file has. */
static bool find_names(struct cw_work_call *call, struct cw_work_upload *upload)
{
	struct cw_node_files *files = &upload->files;
	const char *name = cw_work_identity_name(upload->question.kind);
	for (unsigned number = 2; number < 10000; number++) {
		AUTO_BUFFER certificate = {0}, key_path = {0};
		cw_buffer_printf(&certificate, "%s/certs/%s-%u.pem", call->core->folder.path, name, number);
		cw_buffer_printf(&key_path, "%s/certs/%s-%u.key", call->core->folder.path, name, number);
		if (access(cw_buffer_string(&certificate), F_OK) == 0 ||
			access(cw_buffer_string(&key_path), F_OK) == 0)
			continue;
		return (set_path(&files->certificate, &certificate) && set_path(&files->key, &key_path)) ||
			cw_work_call_memory(call);
	}
	return cw_work_call_refuse(
		call, 409, "Remove old ones.", "certs/ holds thousands of files of this kind");
}

/* Key and certificate become files of new names, and node.yaml names both in one step; then the request is done. */
static bool install_anew(struct cw_work_call *call, struct cw_work_upload *upload)
{
	const struct cw_node_files *files = &upload->files;
	AUTO_WORK_LOCKS locks = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *pending = NULL;
	AUTO_BUFFER pem = {0};
	bool given = upload->gate.key == CW_GATE_KEY_GIVEN;
	if (!find_names(call, upload) || !cw_work_apply_lock(call, files->certificate, &locks) ||
		!cw_pem_write_cert(&pem, upload->gate.leaf, call->error))
		return false;
	if (!given && !cw_key_read(files->csr_key, NULL, &pending, call->error))
		return cw_work_call_failed(call, 409, "Discard the request, and generate a new one.");
	if (!cw_pem_write_key(files->key, given ? upload->gate.given : pending, NULL, call->error) ||
		!cw_file_write(files->certificate, cw_buffer_string(&pem), pem.length, 0644, call->error) ||
		!cw_work_yaml_name_identity(call, upload->after, upload->question.kind, files))
		return false;
	return given || cw_pending_done(files, call->error);
}

static bool install(struct cw_work_call *call, struct cw_work_upload *upload)
{
	const struct cw_node_files *files = &upload->files;
	AUTO_WORK_LOCKS locks = {0};
	AUTO_INSTALLED installed = {0};
	if (is_anew(call, upload))
		return install_anew(call, upload);
	if (!cw_work_apply_lock(call, files->certificate, &locks) ||
		!cw_work_apply_lock(call, files->key, &locks))
		return false;
	if (!cw_work_recover_note(call->core->folder.path, files, call->error))
		return false;
	if (!cw_install(&upload->question, &upload->gate, &installed, call->error))
		return cw_work_call_failed(call, 409, NULL);
	return cw_work_recover_done(call->core->folder.path, call->error);
}

bool cw_work_upload_install(struct cw_work_call *call, struct cw_work_upload *upload)
{
	bool refused = upload->gate.refused || !upload->gate.leaf;
	if (!cw_work_upload_tell(call, upload))
		return false;
	cw_work_call_put(call, "installed", json_boolean(!refused));
	if (refused) {
		cw_work_call_tell(
			call, cw_work_identity_name(upload->question.kind), NULL, "an upload was refused");
		cw_work_call_put(call, "restart", json_null());
		cw_work_apply_nothing(call, "refused: nothing is changed");
		return true;
	}
	if (!install(call, upload))
		return false;
	cw_work_call_put(call, "restart", prompt_of(call, upload->gate.leaf));
	return cw_work_apply_done(call);
}

bool cw_work_do_identity_try(struct cw_work_call *call)
{
	enum cw_identity_kind kind;
	AUTO_WORK_UPLOAD upload = CW_WORK_UPLOAD_NONE;
	return cw_work_identity_choose(call, call->core->snapshot->node, &kind) &&
		cw_work_upload_ask(call, kind, &upload) && cw_work_upload_try(call, &upload);
}

bool cw_work_do_identity_upload(struct cw_work_call *call)
{
	enum cw_identity_kind kind;
	AUTO_WORK_UPLOAD upload = CW_WORK_UPLOAD_NONE;
	return cw_work_identity_choose(call, call->core->snapshot->node, &kind) &&
		cw_work_upload_ask(call, kind, &upload) && cw_work_upload_install(call, &upload);
}
