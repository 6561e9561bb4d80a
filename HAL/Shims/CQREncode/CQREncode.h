#ifndef TENDER_CQRENCODE_H
#define TENDER_CQRENCODE_H

#include <qrencode.h>

#endif
