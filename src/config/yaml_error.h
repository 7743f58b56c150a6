/**
 * What libyaml says when it cannot read a file, in words for the person who wrote the file.
 *
 * Its own sentences ("did not find expected key") are about its grammar; a table turns each into what is
 * usually the cause: a tab, an indentation, a quote. No text of the file is repeated but single characters:
 * there may be passwords in it.
 */
#ifndef CW_CONFIG_YAML_ERROR_H
#define CW_CONFIG_YAML_ERROR_H

#include "config/problems.h"

#include <yaml.h>

/** False, with a problem, where these bytes are no UTF-8 text at first sight (UTF-16). */
CW_MUST_USE bool cw_yaml_error_is_text(const char *data, size_t length, struct cw_problems *problems);

/** Adds the problem that stopped `parser` in `data`. */
void cw_yaml_error_report(
	const yaml_parser_t *parser, const char *data, size_t length, struct cw_problems *problems);

#endif
