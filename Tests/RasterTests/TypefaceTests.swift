import Raster
import Testing

@Suite struct TypefaceTests {
    @Test func cellsAreOneOrTwoColumns() throws {
        for scalar in "A0*#gjy|".unicodeScalars { #expect(try Typeface.packaged.cell(scalar).width == 12) }
        for scalar in "国覆￥，éЖ😀ع".unicodeScalars { #expect(try Typeface.packaged.cell(scalar).width == 24) }
    }

    /// Strokes survive at 24 dots: no printable character is an empty cell, and no two are drawn alike.
    @Test func charactersAreSeenAndDiffer() throws {
        var seen: [[UInt8]: Unicode.Scalar] = [:]
        for value in Array(UInt32(0x21)...0x7E) + Array(UInt32(0x4E00)...0x9FA5) {
            let scalar = try #require(Unicode.Scalar(value))
            let cell = try Typeface.packaged.cell(scalar)
            #expect(!cell.isBlank, "\(scalar)")
            #expect(try Typeface.packaged.has(scalar), "\(scalar)")
            let other = seen.updateValue(scalar, forKey: cell.bytes)
            #expect(other == nil, "\(other ?? " ")\(scalar)")
        }
    }

    /// What the first font has not comes from the second and third.
    @Test(arguments: ["😀", "ع", "ש", "ก"]) func otherScriptsComeFromTheOtherFonts(text: String) throws {
        let scalar = try #require(text.unicodeScalars.first)
        #expect(try Typeface.packaged.has(scalar))
        let alone = Typeface(fonts: [FontFile("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", face: 1)])
        #expect(try !alone.has(scalar))
        #expect(try alone.cell(scalar) != Typeface.packaged.cell(scalar))
    }

    @Test func whatNoFontHasIsAHollowBox() throws {
        let box = try Typeface.packaged.cell("\u{10FFFD}")
        #expect(box.width == 24 && box[2, 3] && box[21, 20] && !box[12, 12] && !box[0, 0])
    }

    @Test func cellsStandSideBySide() throws {
        var line = Bitmap(width: 60, height: 24)
        let end = try Typeface.packaged.draw("A国国国", on: &line, x: 0, y: 0)
        #expect(end == 60)
        let (latin, chinese) = (try Typeface.packaged.cell("A"), try Typeface.packaged.cell("国"))
        for y in 0..<24 {
            for x in 0..<60 { #expect(line[x, y] == (x < 12 ? latin[x, y] : chinese[(x - 12) % 24, y])) }
        }
    }

    @Test func charactersAreTheSameAfterARest() throws {
        let typeface = Typeface(fonts: [FontFile("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", face: 1)])
        let before = try typeface.cell("国")
        typeface.rest()
        #expect(try typeface.cell("国") == before)
        #expect(try typeface.cell("中") == Typeface.packaged.cell("中"))
    }

    @Test func aMarkStandsOnItsCharacter() throws {
        var (plain, marked) = (Bitmap(width: 24, height: 24), Bitmap(width: 24, height: 24))
        try Typeface.packaged.draw("eA", on: &plain, x: 0, y: 0)
        #expect(try Typeface.packaged.draw("e\u{301}A", on: &marked, x: 0, y: 0) == 24)
        #expect(marked != plain)
        #expect((0..<24).allSatisfy { y in (12..<24).allSatisfy { plain[$0, y] == marked[$0, y] } })
    }

    @Test func aMissingFontSaysWhatToInstall() {
        let error = #expect(throws: RasterError.self) { try Typeface(fonts: [FontFile("/nowhere.ttc")]).cell("A") }
        #expect(error?.kind == .noFont && error?.description.contains("fonts-wqy-zenhei") == true)
    }
}
