#ifndef TENDER_CPNG_H
#define TENDER_CPNG_H

#include <png.h>

#endif
