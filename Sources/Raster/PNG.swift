import CPNG

/// Pictures as PNG files (ISO/IEC 15948).
public enum PNG {
    /// Most dots of a picture that is read: a roll of 80 mm paper, ten metres and more.
    private static let dotLimit = 64 << 20

    /// The file of a picture, in shades of grey of which it uses two.
    public static func encode(_ picture: Bitmap) throws(RasterError) -> [UInt8] {
        guard picture.width > 0, picture.height > 0 else { throw RasterError(.notAPicture, "the picture is empty") }
        var shades = [UInt8](repeating: 0xFF, count: picture.width * picture.height)
        for y in 0..<picture.height {
            for x in 0..<picture.width where picture[x, y] { shades[y * picture.width + x] = 0 }
        }
        var image = tender_png_image()
        image.width = png_uint_32(picture.width)
        image.height = png_uint_32(picture.height)
        image.format = png_uint_32(PNG_FORMAT_GRAY)
        // Compression makes rubbish longer by less than a thousandth; the rest is for the file's frame.
        var size = shades.count + shades.count / 1000 + picture.height + 4096
        var file = [UInt8](repeating: 0, count: size)
        guard png_image_write_to_memory(&image, &file, &size, 0, shades, 0, nil) != 0 else {
            throw RasterError(.other, "libpng writes no picture")
        }
        return Array(file.prefix(size))
    }

    /// The picture in a file: what is darker than half is black.
    public static func decode(_ file: [UInt8]) throws(RasterError) -> Bitmap {
        var image = tender_png_image()
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, file, file.count) != 0 else {
            throw RasterError(.notAPicture, "this is no PNG file")
        }
        let (width, height) = (Int(image.width), Int(image.height))
        // Both are of 31 bits: their product fits.
        guard width > 0, height > 0, width * height <= dotLimit else {
            throw RasterError(.notAPicture, "the picture is too large")
        }
        image.format = png_uint_32(PNG_FORMAT_GRAY)
        var shades = [UInt8](repeating: 0, count: width * height)
        guard png_image_finish_read(&image, nil, &shades, 0, nil) != 0 else {
            throw RasterError(.notAPicture, "the PNG file is damaged")
        }
        var picture = Bitmap(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width where shades[y * width + x] < 0x80 { picture[x, y] = true }
        }
        return picture
    }
}
