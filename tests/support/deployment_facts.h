/**
 * Every fact of a deployment as lines of text, so that two models can be compared and a difference read.
 */
#ifndef TEST_SUPPORT_DEPLOYMENT_FACTS_H
#define TEST_SUPPORT_DEPLOYMENT_FACTS_H

#include "base/buffer.h"
#include "model/deployment.h"

/** Appends the facts; not where the file is, and not on which line a node stands. */
void test_deployment_facts(const struct cw_deployment *deployment, struct cw_buffer *ret);

#endif
