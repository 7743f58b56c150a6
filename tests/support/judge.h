/**
 * Rows for tests of the judge: a question in words, and the judgement wanted, in one line each.
 *
 * Every row is judged without a cache, with an empty one and twice with one that all rows share; the four
 * judgements must be the same, to the last letter.
 */
#ifndef TEST_SUPPORT_JUDGE_H
#define TEST_SUPPORT_JUDGE_H

#include "support/certs.h"
#include "trust/judge.h"

struct judge_row {
	const char *title;
	const char *certs; /* test_make_certs; NULL: those of the rows before */
	const char *wire;  /* as presented: "leaf inter" */
	const char *list;
	const char *known; /* elsewhere in the deployment; NULL: nothing */
	enum cw_profile profile;
	enum cw_purpose purpose;
	const char *name; /* wanted (peer-name-mismatch), or NULL */
	const char *other_name;
	bool common_name_counts;
	const char *crls; /* "by=root; by=inter revoked=leaf": revocation is on; NULL: off */
	bool missing_passes;
	bool lists_unknown;
	bool doubtful; /* whether revocation is on is not known */
	cw_time after; /* judged so many seconds after TEST_AT */

	/*
	 * All findings: "issuer-missing@1 inter; expired@0 leaf #2 later". Code, depth, culprit ("-": none),
	 * its place in the list, ">NAME#PLACE" for the certificate that would be right, a severity that is
	 * not the table's, "later" where it is not reached. "": none.
	 */
	const char *want;
	const char *want_path; /* "leaf inter? root trusted": "?" is from elsewhere, "#" from the list; NULL:
				  any */
	const char *want_detail; /* stands in the first finding's detail; NULL: any */
};

void test_judge_row(const struct judge_row *row);
#define TEST_JUDGE_ROWS(rows) test_judge_rows(rows, sizeof(rows) / sizeof(rows)[0])
void test_judge_rows(const struct judge_row *rows, size_t count);

/** The judgement as the rows have it. The caller frees it. */
char *test_findings_text(const struct cw_findings *findings);

/** Group teardown: releases keys and the shared cache. */
int test_judge_finish(void **state);

#endif
