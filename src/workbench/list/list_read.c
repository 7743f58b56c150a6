#include "workbench/list/list_parts.h"

#include "base/file.h"
#include "base/folder.h"
#include "pki/bundle/pem.h"
#include "pki/bundle/pem_write.h"
#include "workbench/file_name.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes the text over. */
static bool add_item(struct cw_list *list, struct cw_cert *cert, struct cw_buffer *text, size_t line,
	struct cw_error *error)
{
	if (!cw_buffer_ok(text, error))
		return false;
	if (!cw_memory_grow(&list->items, &list->capacity, list->count, sizeof *list->items))
		return cw_error_memory(error);
	list->items[list->count++] =
		(struct cw_list_item){cert ? cw_cert_ref(cert) : NULL, *text, list->file_count - 1, line};
	*text = (struct cw_buffer){0};
	return true;
}

/* A copy that ends with a newline, so that something can stand behind it. */
static void copy_text(struct cw_buffer *ret, const char *text, size_t length)
{
	cw_buffer_append(ret, text, length);
	if (length && text[length - 1] != '\n')
		cw_buffer_char(ret, '\n');
}

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

static struct cw_cert *cert_on_line(const struct cw_bundle *bundle, size_t line, size_t *certs)
{
	struct cw_cert *cert = NULL;
	*certs = 0;
	for (size_t i = 0; i < bundle->count; i++) {
		if (bundle->entries[i].line != line)
			continue;
		cert = bundle->entries[i].cert;
		++*certs;
	}
	return cert;
}

/* A file of PEM blocks with one certificate each: their text is kept as it is. */
static bool is_plain(const struct cw_bundle *bundle)
{
	if (bundle->format != CW_FORMAT_PEM)
		return bundle->format == CW_FORMAT_EMPTY;
	for (size_t i = 0; i < bundle->count; i++) {
		size_t certs;
		cert_on_line(bundle, bundle->entries[i].line, &certs);
		if (certs != 1)
			return false;
	}
	return true;
}

static bool add_blocks(struct cw_list *list, const struct cw_bundle *bundle, const struct cw_buffer *content,
	struct cw_error *error)
{
	AUTO_PEM pem;
	struct cw_pem_block block;
	bool found;
	const char *text = cw_buffer_string(content);
	size_t length = content->length;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a mark of byte order would get inside */
		text += 3;
		length -= 3;
	}
	const char *start = text;
	cw_pem_start(&pem, text, length);
	for (;;) {
		if (!cw_pem_next(&pem, &block, &found, error))
			return false;
		if (!found)
			break;
		size_t certs;
		struct cw_cert *cert = cert_on_line(bundle, block.line, &certs);
		AUTO_BUFFER piece = {0};
		copy_text(&piece, start, (size_t)(pem.at - start));
		start = pem.at;
		if (!add_item(list, cert, &piece, block.line, error))
			return false;
	}
	size_t rest = length - (size_t)(start - text);
	if (is_blank(start, rest))
		return true;
	copy_text(&list->files[list->file_count - 1].tail, start, rest);
	return cw_buffer_ok(&list->files[list->file_count - 1].tail, error);
}

static bool add_rebuilt(struct cw_list *list, const struct cw_bundle *bundle, struct cw_error *error)
{
	for (size_t i = 0; i < bundle->count; i++) {
		AUTO_BUFFER text = {0};
		if (!cw_pem_write_cert(&text, bundle->entries[i].cert, error) ||
			!add_item(list, bundle->entries[i].cert, &text, bundle->entries[i].line, error))
			return false;
	}
	for (size_t i = 0; i < bundle->crl_count; i++) {
		AUTO_BUFFER text = {0};
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(bundle->crls[i]), &der);
		bool good = length > 0 && cw_pem_write_block(&text, "X509 CRL", der, (size_t)length, error);
		OPENSSL_free(der);
		if (!good || !add_item(list, NULL, &text, 0, error))
			return length > 0 ? false : cw_error_memory(error);
	}
	return true;
}

