import FoundationEssentials
import HAL
import Raster
import SimulatedDevices
import Testing
import Wire

/// What is printed, dot by dot.
@Suite struct PaperPictureTests {
    /// The first printed dots of a page, row by row, `#` for black.
    private func dots(_ bytes: [UInt8], _ profile: PrinterProfile = .chinese58, x: Range<Int>, y: Range<Int>) throws
        -> [String]
    {
        var paper = Paper(profile: profile)
        _ = paper.feed(bytes)
        let picture = try paper.sheet.picture()
        // The paper between knife and head is blank.
        return y.map { row in String(x.map { picture[$0, row + 96] ? "#" : "." }) }
    }

    @Test func pictureIsPrintedDotForDot() throws {
        #expect(
            try dots(Jobs.picture([[0xA0], [0x41]]), x: 0..<9, y: 0..<3) == ["#.#......", ".#.....#.", "........."])
        #expect(
            try dots(Jobs.picture([[0xA0]], mode: 3), x: 0..<8, y: 0..<3) == ["##..##..", "##..##..", "........"])
    }

    @Test func alignmentMovesPictures() throws {
        #expect(try dots(Jobs.align(2) + Jobs.picture([[0x81]]), x: 374..<384, y: 0..<1) == ["..#......#"])
        #expect(try dots(Jobs.align(1) + Jobs.picture([[0x81]]), x: 187..<197, y: 0..<1) == [".#......#."])
        #expect(
            try dots([0x1D, 0x4C, 5, 0] + Jobs.picture([[0x81]]), x: 4..<14, y: 0..<1) == [".#......#."])
    }

    @Test func columnsGoFromTopToBottom() throws {
        let job: [UInt8] = [0x1B, 0x2A, 33, 2, 0, 0x80, 0, 0x01, 0x40, 0, 0, 0x0A]
        #expect(try dots(job, x: 0..<3, y: 0..<2) == ["#..", ".#."])
        #expect(try dots(job, x: 0..<3, y: 22..<25) == ["...", "#..", "..."])
        // Single density: two dots wide and three high.
        let coarse: [UInt8] = [0x1B, 0x2A, 0, 1, 0, 0x40, 0x0A]
        #expect(try dots(coarse, x: 0..<3, y: 2..<7) == ["...", "##.", "##.", "##.", "..."])
    }

    @Test func charactersTakeTheirCells() throws {
        func ink(_ bytes: [UInt8]) throws -> (x: Range<Int>, y: Range<Int>) {
            var paper = Paper(profile: .chinese58)
            _ = paper.feed(bytes + [0x0A])
            let picture = try paper.sheet.picture()
            let rows = (0..<picture.height).filter { y in (0..<picture.width).contains { picture[$0, y] } }
            let columns = (0..<picture.width).filter { x in (0..<picture.height).contains { picture[x, $0] } }
            let (top, left) = (try #require(rows.first), try #require(columns.first))
            return (left..<(columns.last ?? 0) + 1, top - 96..<(rows.last ?? 0) - 95)
        }
        let (x, y) = try ink(Jobs.text("M"))
        #expect(x.upperBound <= 12 && y.upperBound <= 24 && x.count >= 8 && y.count >= 14)
        let wide = try ink([0x1D, 0x21, 0x21] + Jobs.text("M"))
        #expect(wide.x.count == x.count * 3 && wide.y.count == y.count * 2)
        let chinese = try ink(Jobs.text("国"))
        #expect(chinese.x.upperBound <= 24 && chinese.x.count > 16)
        let bold = try ink([0x1B, 0x45, 1] + Jobs.text("M"))
        #expect(bold.x.count == x.count + 1 && bold.y == y)
        // Inverse is black to the edge of the cell, and underlined in its last rows.
        let inverse = try ink([0x1D, 0x42, 1] + Jobs.text("M"))
        #expect(inverse.x == 0..<12 && inverse.y == 0..<24)
        let underlined = try ink([0x1B, 0x2D, 2] + Jobs.text("M"))
        #expect(underlined.x == 0..<12 && underlined.y.upperBound == 24)
        let small = try ink([0x1B, 0x4D, 1] + Jobs.text("M"))
        #expect(small.x.upperBound <= 9 && small.y.upperBound <= 17)
        // The feet of all sizes are on one line: a small letter after a high one begins lower.
        #expect(
            try ink([0x1D, 0x21, 0x01, 0x20, 0x1D, 0x21, 0x00] + Jobs.text("M")).y == y.lowerBound + 24..<y.upperBound
                + 24)
    }

    @Test func linesAreSpaced() throws {
        func height(_ bytes: [UInt8]) -> Int {
            var paper = Paper()
            _ = paper.feed(bytes)
            return paper.sheet.height - 96
        }
        #expect(height(Jobs.text("a\nb\n")) == 60)
        #expect(height([0x1B, 0x33, 50] + Jobs.text("a\nb\n")) == 100)
        #expect(height([0x1B, 0x33, 0] + Jobs.text("a\nb\n")) == 48)
        #expect(height([0x1B, 0x33, 50, 0x1B, 0x32] + Jobs.text("a\n")) == 30)
        #expect(height([0x1D, 0x21, 0x01] + Jobs.text("a\n")) == 48)
        #expect(height(Jobs.text("a") + [0x1B, 0x4A, 100]) == 100)
        #expect(height(Jobs.text("a") + [0x1B, 0x64, 4]) == 120)
        // A cut with feed brings the print to the knife, which is where the next sheet begins.
        #expect(height(Jobs.text("a\n") + Jobs.cut) == 0)
    }

    @Test func symbolIsAsCommanded() throws {
        let (text, module) = ("https://example.com/r/8F2K", 5)
        let symbol = try QRSymbol(Array(text.utf8), correction: .high)
        let side = symbol.size * module
        let rows = try dots(Jobs.symbol(text, module: UInt8(module), level: 51), x: 0..<side, y: 0..<side)
        for y in 0..<symbol.size {
            let expected = (0..<symbol.size).map { String(repeating: symbol[$0, y] ? "#" : ".", count: module) }
            for row in y * module..<(y + 1) * module { #expect(rows[row] == expected.joined()) }
        }
    }

    /// Modules of well-known bar codes, from their standards.
    @Test(
        arguments: [
            (
                67, "5901234123457",
                "10100010110100111011001100100110111101001110101010110011011011001000010101110010011101000100101"
            ),
            (68, "96385074", "1010001011010111101111010110111010101001110111001010001001011100101"),
            (73, "{BA1", "110100100001010001100010011100110100001001101100011101011"),
        ] as [(UInt8, String, String)])
    func barsAreThoseOfTheStandard(_ system: UInt8, _ data: String, _ modules: String) throws {
        let job = [0x1D, 0x77, 2, 0x1D, 0x68, 10, 0x1D, 0x6B, system, UInt8(data.utf8.count)] + Array(data.utf8)
        let width = modules.count * 2
        let rows = try dots(job, x: 0..<width + 2, y: 0..<11)
        let bars = modules.map { $0 == "1" ? "##" : ".." }.joined() + ".."
        #expect(rows.prefix(10) == ArraySlice(repeating: bars, count: 10))
        #expect(rows[10] == String(repeating: ".", count: width + 2))
    }

    /// A page with all that the printer can, for eyes and against changes nobody meant. RECORD=1 writes it anew.
    @Test func testPage() throws {
        var paper = Paper(profile: .chinese80)
        _ = paper.feed(Self.page)
        let file = try PNG.encode(try #require(paper.sheets.first).picture(withMargins: true))
        let path =
            #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/Fixtures/test-page.png"
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(file).write(to: URL(filePath: path))
        }
        let golden = try PNG.decode([UInt8](try Data(contentsOf: URL(filePath: path))))
        #expect(try PNG.decode(file) == golden)
    }

    static let page: [UInt8] = {
        let line = Jobs.text("------------------------------------------------\n")
        var page = Jobs.initialize + Jobs.align(1) + [0x1D, 0x21, 0x11] + Jobs.text("测试页 TEST\n") + [0x1D, 0x21, 0x00]
        page += Jobs.text("模拟便利店 Simulated Corner Shop\n") + Jobs.align(0) + line
        page += Jobs.text("Font A 0123456789 ABCxyz !\"#$%&\n") + [0x1B, 0x4D, 1]
        page += Jobs.text("Font B 0123456789 ABCxyz !\"#$%&\n") + [0x1B, 0x4D, 0]
        page += [0x1B, 0x45, 1] + Jobs.text("Bold 粗体 ") + [0x1B, 0x45, 0, 0x1B, 0x2D, 1, 0x1C, 0x2D, 1]
        page += Jobs.text("Underline 下划线") + [0x1B, 0x2D, 0, 0x1C, 0x2D, 0] + Jobs.text(" ") + [0x1D, 0x42, 1]
        page += Jobs.text("Inverse 反白") + [0x1D, 0x42, 0] + Jobs.text("\n")
        for size: UInt8 in [0x00, 0x01, 0x10, 0x11, 0x22] { page += [0x1D, 0x21, size] + Jobs.text("Aa大") }
        page += [0x1D, 0x21, 0x00] + Jobs.text("\n") + [0x1C, 0x21, 0x0C] + Jobs.text("倍宽倍高") + [0x1C, 0x21, 0x00]
        page += Jobs.text(" FS !\n") + Jobs.latin + [0x1B, 0x74, 0] + Jobs.text("PC437 ")
        page += (0x80...0xAF).map { $0 } + Jobs.text("\n") + [0x1B, 0x74, 16] + Jobs.text("WPC1252 ")
        page += (0xC0...0xEF).map { $0 } + Jobs.text("\n") + Jobs.text("GB bytes without Chinese mode: ")
        page += Jobs.text("元角分") + Jobs.chinese + Jobs.text("\n") + Jobs.text("a\tb\tc\td\n") + line
        page += Jobs.text("left\n") + Jobs.align(1) + Jobs.text("centre\n") + Jobs.align(2) + Jobs.text("right 88.80\n")
        page += Jobs.align(1) + [0x1D, 0x48, 2, 0x1D, 0x68, 60, 0x1D, 0x77, 2, 0x1D, 0x6B, 67, 12]
        page += Array("690123456789".utf8) + [0x0A, 0x1D, 0x6B, 69, 8] + Array("CODE39 1".utf8)
        page += [0x0A, 0x1D, 0x6B, 73, 13] + Array("{BNo.{C".utf8) + [12, 34, 56, 78, 90, 12] + [0x0A]
        page += Jobs.symbol("https://example.com/r/8F2K-签购单", module: 6) + [0x0A]
        page += Jobs.picture(
            (0..<32).map { row in (0..<16).map { $0 % 4 == row / 8 ? 0xFF : row % 8 == 0 ? 0xAA : 0x81 } })
        page +=
            [0x0A, 0x1B, 0x2A, 33, 48, 0] + (0..<48).flatMap { [UInt8(255 >> ($0 / 8)), UInt8($0), 0xF0] } + [0x0A]
        return page + Jobs.align(0) + Jobs.text("the end 完\n") + Jobs.cut
    }()
}
