/*
 * Graphs of cross-signed CAs (RFC 4158 §2.3 and §2.4, figures 7 and 8) in which some certificates are no
 * good, each for one of the reasons for which a path can be none: profile rfc5280 finds the way round, where
 * there is one, whatever the order of the certificates on the wire. After BetterTLS, suite "path building".
 */
#include "base/buffer.h"
#include "support/cmocka.h"
#include "support/judge.h"

#include <stdio.h>

#define LEAF " san=DNS:localhost eku=server ku=sign"

/* What a bad CA's certificate says in place of "ca ku=certsign". */
static const struct {
	const char *words, *code;
} faults[] = {
	{"ca ku=certsign until=-1", "expired"},
	{"ca ku=certsign permit=bad.example.test", "name-constraint"},
	{"ca ku=certsign eku=emailProtection", "server-auth-missing"},
	{"ku=certsign", "not-a-ca"},
	{"end ku=certsign", "not-a-ca"},
};

/* `certs` with each "BAD" and "GOOD" filled in, judged; `want` with "FAULT" filled in. */
static void judge_graph(const char *title, const char *certs, const char *wire, const char *list,
	const char *path, const char *want, size_t fault)
{
	AUTO_BUFFER statements = {0}, wanted = {0};
	for (const char *at = certs; *at;) {
		bool bad = strncmp(at, "BAD", 3) == 0, good = strncmp(at, "GOOD", 4) == 0;
		cw_buffer_printf(&statements, "%s", bad ? faults[fault].words : good ? "ca ku=certsign" : "");
		if (!bad && !good)
			cw_buffer_char(&statements, *at);
		at += bad ? 3 : good ? 4 : 1;
	}
	if (*want)
		cw_buffer_printf(&wanted, "%s%s", faults[fault].code, want);
	const struct judge_row row = {title, cw_buffer_string(&statements), wire, list, NULL,
		CW_PROFILE_RFC5280, CW_PURPOSE_SERVER, .name = "localhost",
		.want = wanted.length ? cw_buffer_string(&wanted) : "", .want_path = path};
	test_judge_row(&row);
}

static void a_leaf_below_two_roots_has_a_second_chance(void **state)
{
	(void)state;
	static const char certs[] = "one ca; two ca; ica BAD by=one key=ica cn=ica; "
				    "icb GOOD by=two key=ica cn=ica; leaf by=ica" LEAF;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		judge_graph("the second root's", certs, "leaf ica icb", "one two", "leaf icb two# trusted",
			"", i);
		judge_graph("the first root's alone is trusted", certs, "leaf icb ica", "one", NULL,
			i == 1 ? "@0 leaf" : "@1 ica", i);
	}
}

/*
 *      anchor
 *      /    \
 *     A <--> C
 *      \    /
 *        B
 *        |
 *       leaf
 */
static void the_long_way_round_is_found(void **state)
{
	(void)state;
	static const char first[] = "anchor ca; ac BAD by=anchor cn=C key=C; aa GOOD by=anchor cn=A key=A; "
				    "ca GOOD by=ac cn=A key=A; ac2 GOOD by=aa cn=C key=C; "
				    "ab BAD by=aa cn=B key=B; cb GOOD by=ac cn=B key=B; leaf by=ab" LEAF;
	static const char second[] = "anchor ca; aa BAD by=anchor cn=A key=A; ac GOOD by=anchor cn=C key=C; "
				     "ca GOOD by=ac cn=A key=A; ac2 GOOD by=aa cn=C key=C; "
				     "cb BAD by=ac cn=B key=B; ab GOOD by=aa cn=B key=B; leaf by=ab" LEAF;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		judge_graph("by A and C", first, "leaf ab cb ac ca ac2 aa", "anchor",
			"leaf cb ac2 aa anchor# trusted", "", i);
		judge_graph("by A and C, the other way round", first, "leaf aa ac2 ca ac cb ab", "anchor",
			"leaf cb ac2 aa anchor# trusted", "", i);
		judge_graph("by C and A", second, "leaf cb ab aa ca ac2 ac", "anchor",
			"leaf ab ca ac anchor# trusted", "", i);
	}
}

/* Z <--> bridge <--> X -> L -> N -> leaf, and circles through W and Y. */
#define BRIDGE(to_x, from_z) \
	"z ca; zb " from_z " by=z cn=bridge key=bridge; bz GOOD by=zb cn=z key=z; bx " to_x \
	" by=zb cn=x key=x; xb GOOD by=bx cn=bridge key=bridge; bw GOOD by=zb cn=w key=w; " \
	"wb GOOD by=bw cn=bridge key=bridge; by GOOD by=zb cn=y key=y; yb GOOD by=by cn=bridge key=bridge; " \
	"xl GOOD by=bx cn=L key=L; ln GOOD by=xl cn=N key=N; leaf by=ln" LEAF

static void a_bridge_of_cas_leads_to_the_anchor_or_nowhere(void **state)
{
	(void)state;
	static const char wire[] = "leaf yb by wb bw xb bz ln xl bx zb";
	judge_graph("whole", BRIDGE("GOOD", "GOOD"), wire, "z", "leaf ln xl bx zb z# trusted", "", 0);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		judge_graph("from the bridge to X", BRIDGE("BAD", "GOOD"), wire, "z", NULL,
			i == 1 ? "@0 leaf" : "@3 bx", i);
		judge_graph("from Z to the bridge", BRIDGE("GOOD", "BAD"), wire, "z", NULL,
			i == 1 ? "@0 leaf" : "@4 zb", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leaf_below_two_roots_has_a_second_chance),
		cmocka_unit_test(the_long_way_round_is_found),
		cmocka_unit_test(a_bridge_of_cas_leads_to_the_anchor_or_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
