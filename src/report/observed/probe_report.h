/**
 * What a probe found, in text for people and in JSON for programs, and the chains as PEM files.
 *
 * Names out of certificates and banners are others' text and are escaped.
 */
#ifndef CW_REPORT_OBSERVED_PROBE_REPORT_H
#define CW_REPORT_OBSERVED_PROBE_REPORT_H

#include "base/buffer.h"
#include "observe/probed_judge.h"
#include "report/text/layout.h"

struct cw_probe_report {
	const struct cw_probed_set *set;
	const struct cw_probed_role *role; /* they were judged as this one's client; NULL: by a deployment */
	bool has_list;			   /* there was a list to judge by */
	const struct cw_deployment *deployment; /* or NULL */
};

CW_MUST_USE bool cw_probe_report_text(const struct cw_probe_report *report, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error);
CW_MUST_USE bool cw_probe_report_json(
	const struct cw_probe_report *report, struct cw_buffer *ret, struct cw_error *error);

/**
 * A page: who signs in, each link as predicted, as rehearsed (`rehearsed`: the JSON of a rehearsal, or NULL) and as
 * presented, then the report of the check by which the servers were judged.
 */
CW_MUST_USE bool cw_probe_report_html(const struct cw_probe_report *report, const struct cw_check *check,
	const char *rehearsed, struct cw_buffer *ret, struct cw_error *error);

/** Writes each chain to FOLDER/HOST_PORT.pem, leaf first. Characters that no host name has become "_". */
CW_MUST_USE bool cw_probe_report_extract(
	const struct cw_probed_set *set, const char *folder, struct cw_error *error);

/** What it is worth: unknown where it was not reached or there was nothing to judge by. */
enum cw_verdict cw_probe_report_verdict(const struct cw_probed *probed);

#endif
