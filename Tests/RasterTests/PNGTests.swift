import Raster
import Testing

@Suite struct PNGTests {
    @Test(arguments: [(1, 1), (8, 3), (13, 40), (576, 24)])
    func everyDotComesBack(width: Int, height: Int) throws {
        var picture = Bitmap(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width { picture[x, y] = (x * 7 + y * 13) % 3 == 0 }
        }
        let file = try PNG.encode(picture)
        #expect(file.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try PNG.decode(file) == picture)
    }

    @Test func rubbishIsNoPicture() throws {
        let file = try PNG.encode(BitmapTests.picture("#.#", ".#."))
        for count in 0..<file.count - 12 {
            #expect(throws: RasterError.self) { try PNG.decode(Array(file.prefix(count))) }
        }
        for place in file.indices {
            var changed = file
            changed[place] ^= 0xFF
            _ = try? PNG.decode(changed)
        }
        #expect(throws: RasterError.self) { try PNG.encode(Bitmap(width: 0, height: 4)) }
    }
}
