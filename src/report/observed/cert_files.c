#include "report/observed/cert_files.h"

#include "base/draft.h"
#include "base/file.h"
#include "pki/bundle/pem_write.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define LABEL_MAX 60 /* characters of the subject in a file's name; the hash is 64 more */

bool cw_cert_files_begin(struct cw_cert_files *extract, struct cw_error *error)
{
	return cw_file_make_folder(extract->folder, error);
}

/* The last CN of a printed subject, else all of it. */
static const char *label_of(const char *subject, size_t *length)
{
	const char *label = subject, *at = subject;
	while ((at = strstr(at, "CN="))) {
		if (at == subject || at[-1] == ' ' || at[-1] == ',')
			label = at + 3;
		at += 3;
	}
	const char *end = label == subject ? NULL : strstr(label, ", ");
	*length = end ? (size_t)(end - label) : strlen(label);
	return label;
}

static bool is_safe(char c, bool first)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	return letter || c == '_' || (!first && (c == '.' || c == '-'));
}

void cw_cert_files_name(
	const struct cw_cert_files *extract, const struct cw_captured_cert *cert, struct cw_buffer *ret)
{
	size_t length = 0;
	const char *label = cert->subject ? label_of(cert->subject, &length) : "";
	for (size_t i = 0; i < length && i < LABEL_MAX; i++)
		cw_buffer_char(ret, is_safe(label[i], i == 0) ? label[i] : '_');
	cw_buffer_text(ret, length ? "-" : "certificate-");
	cw_buffer_text(ret, cert->sha256_text);
	const char *ending = extract->der ? ".der" : ".pem";
	cw_buffer_text(ret, extract->cer ? ".cer" : ending);
}

/* Not cw_file_write: its two fsyncs for each of ten thousand files take minutes, and what is lost can be had
 * again. */
static bool write_whole(const char *path, const void *data, size_t length, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	if (!cw_draft_open(path, &draft, error))
		return false;
	if (fwrite(data, 1, length, cw_draft_stream(draft)) != length)
		return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	return cw_draft_commit_loose(draft, 0644, error);
}

bool cw_cert_files_add(
	struct cw_cert_files *extract, const struct cw_captured_cert *cert, struct cw_error *error)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER pem = {0};
	cw_buffer_text(&path, extract->folder);
	cw_buffer_char(&path, '/');
	cw_cert_files_name(extract, cert, &path);
	if (!cw_buffer_ok(&path, error))
		return false;
	extract->written++;
	if (extract->der)
		return write_whole(path.data, cert->der, cert->length, error);
	return cw_pem_write_block(&pem, "CERTIFICATE", cert->der, cert->length, error) &&
		cw_buffer_ok(&pem, error) && write_whole(path.data, pem.data, pem.length, error);
}

CW_DEFINE_AUTO(json_t *, json_decref)

static bool append_entry(const struct cw_cert_files *extract, const struct cw_captured_cert *cert,
	struct cw_buffer *index, struct cw_error *error)
{
	AUTO_BUFFER name = {0};
	cw_cert_files_name(extract, cert, &name);
	AUTO(json_decref)
	json_t *entry = json_pack("{s:s, s:s, s:s?, s:s?, s:I, s:I, s:I}", "file", cw_buffer_string(&name),
		"sha256", cert->sha256_text, "subject", cert->subject, "issuer", cert->issuer, "length",
		(json_int_t)cert->length, "first_frame", (json_int_t)cert->frame, "sent",
		(json_int_t)cert->count);
	AUTO(free) char *text = entry ? json_dumps(entry, 0) : NULL;
	if (!text)
		return cw_error_memory(error);
	cw_buffer_text(index, index->length > 2 ? ",\n " : "\n ");
	cw_buffer_text(index, text);
	return true;
}

bool cw_cert_files_end(
	struct cw_cert_files *extract, const struct cw_captured_certs *certs, struct cw_error *error)
{
	AUTO_BUFFER index = {0};
	AUTO(free) char *path = cw_file_path(extract->folder, "index.json");
	if (!path)
		return cw_error_memory(error);
	cw_buffer_char(&index, '[');
	for (const struct cw_captured_cert *cert = cw_captured_certs_each(certs, NULL); cert;
		cert = cw_captured_certs_each(certs, cert))
		if (!append_entry(extract, cert, &index, error))
			return false;
	cw_buffer_text(&index, "\n]\n");
	return cw_buffer_ok(&index, error) && cw_file_write(path, index.data, index.length, 0644, error);
}
