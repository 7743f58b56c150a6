#include "lab/lab_faults.h"

#include "base/buffer.h"

#include <string.h>

static const struct cw_lab_fault_table *const tables[] = {
	&cw_lab_trust_faults, &cw_lab_leaf_faults, &cw_lab_name_faults, &cw_lab_node_faults};

static const struct cw_lab_exception exceptions[] = {
	{"policy-unfit",
		"Expressway nodes check no certificate policies, and elsewhere a CA must demand one, which "
		"no "
		"CA of the field does"},
	{"other-check-failed",
		"stands for the few checks of OpenSSL that have no code of their own, "
		"and no certificate of the field meets one"},
	{"request-names-differ",
		"is about a certificate that is being uploaded: cert accept finds it, check never does"},
	{"key-unusable", "is about a key that is being uploaded: cert accept finds it, check never does"},
	{"request-discarded", "is about a request of the past: cert accept finds it, check never does"},
};

static const struct cw_lab_fault_row *row_at(size_t place)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (place < tables[i]->count)
			return &tables[i]->rows[place];
		place -= tables[i]->count;
	}
	return NULL;
}

const struct cw_lab_fault *cw_lab_fault_at(size_t place)
{
	const struct cw_lab_fault_row *row = row_at(place);
	return row ? &row->fault : NULL;
}

const struct cw_lab_fault_row *cw_lab_fault_row(const char *code)
{
	const struct cw_lab_fault_row *row;
	for (size_t i = 0; (row = row_at(i)); i++)
		if (strcmp(row->fault.code, code) == 0)
			return row;
	return NULL;
}

const struct cw_lab_fault *cw_lab_fault_find(const char *code)
{
	const struct cw_lab_fault_row *row = cw_lab_fault_row(code);
	return row ? &row->fault : NULL;
}

const struct cw_lab_exception *cw_lab_exceptions(size_t *count)
{
	*count = sizeof exceptions / sizeof exceptions[0];
	return exceptions;
}

static const char *reason_for_exception(const char *code)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
		if (strcmp(exceptions[i].code, code) == 0)
			return exceptions[i].reason;
	return NULL;
}

bool cw_lab_fault_unknown(const char *code, struct cw_error *error)
{
	const char *reason = reason_for_exception(code);
	if (reason)
		return cw_error_set(
			error, CW_E_USAGE, "the fault \"%s\" cannot be planted: it %s", code, reason);
	AUTO_STRINGS names = {0};
	AUTO_BUFFER list = {0};
	const struct cw_lab_fault_row *row;
	for (size_t i = 0; (row = row_at(i)); i++) {
		if (!cw_strings_add(&names, row->fault.code))
			return cw_error_memory(error);
		cw_buffer_printf(&list, "%s%s", i ? " " : "", row->fault.code);
	}
	if (!cw_buffer_ok(&list, error))
		return false;
	const char *meant = cw_strings_suggest(code, (const char *const *)names.items, names.count);
	if (!meant)
		return cw_error_set(error, CW_E_USAGE, "unknown fault \"%s\". There are: %s", code,
			cw_buffer_string(&list));
	return cw_error_set(error, CW_E_USAGE, "unknown fault \"%s\"; did you mean \"%s\"? There are: %s",
		code, meant, cw_buffer_string(&list));
}

struct cw_lab_plan_cert *cw_lab_fault_server(struct cw_lab_plan *plan, enum cw_node_kind kind, size_t place)
{
	struct cw_lab_plan_cert *cert =
		cw_lab_plan_node(plan, kind, place)->identities[CW_IDENTITY_SERVER].cert;
	return cert ? cert : &plan->scratch_cert;
}
