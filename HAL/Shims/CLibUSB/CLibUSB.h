#ifndef TENDER_CLIBUSB_H
#define TENDER_CLIBUSB_H

#include <libusb.h>

#endif
