#ifndef TENDER_CPCSC_H
#define TENDER_CPCSC_H

#include <PCSC/winscard.h>

#endif
