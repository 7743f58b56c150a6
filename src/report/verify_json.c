#include "report/report_json.h"
#include "report/verify.h"

static const char *origin_name(enum cw_origin origin)
{
	switch (origin) {
	case CW_FROM_WIRE:
		return "presented";
	case CW_FROM_LIST:
		return "list";
	case CW_FROM_ELSEWHERE:
		break;
	}
	return "missing";
}

static json_t *certificate(const struct cw_verify *verify)
{
	const struct cw_cert *cert = verify->question->chain[0];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "file", cw_json_text(verify->path));
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(cert)));
	cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(cert)));
	return json.failed ? NULL : TAKE(object);
}

static json_t *path(const struct cw_path *path)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < path->count; i++) {
		const struct cw_step *step = &path->steps[i];
		json_t *object = json_object();
		cw_json_put(&json, object, "depth", cw_json_count(i));
		cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(step->cert)));
		cw_json_put(&json, object, "issuer", cw_json_text(cw_cert_issuer_text(step->cert)));
		cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(step->cert)));
		cw_json_put(&json, object, "from", cw_json_text(origin_name(step->origin)));
		cw_json_put(&json, object, "place",
			step->origin == CW_FROM_LIST ? cw_json_count(step->place) : json_null());
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *names(const struct cw_judge_question *question)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < question->name_count; i++)
		cw_json_add(&json, array, cw_json_text(question->names[i].names[0]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *findings(const struct cw_findings *findings)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < findings->count; i++)
		cw_json_add(&json, array, cw_report_json_finding(&findings->items[i], NULL));
	return json.failed ? NULL : TAKE(array);
}

json_t *cw_verify_json(const struct cw_verify *verify)
{
	const struct cw_judge_question *question = verify->question;
	char release[CW_RELEASE_TEXT_SIZE];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "certificate", certificate(verify));
	cw_json_put(&json, object, "at", cw_json_time(question->at));
	cw_json_put(&json, object, "profile", cw_json_text(cw_judge_profile_name(question->profile)));
	cw_json_put(&json, object, "release", cw_json_text(cw_release_text(verify->release, release)));
	cw_json_put(&json, object, "purpose", cw_json_text(cw_verify_purpose_name(question->purpose)));
	cw_json_put(&json, object, "names", names(question));
	cw_json_put(
		&json, object, "verdict", cw_json_text(cw_finding_verdict_name(verify->judgement->verdict)));
	cw_json_put(&json, object, "trusted", json_boolean(verify->judgement->path.trusted));
	cw_json_put(&json, object, "path", path(&verify->judgement->path));
	cw_json_put(&json, object, "findings", findings(&verify->judgement->findings));
	if (verify->notes)
		cw_json_put(&json, object, "notes", cw_json_texts(verify->notes));
	return json.failed ? NULL : TAKE(object);
}
