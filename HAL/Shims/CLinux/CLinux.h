#ifndef TENDER_CLINUX_H
#define TENDER_CLINUX_H

#include <sys/prctl.h>

/* prctl is variadic: Swift cannot call it. */
static inline int tender_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

#endif
