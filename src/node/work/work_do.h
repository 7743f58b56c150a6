/**
 * The operations, each as one function (node_work.h says what it takes and answers). For src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_DO_H
#define CW_NODE_WORK_WORK_DO_H

#include "node/work/work_call.h"

/* work_overview.c, work_zones.c */
bool cw_work_do_overview(struct cw_work_call *call);
bool cw_work_do_zones(struct cw_work_call *call);
bool cw_work_do_zone(struct cw_work_call *call);
bool cw_work_do_tunnels(struct cw_work_call *call);
bool cw_work_do_uc(struct cw_work_call *call);
bool cw_work_do_sessions(struct cw_work_call *call);

/* work_zone_set.c */
bool cw_work_do_zone_try(struct cw_work_call *call);
bool cw_work_do_zone_set(struct cw_work_call *call);

/* work_identity.c, work_request.c, work_upload.c */
bool cw_work_do_identity(struct cw_work_call *call);
bool cw_work_do_request_new(struct cw_work_call *call);
bool cw_work_do_request_discard(struct cw_work_call *call);
bool cw_work_do_identity_try(struct cw_work_call *call);
bool cw_work_do_identity_upload(struct cw_work_call *call);

/* work_trust.c, work_trust_change.c */
bool cw_work_do_trust(struct cw_work_call *call);
bool cw_work_do_trust_try(struct cw_work_call *call);
bool cw_work_do_trust_append(struct cw_work_call *call);
bool cw_work_do_trust_replace(struct cw_work_call *call);
bool cw_work_do_trust_remove(struct cw_work_call *call);
bool cw_work_do_trust_move(struct cw_work_call *call);
bool cw_work_do_trust_reset(struct cw_work_call *call);

/* work_crl.c */
bool cw_work_do_crl(struct cw_work_call *call);
bool cw_work_do_crl_upload(struct cw_work_call *call);
bool cw_work_do_crl_set(struct cw_work_call *call);

/* work_client.c, work_cba.c */
bool cw_work_do_client_test(struct cw_work_call *call);
bool cw_work_do_cba(struct cw_work_call *call);
bool cw_work_do_cba_set(struct cw_work_call *call);
bool cw_work_do_cba_confirm(struct cw_work_call *call);

/* work_traversal.c */
bool cw_work_do_traversal_test(struct cw_work_call *call);

/* work_servers.c, work_domains.c */
bool cw_work_do_servers(struct cw_work_call *call);
bool cw_work_do_servers_add(struct cw_work_call *call);
bool cw_work_do_servers_remove(struct cw_work_call *call);
bool cw_work_do_servers_refresh(struct cw_work_call *call);
bool cw_work_do_domains(struct cw_work_call *call);
bool cw_work_do_domains_add(struct cw_work_call *call);
bool cw_work_do_domains_remove(struct cw_work_call *call);

/* work_restart.c, work_events.c */
bool cw_work_do_restart(struct cw_work_call *call);
bool cw_work_do_events(struct cw_work_call *call);

/* work_metrics.c */
bool cw_work_do_metrics(struct cw_work_call *call);

/* work_certificates.c, work_certificate_change.c */
bool cw_work_do_certificates(struct cw_work_call *call);
bool cw_work_do_certificate_try(struct cw_work_call *call);
bool cw_work_do_certificate_upload(struct cw_work_call *call);
bool cw_work_do_certificate_delete(struct cw_work_call *call);
bool cw_work_do_certificate_regenerate(struct cw_work_call *call);

#endif
