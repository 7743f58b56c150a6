#include "check/again_parts.h"

#include "pki/error_mark.h"

#include <stdint.h>
#include <string.h>

/*
 * Both deployments have the same shape, so that nodes are matched by their number, links by their place and zones and
 * endpoints by their index. Links are gone through in the order of the table, so that the traversal links are done
 * before what they carry. Then nodes, where an input of their own checks changed or the path of a link that they take
 * part in is another; then sign-ins, where anything that a route looks at is another.
 */

static void running_finish(struct again_running *running)
{
	free(running->nodes);
	free(running->slots);
	free(running->touched);
	free(running->carries);
}

/* ---------------------------------------------------------------- who is who */

static struct again_slot *slot_of(const struct again_running *running, const struct cw_node *node)
{
	size_t at = (size_t)((uintptr_t)node >> 4) & (running->slot_count - 1);
	while (running->slots[at].node && running->slots[at].node != node)
		at = (at + 1) & (running->slot_count - 1);
	return &running->slots[at];
}

size_t again_number_of(const struct again_running *running, const struct cw_node *former)
{
	return slot_of(running, former)->number;
}

struct cw_node *again_node_now(const struct again_running *running, const struct cw_node *former)
{
	return former ? running->nodes[again_number_of(running, former)] : NULL;
}

static bool number_nodes(struct again_running *running)
{
	const struct cw_deployment *deployment = running->check->deployment;
	size_t count = running->former->node_count, number = 0;
	running->slot_count = 16;
	while (running->slot_count < count * 2)
		running->slot_count *= 2;
	running->nodes = calloc(count + 1, sizeof *running->nodes);
	running->touched = calloc(count + 1, sizeof *running->touched);
	running->slots = calloc(running->slot_count, sizeof *running->slots);
	running->carries = calloc(running->former->link_count + 1, sizeof *running->carries);
	if (!running->nodes || !running->touched || !running->slots || !running->carries)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			running->nodes[number++] = deployment->groups[i]->nodes[k];
	if (deployment->front)
		running->nodes[number++] = deployment->front;
	for (size_t i = 0; i < count; i++)
		*slot_of(running, running->former->nodes[i].node) =
			(struct again_slot){running->former->nodes[i].node, i};
	return true;
}

size_t again_endpoint_number(const struct again_running *running, const struct cw_endpoint *former)
{
	return (size_t)(former - running->former->deployment->endpoints);
}

void again_find_party(const struct again_running *running, struct cw_party *party)
{
	party->node = again_node_now(running, party->node);
	if (party->endpoint)
		party->endpoint = &running->check->deployment
					   ->endpoints[again_endpoint_number(running, party->endpoint)];
}

bool cw_again_run(const struct cw_deployment *deployment, const struct cw_again *again,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_check_free) struct cw_check *check = calloc(1, sizeof *check);
	struct again_running running __attribute__((cleanup(running_finish))) = {.again = again,
		.former = again->former,
		.check = check,
		.terms = cw_check_terms(deployment, options),
		.options = options,
		.error = error};
	if (!check)
		return cw_error_memory(error);
	check->deployment = deployment;
	check->at = options->at;
	check->cache = options->cache;
	bool alike = false;
	if (!number_nodes(&running) || !again_derive_links(&running, &alike))
		return false;
	if (!alike)
		return cw_check_run(deployment, options, ret, error);
	if (!again_do_links(&running) || !again_do_nodes(&running) || !again_do_services(&running))
		return false;
	check->cache = NULL;
	if (cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error);
	*ret = TAKE(check);
	return true;
}
