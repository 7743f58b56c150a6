#include "edited.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <stdio.h>
#include <string.h>

#define ROWS_MAX 128

static void make_certificate(const char *folder, const struct made *made)
{
	struct cw_error error;
	char path[512];
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE ca = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *ca_key = NULL, *key = EVP_EC_gen("P-256");
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER pem = {0};
	if (made->ca) {
		snprintf(path, sizeof path, "%s/ca/%s/ca.pem", folder, made->ca);
		scenario_must(cw_bundle_read(path, path, NULL, pool, &ca, &error), &error);
		snprintf(path, sizeof path, "%s/ca/%s/privkey.pem", folder, made->ca);
		scenario_must(cw_key_read(path, NULL, &ca_key, &error), &error);
	}
	struct cw_issue_spec spec = {.subject = made->subject,
		.sans = made->sans,
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + 300 * CW_DAY,
		.constraints = CW_ISSUE_END_ENTITY,
		.key_usage = KU_DIGITAL_SIGNATURE,
		.eku = made->eku};
	scenario_must(
		cw_issue(&spec, key, made->ca ? ca.entries[0].cert : NULL, ca_key, &cert, &error), &error);
	scenario_must(cw_pem_write_cert(&pem, cert, &error), &error);
	snprintf(path, sizeof path, "%s/%s", folder, made->file);
	*strrchr(path, '/') = '\0';
	scenario_must(cw_file_make_folder(path, &error), &error);
	snprintf(path, sizeof path, "%s/%s", folder, made->file);
	scenario_must(cw_file_write(path, pem.data, pem.length, 0644, &error), &error);
}

static void edit(struct cw_buffer *yaml, const char *from, const char *to)
{
	const char *at = strstr(cw_buffer_string(yaml), from);
	if (!at)
		fail_msg("not in the deployment file: %s", from);
	AUTO_BUFFER edited = {0};
	cw_buffer_append(&edited, yaml->data, (size_t)(at - yaml->data));
	cw_buffer_text(&edited, to);
	cw_buffer_text(&edited, at + strlen(from));
	cw_buffer_finish(yaml);
	*yaml = edited;
	edited = (struct cw_buffer){0};
}

void scenario_edit(const char *folder, const char *from, const char *to)
{
	struct cw_error error;
	char path[512];
	AUTO_BUFFER yaml = {0};
	snprintf(path, sizeof path, "%s/deployment.yaml", folder);
	scenario_must(cw_file_read(path, 100000, &yaml, &error), &error);
	edit(&yaml, from, to);
	scenario_must(cw_file_write(path, yaml.data, yaml.length, 0644, &error), &error);
}

static void edited_deployment_is_judged(void **state)
{
	const struct row *row = *state;
	const char *folder = test_folder_path(row->name);
	scenario_make_lab(folder, row->size, row->fault);
	for (size_t i = 0; i < EDITS_MAX && row->edits[i].to; i++)
		scenario_edit(folder, row->edits[i].from, row->edits[i].to);
	for (size_t i = 0; i < MADE_MAX && row->made[i].file; i++)
		make_certificate(folder, &row->made[i]);
	struct cw_check_options options = {
		.at = TEST_AT, .force_profile = row->rfc5280, .profile = CW_PROFILE_RFC5280};
	AUTO_BUFFER outcome = {0};
	scenario_judge(folder, &options, &outcome);
	scenario_compare(row->name, &outcome);
}

int scenario_edited_main(const char *group, const struct row *rows, size_t count)
{
	struct CMUnitTest tests[ROWS_MAX];
	if (count > ROWS_MAX)
		return 1;
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			rows[i].name, edited_deployment_is_judged, NULL, NULL, (void *)&rows[i]};
	return _cmocka_run_group_tests(group, tests, count, test_folder_setup, test_folder_teardown);
}
