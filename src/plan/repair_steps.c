#include "plan/repair_parts.h"

#include <string.h>

void cw_repair_step_finish(struct cw_repair_step *step)
{
	cw_cert_free(step->remedy.cert);
	cw_cert_free(step->remedy.before);
	cw_cert_free(step->remedy.replaces);
	cw_remedy_finish(&step->remedy);
	cw_cert_free(step->stand_in);
	cw_cert_free(step->issuer);
	cw_crl_free(step->crl);
	cw_strings_finish(&step->nodes);
	cw_strings_finish(&step->former);
	cw_strings_finish(&step->ends);
	*step = (struct cw_repair_step){0};
}

void repair_steps_finish(struct repair_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		cw_repair_step_finish(&steps->items[i]);
	free(steps->items);
	*steps = (struct repair_steps){0};
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_cert(const struct cw_cert *a, const struct cw_cert *b)
{
	return a == b || (a && b && cw_cert_same(a, b));
}

static const char *former(const struct cw_repair_step *step)
{
	return step->former.count ? step->former.items[0] : NULL;
}

bool repair_step_same(const struct cw_repair_step *a, const struct cw_repair_step *b)
{
	const struct cw_remedy *left = &a->remedy, *right = &b->remedy;
	if (left->action != right->action || !same_text(left->node, right->node) ||
		!same_text(left->store, right->store))
		return false;
	if (left->action == CW_ACTION_REISSUE)
		return true; /* one certificate, however many reasons there are */
	return same_cert(left->cert, right->cert) && same_text(left->setting, right->setting) &&
		same_text(left->subject, right->subject) && same_text(former(a), former(b));
}

bool repair_steps_take(struct repair_steps *steps, struct cw_repair_step *step)
{
	for (size_t i = 0; i < steps->count; i++) {
		if (!repair_step_same(&steps->items[i], step))
			continue;
		/* the later request knows the names of the earlier one */
		bool newer = step->remedy.action == CW_ACTION_REISSUE;
		steps->items[i].carried &= step->carried;
		cw_repair_step_finish(newer ? &steps->items[i] : step);
		if (newer)
			steps->items[i] = *step;
		*step = (struct cw_repair_step){0};
		return true;
	}
	if (!cw_memory_grow(&steps->items, &steps->capacity, steps->count, sizeof *steps->items)) {
		cw_repair_step_finish(step);
		return false;
	}
	steps->items[steps->count++] = *step;
	*step = (struct cw_repair_step){0};
	return true;
}

static bool copy_strings(struct cw_strings *to, const struct cw_strings *from)
{
	*to = (struct cw_strings){0};
	for (size_t i = 0; i < from->count; i++)
		if (!cw_strings_add(to, from->items[i]))
			return false;
	return true;
}

static struct cw_cert *ref(struct cw_cert *cert)
{
	return cert ? cw_cert_ref(cert) : NULL;
}

static bool copy_step(const struct cw_repair_step *from, struct cw_repair_step *to)
{
	*to = *from;
	to->remedy.cert = ref(from->remedy.cert);
	to->remedy.before = ref(from->remedy.before);
	to->remedy.replaces = ref(from->remedy.replaces);
	to->stand_in = ref(from->stand_in);
	to->issuer = ref(from->issuer);
	to->crl = from->crl ? cw_crl_ref(from->crl) : NULL;
	to->remedy.value = from->remedy.value ? strdup(from->remedy.value) : NULL;
	to->nodes = to->former = to->ends = to->remedy.names = (struct cw_strings){0};
	return copy_strings(&to->remedy.names, &from->remedy.names) &&
		copy_strings(&to->nodes, &from->nodes) && copy_strings(&to->former, &from->former) &&
		copy_strings(&to->ends, &from->ends) && (!from->remedy.value || to->remedy.value);
}

bool repair_steps_copy(struct repair_steps *to, const struct repair_steps *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct cw_repair_step step;
		if (!copy_step(&from->items[i], &step)) {
			cw_repair_step_finish(&step);
			return false;
		}
		if (!repair_steps_take(to, &step))
			return false;
	}
	return true;
}

