/**
 * The inside of the search for remedies, for remedies*.c only: what finds the remedy of one finding, by what it changes.
 */
#ifndef CW_PLAN_REMEDIES_PARTS_H
#define CW_PLAN_REMEDIES_PARTS_H

#include "check/check.h"
#include "check/usage.h"
#include "plan/remedies.h"

/* One complaint whose remedy is looked for. */
struct remedy_search {
	const struct cw_check *check;
	const struct cw_link *link; /* NULL: a node's own complaint */
	struct cw_complaint *complaint;
	struct cw_remedy *remedy; /* of the complaint, to be filled */
	struct cw_error *error;
};

/* remedies_certs.c: a certificate or a revocation list */

/** As what it presents it: "server", "tomcat". */
const char *remedy_presented(const struct remedy_search *at);
/** The box whose certificate is complained about; NULL: an endpoint's, or none. */
const struct cw_node *remedy_presenter(const struct remedy_search *at);
/** A new certificate with the names and purposes that it must carry. */
bool remedy_reissue(const struct remedy_search *at);
/* Each fills the remedy of its finding. */
bool remedy_crl_missing(const struct remedy_search *at);
bool remedy_constraint(const struct remedy_search *at);
bool remedy_key_mismatch(const struct remedy_search *at);

/* remedies_settings.c: a setting */

/** A setting; `value` NULL: the finding's advice says which. */
bool remedy_set(const struct remedy_search *at, const char *node, const char *setting, const char *value);
/* Each fills the remedy of its finding. */
bool remedy_peer_name(const struct remedy_search *at);
bool remedy_verify_name(const struct remedy_search *at);
bool remedy_tunnel_name_unfit(const struct remedy_search *at);
bool remedy_tunnel_key(const struct remedy_search *at);
bool remedy_credentials_differ(const struct remedy_search *at);
bool remedy_verify_name_not_cluster(const struct remedy_search *at);
bool remedy_profile_unfit(const struct remedy_search *at);
bool remedy_profile_missing(const struct remedy_search *at);
bool remedy_release_differs(const struct remedy_search *at);

/* remedies_lists.c: a trust list */

/** C or E. NULL is none. */
bool remedy_is_expressway(const struct cw_node *node);
/** A change of a list on `node`, or on the publisher that hands it there. */
bool remedy_change_list(const struct remedy_search *at, enum cw_action action, const char *node,
	const char *store, struct cw_cert *cert);
/** Out of the list that was asked. */
bool remedy_remove_cert(const struct remedy_search *at, struct cw_cert *cert);
/** The list that was asked. */
enum cw_store_kind remedy_judged_store(const struct remedy_search *at);
/** Whether anything of the deployment rests on that entry of the list. */
enum cw_usage remedy_usage(const struct remedy_search *at, const struct cw_cert *cert);
/** The list that was asked holds it. */
bool remedy_is_in_list(const struct remedy_search *at, const struct cw_cert *cert);
/** The entry that a new one of its name would stand below; NULL: none. */
struct cw_cert *remedy_hiding(
	const struct cw_node *node, enum cw_store_kind store, const struct cw_cert *cert);
/** At the end of the list that was asked, in place of an entry of its name that nothing needs. */
bool remedy_append(const struct remedy_search *at, struct cw_cert *cert);
/** Nobody can change its list. */
bool remedy_is_fixed(const struct cw_endpoint *endpoint);
/* Each fills the remedy of its finding. */
bool remedy_append_culprit(const struct remedy_search *at);
bool remedy_remove_entry(const struct remedy_search *at);
bool remedy_issuer_missing(const struct remedy_search *at);
bool remedy_top_missing(const struct remedy_search *at);
bool remedy_device_list(const struct remedy_search *at);
bool remedy_shadowed(const struct remedy_search *at);
bool remedy_signature(const struct remedy_search *at);
bool remedy_lists_differ(const struct remedy_search *at);
bool remedy_conflict(const struct remedy_search *at);

/* remedies_dates.c: what has run out */

/* Each fills the remedy of its finding. */
bool remedy_dates(const struct remedy_search *at);
bool remedy_entry_expired(const struct remedy_search *at);

#endif
