import HAL
import SimulatedDevices
import Testing
import Wire

/// What is printed, as text.
@Suite struct PaperTests {
    @Test func printsAReceipt() {
        let job =
            Jobs.initialize + Jobs.align(1) + [0x1D, 0x21, 0x11] + Jobs.chinese + Jobs.text("签购单\n")
            + [0x1D, 0x21, 0x00] + Jobs.align(0) + Jobs.text("金额 RMB\n") + Jobs.align(2) + Jobs.text("88.80\n")
            + Jobs.latin + Jobs.cut + Jobs.initialize + Jobs.symbol("hi") + Jobs.cut
        var paper = Paper(columns: 32)
        #expect(paper.feed(job) == [])
        let amount = String(repeating: " ", count: 27) + "88.80\n"
        #expect(paper.receipts == ["          签购单\n金额 RMB\n" + amount, "[QR hi]\n"])
        #expect(paper.uncut == "")
    }

    static let table: [(String, PrinterProfile, [UInt8], String)] = [
        ("wraps", .chinese58, Array(repeating: 0x61, count: 33), String(repeating: "a", count: 32) + "\na\n"),
        (
            "wraps a wide character whole", .chinese58, Array(repeating: 0x61, count: 31) + Jobs.text("元"),
            String(repeating: "a", count: 31) + "\n元\n"
        ),
        ("wakes up in Chinese", .chinese80, Jobs.text("元"), "元\n"),
        ("Chinese off", .chinese80, Jobs.latin + Jobs.text("元"), "╘¬\n"),
        ("a page that nobody chose", .chinese80, Jobs.latin + [0x1B, 0x74, 3] + Jobs.text("元"), "??\n"),
        ("WPC1252", .chinese80, Jobs.latin + [0x1B, 0x74, 16, 0x80, 0xE9], "€é\n"),
        ("no Chinese font", .western, Jobs.chinese + Jobs.text("元"), "╘¬\n"),
        ("power-on state after ESC @", .chinese80, Jobs.latin + Jobs.initialize + Jobs.text("元"), "元\n"),
        ("outside GB 2312", .changed("g") { $0.chinese = .gb2312 }, Jobs.text("镕元"), "?元\n"),
        ("inside GBK", .chinese80, Jobs.text("镕元"), "镕元\n"),
        ("four bytes on a GBK printer", .chinese80, Jobs.text("㐀"), "?9?9\n"),
        ("four bytes on a GB 18030 printer", .changed("g") { $0.chinese = .gb18030 }, Jobs.text("㐀"), "㐀\n"),
        ("half a character", .chinese80, [0xD4, 0x0A], "?\n"),
        ("half a character, then a letter that cannot be the other half", .chinese80, [0xD4, 0x20, 0x41], "? A\n"),
        ("tab", .chinese80, Array("ab\tc\n".utf8), "ab      c\n"),
        ("tab stops", .chinese80, [0x1B, 0x44, 4, 0] + Array("ab\tc\td\n".utf8), "ab  cd\n"),
        ("position", .chinese80, Array("ab".utf8) + [0x1B, 0x24, 120, 0] + Array("c\n".utf8), "ab        c\n"),
        ("centred", .chinese58, Jobs.align(1) + Array("ab\n".utf8), String(repeating: " ", count: 15) + "ab\n"),
        ("right", .chinese58, Jobs.align(2) + Array("ab\n".utf8), String(repeating: " ", count: 30) + "ab\n"),
        (
            "wide", .chinese58, [0x1D, 0x21, 0x10] + Jobs.align(2) + Array("ab\n".utf8),
            String(repeating: " ", count: 28) + "ab\n"
        ),
        ("feeds", .chinese80, Array("a".utf8) + [0x1B, 0x64, 3], "a\n\n\n"),
        ("ESC @ forgets the line", .chinese80, Array("ab".utf8) + Jobs.initialize + Array("c\n".utf8), "c\n"),
        ("control bytes print nothing", .chinese80, [0x61, 0x00, 0x07, 0x62, 0x0A], "ab\n"),
        ("picture", .chinese80, Jobs.picture([[0xFF, 0xFF], [1, 2]]), "[picture 16×2]\n"),
        ("picture twice as large", .chinese80, Jobs.picture([[0xFF, 0xFF]], mode: 3), "[picture 32×2]\n"),
        ("pictures one below the other", .chinese80, Jobs.picture([[1]]) + Jobs.picture([[2]]), "[picture 8×2]\n"),
        ("columns", .chinese80, [0x1B, 0x2A, 33, 1, 0, 1, 2, 3, 0x0A], "[picture 1×24]\n"),
        ("bar code", .chinese80, [0x1D, 0x6B, 67, 12] + Array("690123456789".utf8), "[bar code 6901234567892]\n"),
        ("bar code with a wrong check digit", .chinese80, [0x1D, 0x6B, 67, 13] + Array("6901234567890".utf8), ""),
        ("no symbols", .withoutSymbols, [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30, 0x0A], "k1Q0\n"),
    ]

    @Test(arguments: table) func prints(_ name: String, _ profile: PrinterProfile, _ bytes: [UInt8], _ text: String) {
        var paper = Paper(profile: profile)
        _ = paper.feed(bytes)
        #expect(paper.uncut == text, "\(name)")
    }

    @Test func cutWithoutFeedLeavesTheLastLinesOnTheNextReceipt() {
        var paper = Paper()
        _ = paper.feed(Array("1\n2\n3\n4\n5\n6\n".utf8) + [0x1D, 0x56, 0])
        // Twelve millimetres between head and knife are three lines and a bit.
        #expect(paper.receipts == ["1\n2\n3\n"])
        #expect(paper.uncut == "4\n5\n6\n")
    }

    @Test func drawer() {
        var paper = Paper()
        _ = paper.feed([0x1B, 0x70, 0, 25, 250])
        #expect(paper.drawerOpenings == 1)
        #expect(paper.uncut == "")
    }

    @Test func withoutACutterTheHandTears() {
        var paper = Paper(profile: .mute)
        _ = paper.feed(Array("a\n".utf8) + [0x1D, 0x56, 66, 0])
        #expect(paper.receipts == [])
        paper.tearOff()
        paper.tearOff()
        #expect(paper.receipts == ["a\n"])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func anyBytesCutAnywhereGiveTheSamePaper(_ seed: UInt64) {
        let profiles: [PrinterProfile] = [.chinese80, .chinese58, .western, .withoutSymbols]
        let profile = profiles[Int(seed) % profiles.count]
        let bytes = Jobs.random(seed, count: 4000)
        var whole = Paper(profile: profile)
        let answers = whole.feed(bytes)
        var pieces = Paper(profile: profile)
        var (index, size, said) = (0, 1, [UInt8]())
        while index < bytes.count {
            said += pieces.feed(bytes[index..<min(bytes.count, index + size)])
            index += size
            size = size % 7 + 1
        }
        #expect(pieces == whole)
        #expect(said == answers)
    }

    @Test func paperIsBounded() {
        var paper = Paper()
        _ = paper.feed((0..<60_000).map { _ in 0x0A })
        #expect((40_000...41_000).contains(paper.sheet.height))
        _ = paper.feed(Jobs.cut + Array("a\n".utf8))
        #expect(paper.uncut == "a\n")
    }
}
