#ifndef TENDER_CPNG_H
#define TENDER_CPNG_H

#include <png.h>

/* PNG_IMAGE_VERSION and the control structure's size, as the simplified interface wants them at the start. */
static inline png_image tender_png_image(void)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    return image;
}

#endif
