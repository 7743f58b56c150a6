#include "lab/lab_build.h"

#include "lab/lab_faults.h"
#include "lab/lab_lists.h"
#include "lab/lab_sizes.h"

#include <string.h>

enum cw_lab_size cw_lab_build_size(const struct cw_lab_options *options)
{
	for (size_t i = 0; i < options->fault_count; i++)
		if (options->size == CW_LAB_SMALL && cw_lab_fault_row(options->faults[i])->fault.cluster)
			return CW_LAB_CLUSTER;
	return options->size;
}

/* Planted once, however often it is asked for. */
static bool is_repeated(const struct cw_lab_options *options, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(options->faults[i], options->faults[place]) == 0)
			return true;
	return false;
}

static void plant(struct cw_lab_plan *plan, const struct cw_lab_options *options, bool shape)
{
	for (size_t i = 0; i < options->fault_count; i++) {
		const struct cw_lab_fault_row *row = cw_lab_fault_row(options->faults[i]);
		cw_lab_change change = shape ? row->shape : row->lists;
		if (change && !is_repeated(options, i))
			change(plan);
	}
}

bool cw_lab_build(struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error)
{
	plan->at = options->at;
	plan->key_kind = options->key ? options->key : "rsa";
	cw_lab_size_build(plan, cw_lab_build_size(options));
	plant(plan, options, true);
	if (!cw_lab_plan_ok(plan, error))
		return false;
	cw_lab_lists_fill(plan);
	plant(plan, options, false);
	return cw_lab_plan_ok(plan, error);
}
