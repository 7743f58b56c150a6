/**
 * The whole check: every link and service of a deployment, judged, and every node by itself.
 *
 * Links are derived from the deployment by one table (docs/rules.md); each side of a link is one question to
 * the judge. What the judge answers is put beside who asked, which store it looked into and what repairs it:
 * a complaint.
 */
#ifndef CW_CHECK_CHECK_H
#define CW_CHECK_CHECK_H

#include "check/remedy.h"
#include "model/link.h"
#include "trust/judge.h"

/** A finding, and what its place in the deployment adds. Owned by its link or node. */
struct cw_complaint {
	struct cw_finding finding;
	const char *judge;		  /* FQDN or endpoint name; belongs to the deployment */
	const struct cw_node *judge_node; /* NULL for an endpoint */
	const char *store;		  /* "trusted-ca", …; NULL where no list is meant */
	const char *vendor_text; /* what the boxes show for it on this link, word for word, or NULL */
	unsigned stage;		 /* handshake order: what happens earlier has the lower number */
	const struct cw_question *question; /* of a link: the question that it answers, or NULL */
	struct cw_remedy remedy;
};

struct cw_complaints {
	struct cw_complaint *items;
	size_t count;
	size_t capacity;
};

/**
 * One question that one end asks about the other's certificate. A link has none for an end that judges
 * nothing, and two for CUCM's tftp (callmanager-trust and tomcat-trust).
 */
struct cw_question {
	bool by_client;			/* the client judges the server's identity; else the reverse */
	const struct cw_party *judge;	/* one of the link's ends */
	const struct cw_party *subject; /* the other */
	enum cw_identity_kind identity; /* what the subject presents */
	enum cw_store_kind store;	/* that the judge looks into */
	bool judged;			/* false: an identity or store is not known */
	struct cw_judgement judgement;	/* where judged; its findings have moved to the link's complaints */
	struct cw_cert **chain;		/* what is sent, leaf first; where judged. Each one referenced */
	size_t chain_count;
};

#define CW_LINK_QUESTIONS_MAX 4

struct cw_link {
	enum cw_link_kind kind;
	char *id; /* "traversal c1.acme.test e1.acme.test"; never repeats */
	struct cw_party client;
	struct cw_party server;
	const char *address;	    /* of the server, as typed; belongs to the deployment */
	unsigned port;		    /* 0: it has no connection of its own */
	const struct cw_zone *zone; /* traversal, service, tunnel */
	const struct cw_link
		*carrier; /* service, tunnel: the traversal link that it comes up with; else NULL */
	size_t place;	  /* among the check's links */
	bool borrows;	  /* id, chains and paths are those of a former check (check/again.h) */
	enum cw_verdict verdict;
	const char *refused_by; /* the first judge to refuse, in handshake order; NULL */
	struct cw_question questions[CW_LINK_QUESTIONS_MAX];
	size_t question_count;
	struct cw_complaints complaints; /* in handshake order */
};

/** Findings about a node by itself: its identities, its lists, its names. They never change a link. */
struct cw_node_result {
	const struct cw_node *node;
	struct cw_complaints complaints;
};

enum cw_service_state {
	CW_SERVICE_WORKS,
	CW_SERVICE_PROMPTS,
	CW_SERVICE_DEGRADED,
	CW_SERVICE_UNKNOWN,
	CW_SERVICE_DEAD
};

/** Sign-in with one endpoint for one domain. */
struct cw_service {
	const struct cw_endpoint *endpoint;
	const struct cw_domain *domain;
	enum cw_service_state state;
	enum cw_service_state best;	/* if all that is unknown passes; never UNKNOWN */
	enum cw_service_state worst;	/* if all of it is refused; never UNKNOWN */
	const struct cw_link **because; /* what it owes its state to; none where it works */
	size_t because_count;
	size_t because_capacity;
};

struct cw_repair;

struct cw_check {
	const struct cw_deployment *deployment;
	const struct cw_repair
		*plan; /* plan/repair.h: what reports tell with it; borrowed; NULL: none was made */
	cw_time at;
	struct cw_cache *cache; /* while it is made, the options' one; NULL afterwards */
	struct cw_link **links; /* in the order of the table, then of the file */
	size_t link_count;
	size_t link_capacity;
	struct cw_node_result *nodes; /* every node, also those without complaints */
	size_t node_count;
	struct cw_service *services;
	size_t service_count;
	size_t service_capacity;
	size_t verdicts[CW_VERDICT_REFUSED + 1]; /* links by verdict */
};

struct cw_question_terms;

struct cw_check_options {
	cw_time at;
	bool force_profile; /* every judge but the tunnels' uses `profile` */
	enum cw_profile profile;
	struct cw_cache *cache; /* or NULL */
};

/** The terms of the questions of such a check. */
struct cw_question_terms cw_check_terms(
	const struct cw_deployment *deployment, const struct cw_check_options *options);

/** Judges everything. The deployment must outlive the check. */
CW_MUST_USE bool cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error);
void cw_check_free(struct cw_check *check);
CW_DEFINE_AUTO(struct cw_check *, cw_check_free)

/** A link is refused, or a node finding is: exit status 1. */
bool cw_check_refused(const struct cw_check *check);

void cw_check_complaints_finish(struct cw_complaints *complaints);

/** Takes the finding over (it is empty afterwards) and adds it. NULL: no memory. */
struct cw_complaint *cw_check_complaints_take(struct cw_complaints *complaints, struct cw_finding *finding);

/**
 * The code is about the judge's list, so that the same cause in two lists is two complaints; all others are
 * told once however many lists were asked.
 */
bool cw_check_code_is_about_list(enum cw_code code);

#endif
