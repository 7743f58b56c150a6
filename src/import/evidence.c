#include "import/evidence.h"

#include "base/buffer.h"
#include "base/escape.h"

#include <string.h>

static void notes_finish(struct cw_evidence_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		free(notes->items[i].file);
		free(notes->items[i].text);
	}
	free(notes->items);
}

void cw_evidence_finish(struct cw_evidence *evidence)
{
	for (size_t i = 0; i < evidence->source_count; i++) {
		free(evidence->sources[i].shown);
		free(evidence->sources[i].folder);
		free(evidence->sources[i].container);
		free(evidence->sources[i].box);
	}
	for (size_t i = 0; i < evidence->fact_count; i++)
		free(evidence->facts[i].value);
	for (size_t i = 0; i < evidence->cert_count; i++) {
		cw_cert_free(evidence->certs[i].cert);
		free(evidence->certs[i].service);
		free(evidence->certs[i].host);
	}
	for (size_t i = 0; i < evidence->crl_count; i++)
		cw_crl_free(evidence->crls[i].crl);
	free(evidence->sources);
	free(evidence->facts);
	free(evidence->certs);
	free(evidence->crls);
	notes_finish(&evidence->dropped);
	notes_finish(&evidence->unused);
	*evidence = (struct cw_evidence){0};
}

bool cw_evidence_add_source(struct cw_evidence *evidence, const char *shown, const char *container,
	size_t *ret, struct cw_error *error)
{
	if (evidence->source_count >= CW_EVIDENCE_SOURCES_MAX)
		return cw_error_set(error, CW_E_LIMIT,
			"%s: more than %d files in all sources; import the boxes in several calls", container,
			CW_EVIDENCE_SOURCES_MAX);
	if (!cw_memory_grow(&evidence->sources, &evidence->source_capacity, evidence->source_count,
		    sizeof *evidence->sources))
		return cw_error_memory(error);
	const char *slash = strrchr(shown, '/');
	struct cw_evidence_source source = {
		.shown = strdup(shown),
		.folder = strndup(shown, slash ? (size_t)(slash - shown) : 0),
		.container = strdup(container),
	};
	*ret = evidence->source_count;
	evidence->sources[evidence->source_count++] = source;
	if (!source.shown || !source.folder || !source.container)
		return cw_error_memory(error);
	return true;
}

bool cw_evidence_set_box(struct cw_evidence *evidence, size_t source, const char *box, struct cw_error *error)
{
	struct cw_evidence_source *at = &evidence->sources[source];
	if (at->box || !*box)
		return true;
	at->box = cw_escape_copy(box, strlen(box));
	return at->box ? true : cw_error_memory(error);
}

bool cw_evidence_add_fact(struct cw_evidence *evidence, const struct cw_evidence_fact *fact,
	const char *value, size_t length, struct cw_error *error)
{
	if (!length)
		return true;
	if (length > CW_EVIDENCE_VALUE_MAX || evidence->fact_count >= CW_EVIDENCE_FACTS_MAX)
		return cw_error_set(error, CW_E_LIMIT, "%s",
			length > CW_EVIDENCE_VALUE_MAX ? "a value of more than 4096 characters"
						       : "more than 500000 settings in all sources");
	if (!cw_memory_grow(&evidence->facts, &evidence->fact_capacity, evidence->fact_count,
		    sizeof *evidence->facts))
		return cw_error_memory(error);
	char *copy = cw_escape_copy(value, length);
	if (!copy)
		return cw_error_memory(error);
	evidence->facts[evidence->fact_count] = *fact;
	evidence->facts[evidence->fact_count++].value = copy;
	return true;
}

static bool copy_text(const char *text, char **ret)
{
	*ret = text ? cw_escape_copy(text, strlen(text)) : NULL;
	return !text || *ret;
}