bool repair_step_key(const struct cw_repair_step *step, struct cw_buffer *ret)
{
	const struct cw_remedy *remedy = &step->remedy;
	cw_buffer_printf(ret, "%s %s", cw_remedy_action_name(remedy->action), remedy->node);
	if (remedy->store)
		cw_buffer_printf(ret, " %s", remedy->store);
	if (remedy->setting)
		cw_buffer_printf(ret, " %s", remedy->setting);
	if (remedy->cert)
		cw_buffer_printf(ret, " %s", cw_cert_sha256_text(remedy->cert));
	if (remedy->replaces)
		cw_buffer_text(ret, " replaces");
	if (remedy->before)
		cw_buffer_text(ret, " before");
	if (step->issuer)
		cw_buffer_printf(ret, " by %s", cw_cert_sha256_text(step->issuer));
	return !ret->failed;
}

bool repair_step_kind(const struct cw_repair_step *step, struct cw_buffer *ret)
{
	const struct cw_remedy *remedy = &step->remedy;
	switch (remedy->action) {
	case CW_ACTION_APPEND:
	case CW_ACTION_REMOVE:
	case CW_ACTION_MOVE_BEFORE:
		cw_buffer_printf(ret, "list %s", remedy->node);
		break;
	case CW_ACTION_REISSUE:
	case CW_ACTION_INSTALL:
	case CW_ACTION_SET:
	case CW_ACTION_RESTART:
	case CW_ACTION_NONE:
		cw_buffer_printf(ret, "%s %s", cw_remedy_action_name(remedy->action), remedy->node);
		break;
	}
	if (remedy->store)
		cw_buffer_printf(ret, " %s", remedy->store);
	if (remedy->setting)
		cw_buffer_printf(ret, " %s", remedy->setting);
	if (remedy->cert)
		cw_buffer_printf(ret, " %s", cw_cert_sha256_text(remedy->cert));
	return !ret->failed;
}

/* ---------------------------------------------------------------- laying over */

static bool store_named(const char *name, enum cw_store_kind *ret)
{
	for (unsigned kind = 0; name && kind < CW_STORE_KIND_COUNT; kind++) {
		*ret = (enum cw_store_kind)kind;
		if (strcmp(cw_node_store_name(*ret), name) == 0)
			return true;
	}
	return false;
}

static const struct cw_trust_list *list_of(
	const struct cw_deployment *deployment, const char *owner, enum cw_store_kind kind)
{
	const struct cw_node *node = cw_deployment_node(deployment, owner);
	for (size_t i = 0; !node && i < deployment->endpoint_count; i++)
		if (strcmp(deployment->endpoints[i].name, owner) == 0)
			return &deployment->endpoints[i].trust.list;
	return node ? &node->stores[kind].list : NULL;
}

static bool holds(const struct cw_trust_list *list, const struct cw_cert *cert)
{
	return list && cert && cw_trust_list_find(list, cert) < list->count;
}

/* What another step has done already is done. */
static bool lay_list(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	const struct cw_remedy *remedy = &step->remedy;
	struct cw_whatif_change change = {
		.node = remedy->node, .cert = remedy->cert, .other = remedy->before, .from = remedy->from};
	const struct cw_deployment *deployment = cw_whatif_deployment(whatif);
	if (!deployment)
		return cw_error_memory(error);
	if (!store_named(remedy->store, &change.store))
		change.store = CW_STORE_TRUST;
	const struct cw_trust_list *list = list_of(deployment, remedy->node, change.store);
	bool there = holds(list, remedy->cert), other = holds(list, remedy->replaces);
	if (change.other && !holds(list, change.other))
		change.other = NULL;
	if (remedy->action == CW_ACTION_APPEND) {
		change.kind = other ? CW_WHATIF_REPLACE : CW_WHATIF_APPEND;
		change.other = other ? remedy->replaces : change.other;
		return (there && !other) || cw_whatif_apply(whatif, &change, error);
	}
	change.kind = remedy->action == CW_ACTION_REMOVE ? CW_WHATIF_REMOVE : CW_WHATIF_MOVE;
	return !there || cw_whatif_apply(whatif, &change, error);
}

