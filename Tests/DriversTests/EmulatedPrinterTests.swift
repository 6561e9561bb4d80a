import EmulatedUSB
import HAL
import SimulatedDevices
import Testing

/// The printer itself, without a bus.
@Suite struct EmulatedPrinterTests {
    private static let question: [UInt8] = [0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4]

    private func take(_ bytes: [UInt8], _ printer: inout EmulatedPrinter) -> Handshake<Int> {
        printer.take(bytes[...], endpoint: EmulatedPrinter.output)
    }

    private func give(_ printer: inout EmulatedPrinter) -> Handshake<[UInt8]> {
        printer.give(endpoint: EmulatedPrinter.input, atMost: 64)
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let fault: EmulatedPrinter.Fault?
        let answers: Handshake<[UInt8]>
        var portStatus: Handshake<[UInt8]> = .ack([0x18])
        var isOnPaper = true
        var testDescription: String { fault?.rawValue ?? "well" }
    }

    static let troubles = [
        Trouble(fault: nil, answers: .ack([0x12, 0x12, 0x12, 0x12])),
        Trouble(fault: .paperOut, answers: .ack([0x1A, 0x32, 0x12, 0x7E]), portStatus: .ack([0x30]), isOnPaper: false),
        Trouble(
            fault: .coverOpen, answers: .ack([0x1A, 0x16, 0x12, 0x12]), portStatus: .ack([0x10]), isOnPaper: false),
        Trouble(
            fault: .cutterJam, answers: .ack([0x1A, 0x52, 0x1A, 0x12]), portStatus: .ack([0x10]), isOnPaper: false),
        Trouble(fault: .hanging, answers: .nak, portStatus: .nak, isOnPaper: false),
        Trouble(fault: .silent, answers: .nak),
        Trouble(fault: .garbage, answers: .ack([0xFF, 0xFF, 0xFF, 0xFF])),
        Trouble(fault: .stalling, answers: .nak, isOnPaper: false),
    ]

    @Test(arguments: troubles) func everyFaultShowsWhereItDoesInARealOne(trouble: Trouble) throws {
        var printer = EmulatedPrinter()
        printer.fail(trouble.fault)
        _ = take(Self.question, &printer)
        #expect(give(&printer) == trouble.answers)
        let request = try #require(ControlRequest([0xA1, 1, 0, 0, 0, 0, 1, 0]))
        #expect(printer.answer(request) == trouble.portStatus)
        _ = take(Array("A\n".utf8), &printer)
        #expect((printer.paper.uncut == "A\n") == trouble.isOnPaper)
        printer.fail(nil)
        if trouble.fault == .hanging || trouble.fault == .stalling { _ = take(Array("A\n".utf8), &printer) }
        #expect(printer.paper.uncut == "A\n")
    }

    /// What it takes while it cannot print fits its buffer; the rest is taken once it can.
    @Test func aFaultBeginsInTheMiddleOfADocument() throws {
        var printer = EmulatedPrinter()
        printer.paper.bufferLimit = 4
        printer.fail(.paperOut, after: 4)
        let document = Array("one\ntwo\nthree\n".utf8)
        guard case .ack(let count) = take(document, &printer) else { throw Unexpected() }
        #expect((5..<document.count).contains(count))
        #expect(printer.paper.uncut == "one\n")
        #expect(take(Array(document[count...]), &printer) == .nak)
        printer.fail(nil)
        #expect(take(Array(document[count...]), &printer) == .ack(document.count - count))
        #expect(printer.paper.uncut == "one\ntwo\nthree\n")
    }

    private struct Unexpected: Error {}

    @Test func powerLostIsTheBufferLost() {
        var printer = EmulatedPrinter()
        printer.fail(.paperOut)
        _ = take(Array("lost\n".utf8), &printer)
        printer.powerCycle()
        printer.fail(nil)
        #expect(printer.paper.uncut == "")
    }

    @Test func changesAreToldOnceAsked() {
        var profile = PrinterProfile.chinese80
        profile.status = .automatic
        var printer = EmulatedPrinter(profile: profile)
        printer.fail(.coverOpen)
        printer.fail(nil)
        #expect(give(&printer) == .nak)
        _ = take([0x1D, 0x61, 0xFF], &printer)
        #expect(give(&printer) == .ack([0x10, 0, 0, 0]))
        printer.fail(.coverOpen)
        #expect(give(&printer) == .ack([0x38, 0, 0, 0]))
        printer.fail(nil)
        printer.fail(.paperOut)
        #expect(give(&printer) == .ack([0x10, 0, 0, 0, 0x18, 0, 0x0F, 0]))
    }

    @Test(arguments: ["MFG:X;", ""]) func theDeviceIDCountsItsLength(text: String) throws {
        var printer = EmulatedPrinter(deviceID: text)
        let request = try #require(ControlRequest([0xA1, 0, 0, 0, 0, 0, 0xFF, 0x03]))
        #expect(printer.answer(request) == (text.isEmpty ? .stall : .ack([0, 8] + Array("MFG:X;".utf8))))
    }
}
