#ifndef TENDER_CFREETYPE_H
#define TENDER_CFREETYPE_H

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#endif