static enum cw_identity_kind identity_named(const char *name)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (strcmp(cw_node_identity_name((enum cw_identity_kind)kind), name) == 0)
			return (enum cw_identity_kind)kind;
	return CW_IDENTITY_SERVER;
}

static bool lay_identity(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	struct cw_whatif_change change = {.kind = CW_WHATIF_IDENTITY,
		.node = step->remedy.node,
		.identity = identity_named(step->remedy.store),
		.cert = step->stand_in};
	if (!cw_whatif_apply(whatif, &change, error))
		return false;
	for (size_t i = 0; i < step->nodes.count; i++) {
		AUTO(free) char *name = strdup(step->nodes.items[i]);
		char *colon = name ? strchr(name, ':') : NULL;
		if (!colon)
			return cw_error_memory(error);
		*colon = '\0';
		change.node = name;
		change.identity = identity_named(colon + 1);
		if (!cw_whatif_apply(whatif, &change, error))
			return false;
	}
	return true;
}

/* Devices are moved to another profile by their names. */
static bool lay_profile(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	struct cw_whatif_change change = {.kind = CW_WHATIF_SETTING, .setting = "profile", .value = "none"};
	for (size_t i = 0; i < step->nodes.count; i++) {
		change.node = step->nodes.items[i];
		if (!cw_whatif_apply(whatif, &change, error))
			return false;
	}
	return true;
}

/* Both ends of a zone run one release. */
static bool lay_release(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	struct cw_whatif_change change = {
		.kind = CW_WHATIF_RELEASE, .node = step->remedy.node, .value = step->remedy.value};
	if (!cw_whatif_apply(whatif, &change, error))
		return false;
	for (size_t i = 0; i < step->nodes.count; i++) {
		change.node = step->nodes.items[i];
		if (!cw_whatif_apply(whatif, &change, error))
			return false;
	}
	return true;
}

static bool lay_setting(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	if (strcmp(step->remedy.setting, "device security profile") == 0)
		return lay_profile(whatif, step, error);
	bool server = strcmp(step->remedy.setting, "server address") == 0;
	bool peer = strcmp(step->remedy.setting, "peer address") == 0;
	struct cw_whatif_change change = {.kind = CW_WHATIF_SETTING,
		.node = step->remedy.node,
		.setting = step->remedy.setting,
		.value = step->remedy.value};
	if (server && step->nodes.count)
		change.node = step->nodes.items[0];
	else if (peer)
		change.replaces = former(step);
	if (strcmp(step->remedy.setting, "release") == 0)
		return lay_release(whatif, step, error);
	return cw_whatif_apply(whatif, &change, error);
}

bool cw_repair_lay(struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error)
{
	switch (step->remedy.action) {
	case CW_ACTION_APPEND:
	case CW_ACTION_REMOVE:
	case CW_ACTION_MOVE_BEFORE:
		return lay_list(whatif, step, error);
	case CW_ACTION_REISSUE:
		return lay_identity(whatif, step, error);
	case CW_ACTION_INSTALL: {
		const struct cw_whatif_change change = {
			.kind = CW_WHATIF_CRL, .node = step->remedy.node, .crl = step->crl};
		if (step->stand_in)
			return lay_identity(whatif, step, error);
		return !step->crl || cw_whatif_apply(whatif, &change, error);
	}
	case CW_ACTION_SET:
		return lay_setting(whatif, step, error);
	case CW_ACTION_RESTART:
	case CW_ACTION_NONE:
		return true;
	}
	return true;
}
