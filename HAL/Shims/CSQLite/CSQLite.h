#ifndef TENDER_CSQLITE_H
#define TENDER_CSQLITE_H

#include <sqlite3.h>

#endif
