#include "import/import_report.h"

#include <string.h>

static const char *many(size_t count)
{
	return count == 1 ? "" : "s";
}

static void write_counts(const struct cw_imported *imported, const struct cw_output *output,
	const char *folder, struct cw_buffer *ret)
{
	size_t files = imported->evidence->source_count;
	cw_buffer_printf(ret, "%s %s/deployment.yaml: %zu node%s from %zu file%s\n",
		output->again ? "brought up to date" : "made", folder, output->nodes, many(output->nodes),
		files, many(files));
}

static const char *had(bool known)
{
	return known ? "" : "unknown ";
}

static void write_box(const struct cw_imported_box *box, struct cw_buffer *ret)
{
	if (box->group == CW_IMPORTED_NONE)
		return;
	cw_buffer_printf(ret, "  %-12s %s", cw_imported_role_key(box->role), box->fqdn);
	if (box->mentioned) {
		cw_buffer_text(ret, ": only mentioned by others\n");
		return;
	}
	const char *separator = ": ";
	for (unsigned i = 0; i < CW_IMPORTED_IDENTITIES; i++) {
		if (!box->identities[i].known)
			continue;
		cw_buffer_printf(ret, "%s%s", separator, cw_imported_identity_key(i));
		separator = ", ";
	}
	for (unsigned i = 0; i < CW_IMPORTED_STORES; i++) {
		const struct cw_imported_certs *store = &box->stores[i];
		if (!store->known)
			continue;
		cw_buffer_printf(ret, "%s%s (%s%zu)", separator, cw_imported_store_key(i),
			had(!store->partial), store->count);
		separator = ", ";
	}
	cw_buffer_text(ret, "\n");
}

static void write_list(const char *title, const struct cw_strings *list, struct cw_buffer *ret)
{
	if (list->count)
		cw_buffer_printf(ret, "\n%s\n", title);
	for (size_t i = 0; i < list->count; i++)
		cw_buffer_printf(ret, "  %s\n", list->items[i]);
}

static void write_questions(const struct cw_imported *imported, struct cw_buffer *ret)
{
	if (imported->question_count)
		cw_buffer_text(ret, "\nStill to be asked\n");
	for (size_t i = 0; i < imported->question_count; i++) {
		cw_buffer_printf(ret, "  %zu. %s\n", i + 1, imported->questions[i].text);
		for (const char *at = imported->questions[i].where; *at;) {
			size_t length = strcspn(at, "\n");
			cw_buffer_printf(ret, "       %.*s\n", (int)length, at);
			at += length + (at[length] == '\n');
		}
	}
}

static void write_conflicts(const struct cw_imported *imported, struct cw_buffer *ret)
{
	if (imported->conflict_count)
		cw_buffer_text(ret, "\nSources that contradict each other\n");
	for (size_t i = 0; i < imported->conflict_count; i++) {
		const struct cw_imported_conflict *conflict = &imported->conflicts[i];
		cw_buffer_printf(ret, "  %s\n    taken  %s, %s\n    left   %s, %s\n", conflict->key,
			conflict->taken, conflict->taken_at, conflict->left, conflict->left_at);
	}
}

static void write_notes(
	const char *title, const struct cw_evidence_notes *notes, bool all, struct cw_buffer *ret)
{
	size_t most = all ? notes->count : 12;
	for (size_t i = 0; i < notes->count && i < most; i++) {
		if (i == 0)
			cw_buffer_printf(ret, "\n%s\n", title);
		cw_buffer_printf(ret, "  %s: %s\n", notes->items[i].file, notes->items[i].text);
	}
	if (notes->count > most)
		cw_buffer_printf(ret, "  and %zu more (--all shows them)\n", notes->count - most);
}

static void write_dropped(const struct cw_imported *imported, bool all, struct cw_buffer *ret)
{
	const struct cw_evidence_notes *dropped = &imported->evidence->dropped;
	if (all)
		write_notes("Dropped when read, and not kept", dropped, true, ret);
	else if (dropped->count)
		cw_buffer_printf(ret, "\nDropped when read, and not kept: secrets in %zu %s\n",
			dropped->count, dropped->count == 1 ? "place" : "places");
}

void cw_import_report_write(const struct cw_imported *imported, const struct cw_output *output,
	const char *folder, bool all, struct cw_buffer *ret)
{
	write_counts(imported, output, folder, ret);
	for (size_t i = 0; i < imported->box_count; i++)
		write_box(&imported->boxes[i], ret);
	write_list("Changed since the last import", &output->changed, ret);
	write_list("Kept as you changed it", &output->kept, ret);
	write_conflicts(imported, ret);
	write_notes("Not placed", &imported->not_placed, all, ret);
	write_notes("Not used", &imported->evidence->unused, all, ret);
	write_dropped(imported, all, ret);
	write_questions(imported, ret);
	cw_buffer_printf(ret, "\nNext: causeway check %s\n", folder);
}

/* What kinds of sources say nothing of whose they are, and what each is good for. */
static const struct {
	enum cw_sniff_kind kind;
	const char *why;
} nobodys[] = {
	{CW_SNIFF_CAPTURE,
		"a capture: it shows what was presented, and other sources must say by which box; "
		"\"causeway capture FILE\" reads it by itself"},
	{CW_SNIFF_LOG,
		"a log: \"causeway log FILE\" explains it; a deployment needs certificates and settings"},
	{CW_SNIFF_SIGNED_LIST,
		"an ITL or CTL file: its certificates complete those of a CUCM node that another "
		"source names"},
	{CW_SNIFF_SHOWCERTS, "what a server sent: it is compared with a box that another source names"},
};

static const char *why_nobodys(enum cw_sniff_kind kind)
{
	for (size_t i = 0; i < sizeof nobodys / sizeof nobodys[0]; i++)
		if (nobodys[i].kind == kind)
			return nobodys[i].why;
	return NULL;
}

#define NOTHING_NOTES_MAX 5

void cw_import_report_nothing(const struct cw_imported *imported, struct cw_buffer *ret)
{
	const struct cw_evidence *evidence = imported->evidence;
	const struct cw_evidence_notes *notes = &imported->not_placed;
	size_t told = 0;
	if (!notes->count)
		notes = &evidence->unused;
	cw_buffer_text(ret,
		"nothing in these sources is of a box that is known here; wanted a diagnostic archive, a dump, "
		"an answer, a session or certificates that say of which box they are");
	for (size_t i = 0; i < imported->box_count && told < NOTHING_NOTES_MAX; i++)
		if (imported->boxes[i].fqdn && ++told)
			cw_buffer_printf(ret,
				"\n  %s: nothing says whether it is Expressway-C, Expressway-E, CUCM, IM and "
				"Presence or Unity Connection; import a dump or a snapshot of it as well, or say so "
				"in the file's name (expc_%s, expe_..., cucm_...)",
				imported->boxes[i].fqdn, imported->boxes[i].fqdn);
	for (size_t i = 0; i < notes->count && told < NOTHING_NOTES_MAX; i++, told++)
		cw_buffer_printf(ret, "\n  %s: %s", notes->items[i].file, notes->items[i].text);
	for (size_t i = 0; i < evidence->source_count && told < NOTHING_NOTES_MAX; i++) {
		const char *why = why_nobodys(evidence->sources[i].kind);
		if (why && ++told)
			cw_buffer_printf(ret, "\n  %s: %s", evidence->sources[i].shown, why);
	}
	cw_buffer_char(ret, '\n');
}
