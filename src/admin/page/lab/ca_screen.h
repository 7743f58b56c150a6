/**
 * The lab's CA, as certsrv has it: a request is pasted, a template chosen, and the certificate downloaded in either form, alone or
 * with its chain.
 *
 *     {"cas":[{"name","subject"}],"templates":[{"name","words","eku":[…]}],
 *      "issued":null or CERTIFICATE + {"chain":[CERTIFICATE],"missing":[name asked for and not put in]},"refused":null or text}
 *
 * Posts `request` (PEM), `ca` and `template` to ca/issue. Downloads: download?file=ISSUED&form=base64|der|chain&sha256=….
 */
#ifndef CW_ADMIN_PAGE_CA_SCREEN_H
#define CW_ADMIN_PAGE_CA_SCREEN_H

#include "admin/page/screen.h"

void cw_ca_screen(struct cw_screen *screen);

#endif
