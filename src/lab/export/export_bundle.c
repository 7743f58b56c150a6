#include "lab/export/lab_export_parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A diagnostic archive: one folder, tar.gz, its name and its files with the host's name and the time. */
struct bundle {
	const struct cw_lab_export *job;
	const struct cw_node *node;
	struct archive *archive;
	struct cw_buffer packed;
	char host[256];
	char stamp[32];
};

static la_ssize_t on_write(struct archive *archive, void *context, const void *data, size_t length)
{
	struct cw_buffer *packed = context;
	(void)archive;
	cw_buffer_append(packed, data, length);
	return packed->failed ? -1 : (la_ssize_t)length;
}

static bool trouble(const struct bundle *bundle)
{
	return cw_error_set(bundle->job->error, CW_E_IO, "an archive cannot be written: %s",
		archive_error_string(bundle->archive));
}

static bool begin(struct bundle *bundle)
{
	time_t at = (time_t)bundle->job->at;
	struct tm utc;
	gmtime_r(&at, &utc);
	strftime(bundle->stamp, sizeof bundle->stamp, "%Y-%m-%d_%H_%M_%S", &utc);
	snprintf(bundle->host, sizeof bundle->host, "%.*s", (int)cw_lab_export_label(bundle->node->fqdn),
		bundle->node->fqdn);
	bundle->archive = archive_write_new();
	if (!bundle->archive)
		return cw_error_memory(bundle->job->error);
	archive_write_add_filter_gzip(bundle->archive);
	archive_write_set_format_ustar(bundle->archive);
	return archive_write_open(bundle->archive, &bundle->packed, NULL, on_write, NULL) == ARCHIVE_OK ||
		trouble(bundle);
}

static bool add(struct bundle *bundle, const char *stem, const char *ending, const struct cw_buffer *content)
{
	char name[512];
	snprintf(name, sizeof name, "diagnostic_log_%s_%s/%s_%s_%s.%s", bundle->host, bundle->stamp, stem,
		bundle->host, bundle->stamp, ending);
	if (!cw_buffer_ok(content, bundle->job->error))
		return false;
	struct archive_entry *entry = archive_entry_new();
	if (!entry)
		return cw_error_memory(bundle->job->error);
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, (time_t)bundle->job->at, 0);
	archive_entry_set_size(entry, (la_int64_t)content->length);
	bool fine = archive_write_header(bundle->archive, entry) == ARCHIVE_OK &&
		archive_write_data(bundle->archive, content->data, content->length) ==
			(la_ssize_t)content->length;
	archive_entry_free(entry);
	return fine || trouble(bundle);
}

static bool add_dumps(struct bundle *bundle)
{
	char release[CW_RELEASE_TEXT_SIZE];
	cw_release_text(bundle->node->group->release, release);
	for (unsigned status = 0; status < 2; status++) {
		AUTO_LAB_DUMP dump = {0};
		AUTO_BUFFER text = {0};
		AUTO_BUFFER xml = {0};
		if (status)
			cw_lab_export_status(bundle->job, bundle->node, &dump);
		else
			cw_lab_export_configuration(bundle->job, bundle->node, &dump);
		cw_lab_export_dump_text(&dump, status, &text);
		cw_lab_export_dump_xml(&dump, status, release, &xml);
		const char *stem = status ? "xstat_dump" : "xconf_dump";
		if (!add(bundle, stem, "txt", &text) || !add(bundle, stem, "xml", &xml))
			return false;
	}
	return true;
}

static bool add_certs(struct bundle *bundle)
{
	static const struct {
		enum cw_identity_kind kind;
		const char *stem;
	} rows[] = {{CW_IDENTITY_SERVER, "server"}, {CW_IDENTITY_CLIENT, "client"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_identity *identity = &bundle->node->identities[rows[i].kind];
		AUTO_BUFFER pem = {0};
		if (identity->state != CW_KNOWN)
			continue;
		if (!cw_lab_export_identity(bundle->job, identity, &pem) ||
			!add(bundle, rows[i].stem, "pem", &pem))
			return false;
	}
	const struct cw_store *store = &bundle->node->stores[CW_STORE_TRUSTED_CA];
	AUTO_BUFFER list = {0};
	return store->state != CW_KNOWN ||
		(cw_lab_export_list(bundle->job, store, &list) && add(bundle, "ca", "pem", &list));
}

static bool add_seen(struct bundle *bundle)
{
	AUTO_BUFFER log = {0};
	AUTO_BUFFER capture = {0};
	return cw_lab_export_log(bundle->job, bundle->node, &log) &&
		add(bundle, "loggingsnapshot", "txt", &log) &&
		cw_lab_export_capture(bundle->job, bundle->node, &capture) &&
		add(bundle, "eth0_diagnostic_logging_tcpdump0", "pcap", &capture);
}

static bool fill(struct bundle *bundle)
{
	AUTO_BUFFER name = {0};
	if (!begin(bundle) || !add_dumps(bundle) || !add_certs(bundle) || !add_seen(bundle))
		return false;
	if (archive_write_close(bundle->archive) != ARCHIVE_OK)
		return trouble(bundle);
	cw_buffer_printf(&name, "diagnostic_log_%s_%s.tar.gz", bundle->node->fqdn, bundle->stamp);
	return cw_buffer_ok(&name, bundle->job->error) &&
		cw_lab_export_file(bundle->job, cw_buffer_string(&name), &bundle->packed);
}

bool cw_lab_export_bundle(struct cw_lab_export *job, const struct cw_node *node)
{
	struct bundle bundle = {.job = job, .node = node};
	bool done = fill(&bundle);
	if (bundle.archive)
		archive_write_free(bundle.archive);
	cw_buffer_finish(&bundle.packed);
	return done;
}
