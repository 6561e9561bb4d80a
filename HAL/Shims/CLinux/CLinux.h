#ifndef TENDER_CLINUX_H
#define TENDER_CLINUX_H

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>

/* prctl and ioctl are variadic: Swift cannot call them. */
static inline int tender_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static inline int tender_tty_claim(int descriptor) {
    return ioctl(descriptor, TIOCEXCL);
}

static inline int tender_tty_release(int descriptor) {
    return ioctl(descriptor, TIOCNXCL);
}

static inline int tender_tty_raise(int descriptor) {
    int lines = TIOCM_DTR | TIOCM_RTS;
    return ioctl(descriptor, TIOCMBIS, &lines);
}

#endif
