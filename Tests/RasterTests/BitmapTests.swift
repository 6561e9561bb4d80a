import Raster
import Testing

@Suite struct BitmapTests {
    /// `#` is black.
    static func picture(_ rows: String...) -> Bitmap {
        var picture = Bitmap(width: rows.map(\.count).max() ?? 0, height: rows.count)
        for (y, row) in rows.enumerated() {
            for (x, dot) in row.enumerated() where dot == "#" { picture[x, y] = true }
        }
        return picture
    }

    @Test func leftDotIsTheHighestBit() {
        #expect(Self.picture("#.......##", ".........#").bytes == [0x80, 0xC0, 0x00, 0x40])
    }

    @Test func outsideIsWhiteAndStaysSo() {
        var picture = Bitmap(width: 3, height: 2)
        for (x, y) in [(-1, 0), (3, 0), (0, -1), (0, 2), (Int.max, Int.min)] {
            picture[x, y] = true
            #expect(!picture[x, y])
        }
        #expect(picture.isBlank)
        picture.fill(x: -5..<100, y: -5..<100)
        #expect(picture.bytes == [0xE0, 0xE0])
        #expect(Bitmap(width: -1, height: -1).bytes.isEmpty)
    }

    /// Whole bytes go another way than single dots: both draw alike, wherever they are put.
    @Test(arguments: [0, 8, 16, 1, 7, 9, 20, -3], [0, 1, -1, 3])
    func drawingIsTheSameEverywhere(x: Int, y: Int) {
        let small = Self.picture("##.#.#.##", "#.#.#.#.#", "...######")
        var drawn = Bitmap(width: 25, height: 4)
        drawn.draw(small, x: x, y: y)
        for row in 0..<4 {
            for column in 0..<25 { #expect(drawn[column, row] == small[column - x, row - y]) }
        }
    }

    @Test func sizesAreWholeFactors() {
        var drawn = Bitmap(width: 8, height: 6)
        drawn.draw(Self.picture("#.", ".#"), x: 1, y: 1, across: 3, down: 2)
        #expect(
            drawn
                == Self.picture("........", ".###....", ".###....", "....###.", "....###.", "........"))
    }

    @Test func rowsAreAddedAndTaken() {
        var roll = Self.picture("##......#")
        roll.append(Self.picture("#.#"))
        roll.append(Self.picture("...........###"))
        roll.grow(by: 1)
        #expect(roll == Self.picture("##......#", "#.#......", ".........", "........."))
        #expect(roll.cropped(rows: 1..<2) == Self.picture("#.#......"))
        #expect(roll.cropped(rows: -3..<99) == roll)
    }
}
