/**
 * The parts of the HTML report, for its files (html*.c) only.
 */
#ifndef CW_REPORT_HTML_PAGE_PARTS_H
#define CW_REPORT_HTML_PAGE_PARTS_H

#include "base/buffer.h"
#include "plan/renewal.h"
#include "report/html/map.h"
#include "report/html/page_style.h"

/** The chains that links of bundles refer to, each drawing once. */
struct cw_page_chains {
	char **drawings; /* marked text */
	char **captions; /* of the first question that has it */
	size_t count;
	size_t capacity;
	size_t caption_capacity;
};

struct cw_page {
	struct cw_buffer out;
	const struct cw_check *check;
	size_t number;			/* of the deployment in this page */
	const struct cw_repair *plan;	/* or NULL */
	const struct cw_map_live *live; /* or NULL */
	bool alone;			/* the plan without causes and links: nothing leads to them */
	struct cw_causes causes;
	struct cw_map map;
	struct cw_page_chains chains;
};

/** The plan, a card for each box or for boxes on which the same is done, with what is uploaded; nothing without one. */
void cw_page_plan(struct cw_page *page);
/** What to do before anything else, and the cards of a plan that has steps. */
void cw_page_plan_cards(struct cw_page *page, const struct cw_repair *plan);
/** A renewal: what cannot be kept up, its cards, every state between two steps. */
void cw_page_renewal(struct cw_page *page, const struct cw_renewal *renewal);
/** A code, leading to its explanation in this page; and the explanations of all codes that causes have. */
void cw_page_code(struct cw_page *page, enum cw_code code);
void cw_page_codes(struct cw_page *page);
/** The map, once for wide and once for narrow windows. */
void cw_page_map(struct cw_page *page);
/** Every cause that links suffer from. */
void cw_page_causes(struct cw_page *page);
/** What boxes have by themselves. */
void cw_page_boxes(struct cw_page *page);
/** Every bundle with its handshake, chains, reasons and remedies; then the chains that it refers to. */
void cw_page_links(struct cw_page *page);

/** The handshake of a link, step by step, up to where it ends. */
void cw_page_ladder(struct cw_page *page, const struct cw_link *link);
/** The chain of one question as the seeds draw it. */
void cw_page_chain(
	struct cw_page *page, const struct cw_question *question, const struct cw_finding *finding);
/** A reference to the chain of this question, which then stands in the list of chains. */
void cw_page_chain_link(struct cw_page *page, const struct cw_link *link, const struct cw_question *question);
/** The list of chains. */
void cw_page_chain_list(struct cw_page *page);
/** The finding of this question that its drawing shows; NULL: none. */
const struct cw_finding *cw_page_finding(const struct cw_link *link, const struct cw_question *question);

/** "d0-": before every anchor of this deployment. */
void cw_page_anchor(struct cw_page *page, const char *kind, size_t number);
/** The sign of a verdict, which tells by shape what its colour tells. */
void cw_page_sign(struct cw_page *page, enum cw_verdict verdict);
/** What to do, as a list. `cause` or `complaint` with its `link`; the other is NULL. */
void cw_page_todo(struct cw_page *page, const struct cw_cause *cause);
/** Marked text that somebody appended to `words`; takes over its failure. */
void cw_page_words(
	struct cw_page *page, const char *before, const struct cw_buffer *words, const char *after);

#endif
