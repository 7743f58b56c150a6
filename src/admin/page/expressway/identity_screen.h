/**
 * Maintenance > Security > Server certificate; from X15.5 on the Client certificate page beside it.
 *
 * The answer of `identity`: "identity", "certificate", "shown" (where the node still shows another one), "chain", "request" (or
 * null), "restart_wanted", "identities" (those that this node can have). Posts the upload to identity/try, which shows the gate's
 * findings and the links that would end, before identity/upload does it. Where the
 * answer says "as_client":true the server page has the tick box "Upload server certificate file as client certificate" (X15.5).
 */
#ifndef CW_ADMIN_PAGE_IDENTITY_SCREEN_H
#define CW_ADMIN_PAGE_IDENTITY_SCREEN_H

#include "admin/page/screen.h"

/** Both pages: `answer.identity` says which. */
void cw_identity_screen(struct cw_screen *screen);

#endif
