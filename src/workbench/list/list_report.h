/**
 * Trust lists for people: every entry with its place, and what is odd about it.
 */
#ifndef CW_WORKBENCH_LIST_LIST_REPORT_H
#define CW_WORKBENCH_LIST_LIST_REPORT_H

#include "report/json.h"
#include "workbench/list/list.h"

/** Appends the list: place, subject, kind, dates, fingerprint, file and line, remarks. */
void cw_list_report_text(struct cw_buffer *ret, const struct cw_list *list, cw_time at);

/** NULL: no memory. */
json_t *cw_list_report_json(const struct cw_list *list, cw_time at);

/** "CN=Acme Root CA (sha256 3fa94c0d12ab77e1...)" */
void cw_list_report_cert(struct cw_buffer *ret, const struct cw_cert *cert);

/**
 * What is odd about the entry at `place`, one sentence each: the same certificate again, the subject of an
 * entry above (which is the one that is found), expired, not yet valid, a certificate that is no CA. False:
 * no memory.
 */
CW_MUST_USE bool cw_list_report_remarks(
	const struct cw_list *list, size_t place, cw_time at, struct cw_strings *ret);

#endif
