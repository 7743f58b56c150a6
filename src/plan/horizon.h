/**
 * The horizon: on which dates links break if nobody does anything.
 *
 * Certificates and CRLs end on known dates. The deployment is judged again at each of them, by the same
 * check, and what has got worse since the date before is told. Nothing is decided here.
 */
#ifndef CW_PLAN_HORIZON_H
#define CW_PLAN_HORIZON_H

#include "check/check.h"

/* Against lists of many thousand certificates, each with a date of its own; what lies behind is not looked
 * at. */
#define CW_HORIZON_DATES_MAX 1000

/** A service whose state gets worse. */
struct cw_horizon_service {
	const struct cw_endpoint *endpoint;
	const struct cw_domain *domain;
	enum cw_service_state before;
	enum cw_service_state after;
};

/** A certificate or CRL that ends, and whose it is. */
struct cw_horizon_cause {
	struct cw_cert *cert; /* referenced; NULL for a CRL */
	char *subject;	      /* of the certificate, or the issuer of the CRL */
	const char *node;     /* who presents it, or in whose list it stands; belongs to the deployment */
	const char *store;    /* "server", "trusted-ca", "crl" */
};

struct cw_horizon_break {
	cw_time at; /* the first second on which it is so */
	struct cw_horizon_cause *causes;
	size_t cause_count;
	size_t cause_capacity;
	struct cw_strings links; /* ids whose verdict gets worse */
	struct cw_horizon_service *services;
	size_t service_count;
	size_t service_capacity;
};

struct cw_horizon {
	cw_time at;			 /* from where it was looked */
	size_t refused_now;		 /* links that are refused already */
	struct cw_horizon_break *breaks; /* in order of time */
	size_t count;
	size_t capacity;
	bool cut; /* there were more dates than CW_HORIZON_DATES_MAX */
};

void cw_horizon_finish(struct cw_horizon *horizon);
#define AUTO_HORIZON __attribute__((cleanup(cw_horizon_finish))) struct cw_horizon

/** Looks ahead from options->at. */
CW_MUST_USE bool cw_horizon_find(const struct cw_deployment *deployment,
	const struct cw_check_options *options, struct cw_horizon *ret, struct cw_error *error);

#endif
