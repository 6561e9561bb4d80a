#ifndef TENDER_CFREETYPE_H
#define TENDER_CFREETYPE_H

#include <ft2build.h>
#include FT_FREETYPE_H

/* FT_LOAD_TARGET_LIGHT is a macro with arguments, which does not import. */
static inline FT_Error tender_ft_render(FT_Face face, FT_UInt glyph)
{
    return FT_Load_Glyph(face, glyph, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT);
}

#endif
