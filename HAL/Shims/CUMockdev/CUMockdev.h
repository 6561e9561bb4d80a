#ifndef TENDER_CUMOCKDEV_H
#define TENDER_CUMOCKDEV_H

#include <umockdev.h>

#endif
