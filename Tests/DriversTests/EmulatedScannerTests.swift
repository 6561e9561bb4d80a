import EmulatedUSB
import HAL
import Payments
import ScannerDriver
import Testing

/// The scanner itself, without a bus, read by what reads real ones.
@Suite struct EmulatedScannerTests {
    /// All that the reports of a scan are decoded to, and what is left without an end.
    private func read(_ scanner: inout EmulatedScanner) throws -> [Result<[UInt8], ScanFault>] {
        let descriptor = try HIDReportDescriptor(scanner.reportDescriptor)
        var decoder = try #require(try descriptor.scanDecoder(rules: ScanRules()))
        var results: [Result<[UInt8], ScanFault>] = []
        while case .ack(let report) = scanner.give(endpoint: EmulatedScanner.input, atMost: 64) {
            results += decoder.take(report).map { $0.map { $0.data.withBytes { Array($0) } } }
        }
        if let last = decoder.silence() { results.append(last.map { $0.data.withBytes { Array($0) } }) }
        return results
    }

    @Test(arguments: EmulatedScanner.Mode.allCases) func whatWasScannedIsRead(mode: EmulatedScanner.Mode) throws {
        let text = Array(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~".utf8)
        for count in [1, 2, text.count] {
            var scanner = EmulatedScanner(mode)
            scanner.scan(Array(text.prefix(count)))
            #expect(try read(&scanner) == [.success(Array(text.prefix(count)))])
        }
    }

    @Test(arguments: [1, 55, 56, 57, 112, 113, 4296]) func longCodesComeInPieces(count: Int) throws {
        var scanner = EmulatedScanner(.pos)
        let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        scanner.scan(data)
        #expect(scanner.waiting.count == (count + 55) / 56)
        #expect(scanner.waiting.allSatisfy { $0.count == 64 })
        #expect(try read(&scanner) == [.success(data)])
    }

    @Test func aKeyboardWithoutSuffixEndsInSilence() throws {
        var scanner = EmulatedScanner(.keyboard)
        scanner.habits.suffixKey = nil
        scanner.scan("Ab1")
        #expect(try read(&scanner) == [.success(Array("Ab1".utf8))])
    }

    @Test func habitsShow() throws {
        var scanner = EmulatedScanner(.pos)
        scanner.habits.neverEnds = true
        scanner.scan("x")
        #expect(try read(&scanner) == [.failure(.cutOff)])
        scanner.habits = .init()
        scanner.habits.reportBytes = 8
        scanner.scan("x")
        #expect(try read(&scanner) == [.failure(.wrongLength)])
        scanner.habits = .init()
        scanner.habits.scansTwice = true
        scanner.scan("x")
        #expect(try read(&scanner).count == 2)
    }
}
