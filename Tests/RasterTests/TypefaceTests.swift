import Raster
import Testing

@Suite struct TypefaceTests {
    @Test func cellsAreOneOrTwoColumns() throws {
        for scalar in "A0*#gjy|".unicodeScalars { #expect(try Typeface.packaged.cell(scalar).width == 12) }
        for scalar in "国覆￥，é".unicodeScalars { #expect(try Typeface.packaged.cell(scalar).width == 24) }
    }

    /// Strokes survive at 24 dots: no printable character is an empty cell, and no two are drawn alike.
    @Test func charactersAreSeenAndDiffer() throws {
        var seen: [[UInt8]: Unicode.Scalar] = [:]
        for value in UInt32(0x21)...0x7E {
            let scalar = try #require(Unicode.Scalar(value))
            let cell = try Typeface.packaged.cell(scalar)
            #expect(!cell.isBlank, "\(scalar)")
            #expect(seen.updateValue(scalar, forKey: cell.bytes) == nil, "\(scalar)")
        }
        for value in UInt32(0x4E00)...0x4FFF {
            let scalar = try #require(Unicode.Scalar(value))
            let cell = try Typeface.packaged.cell(scalar)
            #expect(!cell.isBlank, "\(scalar)")
            #expect(seen.updateValue(scalar, forKey: cell.bytes) == nil, "\(scalar)")
        }
    }

    /// What the font has not is a hollow box, two columns wide.
    @Test(arguments: ["😀", "ع", "\u{10FFFD}"]) func whatIsMissingIsABox(text: String) throws {
        let scalar = try #require(text.unicodeScalars.first)
        let box = try Typeface.packaged.cell(scalar)
        #expect(box.width == 24 && box[2, 3] && box[21, 20] && !box[12, 12] && !box[0, 0])
    }

    @Test func aLineIsCutAtItsWidth() throws {
        let line = try Typeface.packaged.line("国国国", width: 60)
        #expect(line.width == 60 && line.height == 24)
        let single = try Typeface.packaged.cell("国")
        for y in 0..<24 {
            for x in 0..<60 { #expect(line[x, y] == single[x % 24, y]) }
        }
    }

    @Test func aMissingFontSaysWhatToInstall() {
        let error = #expect(throws: RasterError.self) { try Typeface(file: "/nowhere.ttc").cell("A") }
        #expect(error?.kind == .noFont && error?.description.contains("fonts-wqy-zenhei") == true)
    }
}
