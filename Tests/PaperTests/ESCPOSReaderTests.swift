import SimulatedDevices
import Testing

/// Bytes to commands.
@Suite struct ESCPOSReaderTests {
    static let table: [([UInt8], [ESCPOSCommand])] = [
        ([0x41, 0x0A], [.character(0x41), .lineFeed]),
        ([0x1B, 0x40], [.initialize]),
        ([0x1B, 0x32, 0x1B, 0x33, 24], [.lineSpacing(nil), .lineSpacing(24)]),
        ([0x1B, 0x61, 1], [.alignment(1)]),
        ([0x1B, 0x44, 8, 16, 0, 0x09], [.tabStops([8, 16]), .tab]),
        ([0x1B, 0x44, 0], [.tabStops([])]),
        ([0x1B, 0x24, 0x34, 0x12], [.position(0x1234)]),
        ([0x1B, 0x5C, 0xFF, 0xFF], [.move(-1)]),
        ([0x1B, 0x2A, 33, 2, 0, 1, 2, 3, 4, 5, 6], [.columns(mode: 33, [1, 2, 3, 4, 5, 6])]),
        ([0x1B, 0x2A, 0, 1, 0, 0x0A], [.columns(mode: 0, [0x0A])]),
        ([0x1B, 0x70, 0, 25, 250], [.openDrawer]),
        ([0x1C, 0x26, 0x1C, 0x2E], [.chinese(true), .chinese(false)]),
        ([0x1C, 0x53, 1, 2], [.chineseSpacing(left: 1, right: 2)]),
        ([0x1D, 0x21, 0x11], [.size(0x11)]),
        ([0x1D, 0x56, 0], [.cut(isPartial: false, feed: nil)]),
        ([0x1D, 0x56, 49], [.cut(isPartial: true, feed: nil)]),
        ([0x1D, 0x56, 65, 3], [.cut(isPartial: false, feed: 3)]),
        ([0x1D, 0x56, 66, 0], [.cut(isPartial: true, feed: 0)]),
        (
            [0x1D, 0x76, 0x30, 3, 2, 0, 2, 0, 0x0A, 0x1B, 0x40, 0xFF, 0x41],
            [
                .picture(stride: 2, rows: 2, isDoubleWidth: true, isDoubleHeight: true), .pictureRow([0x0A, 0x1B]),
                .pictureRow([0x40, 0xFF]), .character(0x41),
            ]
        ),
        (
            [0x1D, 0x76, 0x30, 0, 0, 0, 9, 0, 0x41],
            [.picture(stride: 0, rows: 9, isDoubleWidth: false, isDoubleHeight: false), .character(0x41)]
        ),
        ([0x1D, 0x28, 0x6B, 4, 0, 0x31, 0x50, 0x30, 0x41], [.symbol(0x31, function: 0x50, [0x30, 0x41])]),
        ([0x1D, 0x28, 0x41, 2, 0, 0, 2, 0x41], [.other, .character(0x41)]),
        ([0x1D, 0x38, 0x4C, 2, 0, 0, 0, 0x0A, 0x0A, 0x41], [.other, .character(0x41)]),
        ([0x1D, 0x6B, 4, 0x41, 0x42, 0, 0x43], [.barCode(69, [0x41, 0x42]), .character(0x43)]),
        ([0x1D, 0x6B, 73, 3, 0x7B, 0x42, 0x31], [.barCode(73, [0x7B, 0x42, 0x31])]),
        ([0x1D, 0x6B, 69, 0, 0x41], [.barCode(69, []), .character(0x41)]),
        ([0x10, 0x04, 1, 0x10, 0x05, 2], [.realTimeStatus(1), .recover(2)]),
        ([0x1D, 0x72, 1, 0x1D, 0x61, 0xFF, 0x1D, 0x49, 67], [.status(1), .automaticStatus(255), .identify(67)]),
        ([0x1B, 0x01, 0x41], [.other, .character(0x41)]),
        ([0x1B], []),
    ]

    @Test(arguments: table) func reads(_ bytes: [UInt8], _ commands: [ESCPOSCommand]) {
        var reader = ESCPOSReader()
        #expect(bytes.compactMap { reader.take($0) } == commands)
    }

    @Test func withoutFunctionsTheirDataAreText() {
        var reader = ESCPOSReader(knowsFunctions: false)
        let commands = ([0x1D, 0x28, 0x6B, 3, 0, 0x31] as [UInt8]).compactMap { reader.take($0) }
        #expect(commands == [.other, .character(0x6B), .other, .other, .character(0x31)])
    }
}
