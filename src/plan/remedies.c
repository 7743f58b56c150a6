#include "plan/remedies_parts.h"

/* What finds the remedy of each finding; a code that is not here has none of its own. */
typedef bool find_remedy(const struct remedy_search *at);

static find_remedy *const rows[CW_CODE_COUNT] = {
	[CW_ISSUER_MISSING] = remedy_issuer_missing,
	[CW_ROOT_MISSING] = remedy_top_missing,
	[CW_SELF_SIGNED_UNTRUSTED] = remedy_top_missing,
	[CW_ECDSA_TWIN_UNTRUSTED] = remedy_top_missing,
	[CW_TRUST_NOT_REPLICATED] = remedy_append_culprit,
	[CW_DEVICE_LIST_LACKS_CA] = remedy_device_list,
	[CW_ISSUER_SHADOWED] = remedy_shadowed,
	[CW_SIGNATURE_INVALID] = remedy_signature,
	[CW_KEY_IDENTIFIER_DIFFERS] = remedy_reissue,
	[CW_EXPIRED] = remedy_dates,
	[CW_EXPIRES_SOON] = remedy_dates,
	[CW_NOT_YET_VALID] = remedy_dates,
	[CW_CRL_MISSING] = remedy_crl_missing,
	[CW_CRL_EXPIRED] = remedy_crl_missing,
	[CW_REVOKED] = remedy_reissue,
	[CW_SERVER_AUTH_MISSING] = remedy_reissue,
	[CW_CLIENT_AUTH_MISSING] = remedy_reissue,
	[CW_KEY_USAGE_UNFIT] = remedy_reissue,
	[CW_NOT_A_CA] = remedy_reissue,
	[CW_PATH_TOO_LONG] = remedy_reissue,
	[CW_NAME_CONSTRAINT] = remedy_constraint,
	[CW_CRITICAL_EXTENSION] = remedy_reissue,
	[CW_POLICY_UNFIT] = remedy_reissue,
	[CW_OTHER_CHECK_FAILED] = remedy_reissue,
	[CW_WEAK_KEY] = remedy_reissue,
	[CW_WEAK_DIGEST] = remedy_reissue,
	[CW_TLS_UNUSABLE] = remedy_reissue,
	[CW_UNKNOWN_OID_IN_NAME] = remedy_reissue,
	[CW_TUNNEL_KEY_UNFIT] = remedy_tunnel_key,
	[CW_PHONE_PROFILE_MISSING] = remedy_profile_missing,
	[CW_PHONE_PROFILE_UNFIT] = remedy_profile_unfit,
	[CW_EDGE_DOMAIN_MISSING] = remedy_reissue,
	[CW_WILDCARD_NAME] = remedy_reissue,
	[CW_TEMPORARY_CERTIFICATE] = remedy_reissue,
	[CW_SAN_TOO_LONG] = remedy_reissue,
	[CW_COMMON_NAME_MISSING] = remedy_reissue,
	[CW_CLUSTER_NAME_MISSING] = remedy_reissue,
	[CW_CLUSTER_CN_DIFFERS] = remedy_reissue,
	[CW_PEER_NAME_MISSING] = remedy_reissue,
	[CW_DOMAIN_MISSING] = remedy_reissue,
	[CW_CHAT_ALIAS_MISSING] = remedy_reissue,
	[CW_FEDERATION_DOMAIN_MISSING] = remedy_reissue,
	[CW_SHARED_KEY] = remedy_reissue,
	[CW_PEER_NAME_MISMATCH] = remedy_peer_name,
	[CW_ADDRESS_IS_IP] = remedy_peer_name,
	[CW_VERIFY_NAME_MISMATCH] = remedy_verify_name,
	[CW_TUNNEL_NAME_UNFIT] = remedy_tunnel_name_unfit,
	[CW_CREDENTIALS_DIFFER] = remedy_credentials_differ,
	[CW_VERIFY_NAME_NOT_CLUSTER] = remedy_verify_name_not_cluster,
	[CW_RELEASE_DIFFERS] = remedy_release_differs,
	[CW_TRUST_LISTS_DIFFER] = remedy_lists_differ,
	[CW_SAME_SUBJECT_CONFLICT] = remedy_conflict,
	[CW_ENTRY_EXPIRED] = remedy_entry_expired,
	[CW_DUPLICATE_ENTRY] = remedy_remove_entry,
	[CW_KEY_MISMATCH] = remedy_key_mismatch,
	[CW_KEY_UNUSABLE] = remedy_key_mismatch,
	[CW_REQUEST_DISCARDED] = remedy_key_mismatch,
	[CW_NOT_PEM] = remedy_key_mismatch,
	[CW_EXTRA_CERTIFICATES] = remedy_key_mismatch,
};

static bool find_all(const struct cw_check *check, const struct cw_link *link,
	struct cw_complaints *complaints, struct cw_error *error)
{
	for (size_t i = 0; i < complaints->count; i++) {
		struct remedy_search at = {
			check, link, &complaints->items[i], &complaints->items[i].remedy, error};
		find_remedy *find = rows[complaints->items[i].finding.code];
		/* a note, or what hangs on an order that nobody knows */
		bool note = !link && complaints->items[i].finding.severity <= CW_SEVERITY_UNKNOWN &&
			complaints->items[i].finding.severity != CW_SEVERITY_WARN;
		if (!note && find && !find(&at))
			return false;
	}
	return true;
}

static bool find_everywhere(struct cw_check *check, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (!find_all(check, check->links[i], &check->links[i]->complaints, error))
			return false;
	for (size_t i = 0; i < check->node_count; i++)
		if (!find_all(check, NULL, &check->nodes[i].complaints, error))
			return false;
	return true;
}

bool cw_remedies_find(struct cw_check *check, struct cw_cache *cache, struct cw_error *error)
{
	check->cache = cache;
	bool good = find_everywhere(check, error);
	check->cache = NULL;
	return good;
}

bool cw_remedies_check(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error)
{
	AUTO(cw_check_free) struct cw_check *check = NULL;
	if (!cw_check_run(deployment, options, &check, error) ||
		!cw_remedies_find(check, options->cache, error))
		return false;
	*ret = TAKE(check);
	return true;
}
