#include "model/required_names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct composing {
	const struct cw_deployment *deployment;
	const struct cw_node *node;
	struct cw_required_names *names;
	bool failed;
};

void cw_required_names_finish(struct cw_required_names *names)
{
	free(names->items);
	cw_strings_finish(&names->built);
	*names = (struct cw_required_names){0};
}

static void add_either(struct composing *composing, const char *name, const char *alternative,
	enum cw_code missing, const char *reason)
{
	struct cw_required_names *names = composing->names;
	for (size_t i = 0; i < names->count; i++) {
		struct cw_required_name *known = &names->items[i];
		if (strcasecmp(known->name, name) != 0)
			continue;
		if (known->alternative && !alternative) /* now it is wanted as it stands */
			*known = (struct cw_required_name){name, NULL, missing, reason};
		return;
	}
	if (!cw_memory_grow(&names->items, &names->capacity, names->count, sizeof *names->items)) {
		composing->failed = true;
		return;
	}
	names->items[names->count++] = (struct cw_required_name){name, alternative, missing, reason};
}

static void add(struct composing *composing, const char *name, enum cw_code missing, const char *reason)
{
	add_either(composing, name, NULL, missing, reason);
}

static void add_all(
	struct composing *composing, const struct cw_strings *names, enum cw_code missing, const char *reason)
{
	for (size_t i = 0; i < names->count; i++)
		add(composing, names->items[i], missing, reason);
}

/* The MRA certificates guide "Cluster Certificates": the cluster FQDN and the peer's own. */
static void add_peer_names(struct composing *composing)
{
	if (composing->node->group->cluster)
		add(composing, composing->node->group->cluster, CW_CLUSTER_NAME_MISSING, "cluster FQDN");
	add(composing, composing->node->fqdn, CW_PEER_NAME_MISSING, "the box's own FQDN");
}

/* The MRA certificates guide: "Any domains (internal or external) added to the domains list"; the current guide does not list
 * them. */
static void add_domains_of_c(struct composing *composing)
{
	for (size_t i = 0; i < composing->deployment->domain_count; i++)
		add(composing, composing->deployment->domains[i].name, CW_DOMAIN_MISSING,
			"domain of the domains list");
}

static const char *built(struct composing *composing, const char *domain)
{
	struct cw_strings *strings = &composing->names->built;
	if (!cw_strings_addf(strings, "collab-edge.%s", domain)) {
		composing->failed = true;
		return domain;
	}
	return strings->items[strings->count - 1];
}

/* rules 18: `dns` needs the bare name, `collab-edge` the prefixed one, a plain name either. */
static void add_domains_of_e(struct composing *composing)
{
	static const char reason[] = "edge domain that users sign in with";
	for (size_t i = 0; i < composing->deployment->domain_count; i++) {
		const struct cw_domain *domain = &composing->deployment->domains[i];
		switch (domain->edge) {
		case CW_EDGE_EITHER:
			add_either(composing, domain->name, built(composing, domain->name), CW_DOMAIN_MISSING,
				reason);
			break;
		case CW_EDGE_DNS:
			add(composing, domain->name, CW_DOMAIN_MISSING, reason);
			break;
		case CW_EDGE_COLLAB_EDGE:
			add(composing, built(composing, domain->name), CW_DOMAIN_MISSING, reason);
			break;
		case CW_EDGE_NONE:
			break;
		}
	}
}

static bool label_fits(const char *label, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isascii((unsigned char)label[i]) ||
			(!isalnum((unsigned char)label[i]) && label[i] != '-'))
			return false;
	return length > 0 && label[0] != '-' && label[length - 1] != '-';
}

bool cw_required_names_profile_fits(const char *profile)
{
	const char *label = profile;
	for (size_t length = strcspn(label, "."); label[length]; length = strcspn(label, ".")) {
		if (!label_fits(label, length))
			return false;
		label += length + 1;
	}
	return label > profile && label_fits(label, strlen(label)) && isalpha((unsigned char)*label);
}

/* A name that is none cannot stand in a request (phone-profile-unfit). */
static void add_profiles_of(struct composing *composing, const struct cw_strings *profiles)
{
	for (size_t i = 0; i < profiles->count; i++)
		if (cw_required_names_profile_fits(profiles->items[i]))
			add(composing, profiles->items[i], CW_PHONE_PROFILE_MISSING, "secure phone profile");
}

static void add_phone_profiles(struct composing *composing)
{
	const struct cw_deployment *deployment = composing->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i]->kind == CW_NODE_CUCM &&
			deployment->groups[i]->secure_registration == CW_SWITCH_ON)
			add_profiles_of(composing, &deployment->groups[i]->phone_profiles);
}

static void compose(struct composing *composing)
{
	const struct cw_deployment *deployment = composing->deployment;
	static const char chat[] = "persistent chat node alias";
	switch (composing->node->kind) {
	case CW_NODE_EXPRESSWAY_C:
		add_peer_names(composing);
		add_phone_profiles(composing);
		add_all(composing, &deployment->chat_aliases, CW_CHAT_ALIAS_MISSING, chat);
		add_domains_of_c(composing);
		break;
	case CW_NODE_EXPRESSWAY_E:
		add_peer_names(composing);
		add_domains_of_e(composing);
		add_all(composing, &deployment->chat_aliases, CW_CHAT_ALIAS_MISSING, chat);
		add_all(composing, &deployment->federation_domains, CW_FEDERATION_DOMAIN_MISSING,
			"domain advertised for XMPP federation");
		break;
	case CW_NODE_FRONT:
		add(composing, composing->node->fqdn, CW_PEER_NAME_MISSING, "the front's FQDN");
		add_domains_of_e(composing);
		break;
	case CW_NODE_CUCM:
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
		add(composing, cw_node_address(composing->node), CW_PEER_NAME_MISSING,
			"address as added on Expressway-C");
		add(composing, composing->node->fqdn, CW_PEER_NAME_MISSING, "the node's FQDN");
		break;
	case CW_NODE_KIND_COUNT:
		break;
	}
}

bool cw_required_names_of(const struct cw_deployment *deployment, const struct cw_node *node,
	struct cw_required_names *ret, struct cw_error *error)
{
	AUTO_REQUIRED_NAMES names = {0};
	struct composing composing = {deployment, node, &names, false};
	compose(&composing);
	if (composing.failed)
		return cw_error_memory(error);
	*ret = names;
	names = (struct cw_required_names){0};
	return true;
}