/* A link is followed: the file that it names is the one to replace. */
static bool add_file(struct cw_list *list, const char *path, const char *shown, struct cw_error *error)
{
	struct stat status;
	AUTO(free) char *real = realpath(path, NULL);
	if (!cw_memory_grow(&list->files, &list->file_capacity, list->file_count, sizeof *list->files))
		return cw_error_memory(error);
	struct cw_list_file *file = &list->files[list->file_count];
	*file = (struct cw_list_file){
		.path = strdup(real ? real : path), .shown = strdup(shown), .mode = 0644};
	list->file_count++;
	if (!file->path || !file->shown)
		return cw_error_memory(error);
	if (stat(path, &status) == 0)
		file->mode = status.st_mode & 07777;
	return true;
}

bool cw_list_read(struct cw_list *list, const char *path, const char *shown, bool create,
	struct cw_pool *pool, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	AUTO_BUNDLE bundle = {0};
	if (strcmp(path, "-") == 0)
		shown = "standard input";
	if (!add_file(list, path, shown, error))
		return false;
	if (create && strcmp(path, "-") != 0 && access(path, F_OK) != 0)
		return true;
	if (!cw_file_read(path, CW_BUNDLE_FILE_MAX, &content, error) ||
		!cw_bundle_parse(&(struct cw_bundle_file){cw_buffer_string(&content), content.length, shown},
			NULL, pool, &bundle, error))
		return false;
	struct cw_list_file *file = &list->files[list->file_count - 1];
	for (size_t i = 0; i < bundle.notes.count; i++)
		if (!cw_strings_add(&list->notes, bundle.notes.items[i]))
			return cw_error_memory(error);
	file->format = bundle.format;
	file->has_key = bundle.key_count > 0;
	return is_plain(&bundle) ? add_blocks(list, &bundle, &content, error)
				 : add_rebuilt(list, &bundle, error);
}

static bool is_listed(const struct cw_list *list, const char *path)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (strcmp(list->files[i].path, path) == 0)
			return true;
	return false;
}

/* In a folder that numbers order: the next one, as long as the others. */
static void begin_with_number(const struct cw_list *list, struct cw_buffer *ret)
{
	unsigned highest = 0, number;
	int width = 1;
	for (size_t i = 0; i < list->file_count; i++) {
		const char *shown = list->files[i].shown, *slash = strrchr(shown, '/');
		const char *name = slash ? slash + 1 : shown;
		if (!cw_folder_number(name, &number))
			continue;
		highest = number > highest ? number : highest;
		if (*name == '0' && number)
			width = (int)strspn(name, "0123456789");
	}
	cw_buffer_printf(ret, "%0*u-", width, highest + 1);
}

/* Free in the folder, and no name of a new entry that is not written yet. NULL: no memory, or no name is free. */
static char *free_path(const struct cw_list *list, const struct cw_cert *cert)
{
	for (size_t number = 1; number <= list->file_count + 1; number++) {
		AUTO_BUFFER label = {0};
		if (list->numbered)
			begin_with_number(list, &label);
		cw_buffer_text(&label, cw_cert_label(cert));
		if (number > 1)
			cw_buffer_printf(&label, "-%zu", number);
		AUTO(free)
		char *path = label.failed ? NULL
					  : cw_file_name_for(list->folder, cw_buffer_string(&label), ".pem");
		if (!path || !is_listed(list, path))
			return TAKE(path);
	}
	return NULL;
}

bool cw_list_new_file(struct cw_list *list, const struct cw_cert *cert, size_t *ret, struct cw_error *error)
{
	AUTO(free) char *path = free_path(list, cert);
	if (!path || !add_file(list, path, path, error))
		return cw_error_memory(error);
	*ret = list->file_count - 1;
	return true;
}
