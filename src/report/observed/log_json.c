#include "report/observed/log_report.h"

#include "observe/log/log_link.h"
#include "report/report_json.h"

static json_t *time_json(const struct cw_log_time *time)
{
	char text[CW_LOG_TIME_SIZE];
	return cw_json_text(time->form == CW_LOG_TIME_NONE ? NULL : cw_log_line_time(time, text));
}

static json_t *place_json(const struct cw_log_report *report, const struct cw_log_place *place)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "file", cw_json_text(report->result->streams->items[place->file]));
	cw_json_put(&json, object, "line", cw_json_count(place->line));
	return json.failed ? NULL : TAKE(object);
}

static json_t *places_json(const struct cw_log_report *report, const struct cw_log_incident *incident)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < incident->place_count; i++)
		cw_json_add(&json, array, place_json(report, &incident->places[i]));
	return json.failed ? NULL : TAKE(array);
}

static const char *code_name(const struct cw_log_row *row)
{
	return row->code == CW_LOG_NO_CODE ? NULL : cw_finding_code_name(row->code);
}

static void put_link(struct cw_json *json, json_t *object, const struct cw_log_link *found)
{
	const struct cw_complaint *complaint = found->complaint;
	cw_json_put(json, object, "link",
		cw_json_text(found->link && found->alike == 1 ? found->link->id : NULL));
	cw_json_put(json, object, "now", cw_json_text(found->link ? cw_log_link_now_name(found->now) : NULL));
	cw_json_put(json, object, "finding",
		complaint ? cw_report_json_finding(&complaint->finding, complaint) : json_null());
}

static json_t *incident_json(const struct cw_log_report *report, const struct cw_log_incident *incident)
{
	const struct cw_log_row *row = incident->row;
	struct cw_log_link found = {0};
	struct cw_json json = {0};
	if (report->check)
		cw_log_link_find(report->check, incident, &found);
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "row", cw_json_text(row->name));
	cw_json_put(&json, object, "code", cw_json_text(code_name(row)));
	cw_json_put(&json, object, "certificate_fault", json_boolean(cw_log_row_is_fault(row)));
	cw_json_put(&json, object, "component", cw_json_text(incident->component));
	cw_json_put(&json, object, "host", cw_json_text(incident->host));
	cw_json_put(&json, object, "refused_by",
		cw_json_text(found.refused_by ? found.refused_by : incident->refused_by));
	cw_json_put(&json, object, "peer", cw_json_text(found.peer ? found.peer : incident->peer));
	cw_json_put(&json, object, "port", cw_json_text(incident->port));
	cw_json_put(&json, object, "name", cw_json_text(incident->wanted));
	cw_json_put(&json, object, "first", time_json(&incident->first));
	cw_json_put(&json, object, "last", time_json(&incident->last));
	cw_json_put(&json, object, "count", cw_json_count(incident->count));
	cw_json_put(&json, object, "text", cw_json_text(incident->text));
	cw_json_put(&json, object, "means", cw_json_text(row->means));
	cw_json_put(&json, object, "misleads", cw_json_text(row->misleads));
	cw_json_put(&json, object, "next", cw_json_text(row->next));
	cw_json_put(&json, object, "source", cw_json_text(row->source));
	put_link(&json, object, &found);
	cw_json_put(&json, object, "at", places_json(report, incident));
	cw_json_put(&json, object, "both_sides", cw_json_count(incident->both_sides));
	cw_json_put(&json, object, "captured", cw_json_count(incident->captured));
	return json.failed ? NULL : TAKE(object);
}

static json_t *samples_json(const struct cw_log_report *report)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < report->result->sample_count; i++) {
		json_t *sample = place_json(report, &report->result->samples[i].place);
		cw_json_add(&json, array, sample);
		if (sample)
			cw_json_put(&json, sample, "text", cw_json_text(report->result->samples[i].text));
	}
	return json.failed ? NULL : TAKE(array);
}

bool cw_log_report_json(const struct cw_log_report *report, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_log_result *result = report->result;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object(), *incidents = json_array();
	for (size_t i = 0; i < result->incident_count; i++)
		cw_json_add(&json, incidents, incident_json(report, &result->incidents[i]));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "incidents", TAKE(incidents));
	cw_json_put(&json, object, "lines", cw_json_count(result->lines));
	cw_json_put(&json, object, "unknown_lines", cw_json_count(result->unknown_lines));
	cw_json_put(&json, object, "unknown", samples_json(report));
	cw_json_put(&json, object, "left_out", cw_json_count(result->incidents_left_out));
	cw_json_put(&json, object, "not_read", cw_json_texts(report->troubles));
	return cw_json_print(&json, object, false, ret, error);
}
