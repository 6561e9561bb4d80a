import Raster
import Testing

@Suite struct QRSymbolTests {
    /// Sizes of ISO/IEC 18004, table 7: the largest data of a version at a correction, and one byte more.
    @Test(arguments: [
        (17, QRSymbol.Correction.low, 21), (18, .low, 25), (14, .medium, 21), (15, .medium, 25), (7, .high, 21),
        (2953, .low, 177),
    ])
    func sizeFollowsTheTable(count: Int, correction: QRSymbol.Correction, size: Int) throws {
        // Bytes above 0x7F cannot be packed closer.
        #expect(try QRSymbol([UInt8](repeating: 0xE9, count: count), correction: correction).size == size)
    }

    @Test func tooMuchIsRefused() {
        #expect(throws: RasterError.self) { try QRSymbol([UInt8](repeating: 0xE9, count: 2954), correction: .low) }
        #expect(throws: RasterError.self) { try QRSymbol([]) }
    }

    /// The three finder patterns stand in their corners, four modules of white around.
    @Test(arguments: [1, 3, 6]) func quietZoneAndFinders(dots: Int) throws {
        let symbol = try QRSymbol(Array("https://example.com/r/R-2041".utf8))
        let picture = symbol.bitmap(moduleDots: dots)
        #expect(picture.width == (symbol.size + 8) * dots && picture.height == picture.width)
        let finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"].map(Array.init)
        for (left, top) in [(0, 0), (symbol.size - 7, 0), (0, symbol.size - 7)] {
            for y in 0..<7 {
                for x in 0..<7 { #expect(symbol[left + x, top + y] == (finder[y][x] == "#")) }
            }
        }
        for y in 0..<picture.height {
            for x in 0..<picture.width where picture[x, y] {
                #expect(x >= 4 * dots && y >= 4 * dots && x < picture.width - 4 * dots && y < picture.height - 4 * dots)
            }
        }
    }
}