bool cw_evidence_add_cert(
	struct cw_evidence *evidence, const struct cw_evidence_cert *cert, struct cw_error *error)
{
	if (evidence->cert_count >= CW_EVIDENCE_CERTS_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "more than %d certificates in all sources", CW_EVIDENCE_CERTS_MAX);
	if (!cw_memory_grow(&evidence->certs, &evidence->cert_capacity, evidence->cert_count,
		    sizeof *evidence->certs))
		return cw_error_memory(error);
	struct cw_evidence_cert *at = &evidence->certs[evidence->cert_count++];
	*at = *cert;
	at->service = at->host = NULL;
	cw_cert_ref(at->cert);
	if (!copy_text(cert->service, &at->service) || !copy_text(cert->host, &at->host))
		return cw_error_memory(error);
	return true;
}

bool cw_evidence_add_crl(
	struct cw_evidence *evidence, size_t source, struct cw_crl *crl, struct cw_error *error)
{
	if (!cw_memory_grow(
		    &evidence->crls, &evidence->crl_capacity, evidence->crl_count, sizeof *evidence->crls))
		return cw_error_memory(error);
	evidence->crls[evidence->crl_count++] = (struct cw_evidence_crl){source, cw_crl_ref(crl)};
	return true;
}

const char *cw_evidence_name(const struct cw_evidence_source *source, bool whole)
{
	size_t length = strlen(source->container);
	bool below = source->shown[length] == '/';
	if (below && !whole)
		return source->shown + length + 1;
	while (length && source->shown[length - 1] != '/')
		length--;
	return source->shown + length;
}

/* The first index whose source is not below `source`; the arrays are in the order of their sources. */
#define FIRST_OF(items, total, wanted) \
	__extension__({ \
		size_t low_ = 0, high_ = (total); \
		while (low_ < high_) { \
			size_t middle_ = low_ + (high_ - low_) / 2; \
			if ((items)[middle_].source < (wanted)) \
				low_ = middle_ + 1; \
			else \
				high_ = middle_; \
		} \
		low_; \
	})

const struct cw_evidence_fact *cw_evidence_facts_of(
	const struct cw_evidence *evidence, size_t source, size_t *count)
{
	size_t first = FIRST_OF(evidence->facts, evidence->fact_count, source);
	*count = FIRST_OF(evidence->facts, evidence->fact_count, source + 1) - first;
	return *count ? evidence->facts + first : NULL;
}

const struct cw_evidence_cert *cw_evidence_certs_of(
	const struct cw_evidence *evidence, size_t source, size_t *count)
{
	size_t first = FIRST_OF(evidence->certs, evidence->cert_count, source);
	*count = FIRST_OF(evidence->certs, evidence->cert_count, source + 1) - first;
	return *count ? evidence->certs + first : NULL;
}

static bool add_note(struct cw_evidence_notes *notes, const char *file, size_t line, const char *text,
	struct cw_error *error)
{
	if (!cw_memory_grow(&notes->items, &notes->capacity, notes->count, sizeof *notes->items))
		return cw_error_memory(error);
	struct cw_evidence_note *note = &notes->items[notes->count++];
	*note = (struct cw_evidence_note){strdup(file), line, strdup(text)};
	return note->file && note->text ? true : cw_error_memory(error);
}

bool cw_evidence_drop(
	struct cw_evidence *evidence, size_t source, size_t line, const char *what, struct cw_error *error)
{
	const char *shown = evidence->sources[source].shown;
	for (size_t i = evidence->dropped.count; i-- > 0;) {
		const struct cw_evidence_note *note = &evidence->dropped.items[i];
		if (strcmp(note->file, shown) != 0)
			break; /* a source is read in one go */
		if (strcmp(note->text, what) == 0)
			return true;
	}
	return add_note(&evidence->dropped, shown, line, what, error);
}

bool cw_evidence_unused(
	struct cw_evidence *evidence, const char *file, size_t line, const char *why, struct cw_error *error)
{
	return add_note(&evidence->unused, file, line, why, error);
}
