import HAL
import SimulatedDevices
import Testing

/// What the printer answers.
@Suite struct PaperStatusTests {
    static let conditions: [(String, @Sendable (inout PrinterCondition) -> Void, [UInt8], [UInt8])] = [
        ("ready", { _ in }, [0x12, 0x12, 0x12, 0x12], [0x10, 0x00, 0x00, 0x00]),
        ("near end", { $0.isPaperNearEnd = true }, [0x12, 0x12, 0x12, 0x1E], [0x10, 0x00, 0x03, 0x00]),
        ("paper out", { $0.isPaperOut = true }, [0x1A, 0x32, 0x12, 0x7E], [0x18, 0x00, 0x0F, 0x00]),
        ("cover", { $0.isCoverOpen = true }, [0x1A, 0x16, 0x12, 0x12], [0x38, 0x00, 0x00, 0x00]),
        ("cutter", { $0.isCutterJammed = true }, [0x1A, 0x52, 0x1A, 0x12], [0x18, 0x08, 0x00, 0x00]),
        ("error", { $0.hasError = true }, [0x1A, 0x52, 0x52, 0x12], [0x18, 0x40, 0x00, 0x00]),
        ("offline", { $0.isOffline = true }, [0x1A, 0x12, 0x12, 0x12], [0x18, 0x00, 0x00, 0x00]),
    ]

    @Test(arguments: conditions.indices) func answersInRealTime(_ index: Int) {
        let (name, change, expected, _) = Self.conditions[index]
        var paper = Paper()
        change(&paper.condition)
        for kind in 1...4 as ClosedRange<UInt8> {
            #expect(paper.feed([0x10, 0x04, kind]) == [expected[Int(kind) - 1]], "\(name) \(kind)")
        }
        #expect(paper.feed([0x10, 0x04, 5, 0x10, 0x04, 0]) == [])
    }

    @Test(arguments: conditions.indices.dropFirst()) func reportsChangesWhenToldTo(_ index: Int) {
        let (name, change, _, expected) = Self.conditions[index]
        var paper = Paper(profile: .western)
        change(&paper.condition)
        #expect(paper.answers() == [])
        paper.condition = PrinterCondition()
        #expect(paper.feed([0x1D, 0x61, 0xFF]) == [0x10, 0, 0, 0])
        change(&paper.condition)
        #expect(paper.answers() == expected, "\(name)")
        paper.condition = PrinterCondition()
        #expect(paper.feed([]) == [0x10, 0, 0, 0])
        _ = paper.feed([0x1D, 0x61, 0])
        change(&paper.condition)
        #expect(paper.answers() == [])
    }

    @Test func onlyRealTimeIsAnsweredWithoutPaper() {
        var paper = Paper()
        paper.isOut = true
        #expect(paper.feed([0x1D, 0x72, 1, 0x1D, 0x49, 67, 0x10, 0x04, 4]) == [0x7E])
        paper.isOut = false
        #expect(paper.answers() == [0x00] + [0x5F] + Array("chinese-80".utf8) + [0])
    }

    @Test func aPrinterWithoutStatusSaysNothing() {
        var paper = Paper(profile: .mute)
        #expect(paper.feed([0x10, 0x04, 1, 0x1D, 0x72, 1, 0x1D, 0x61, 0xFF, 0x1D, 0x49, 67]) == [])
    }

    @Test func realTimeCommandsAreFoundInAPictureWhichStaysWhole() {
        var paper = Paper()
        #expect(paper.feed(Jobs.picture([[0x10, 0x04, 0x01, 0xFF]])) == [0x12])
        #expect(paper.uncut == "[picture 32×1]\n")
    }

    @Test func stopsTakingWhenItsBufferIsFull() {
        var paper = Paper()
        paper.bufferLimit = 100
        let line = Array("0123456789012345678\n".utf8)
        #expect(!paper.isStalled)
        for _ in 0..<10 { _ = paper.feed(line) }
        #expect(paper.room == 100)
        paper.isOut = true
        for _ in 0..<4 { _ = paper.feed(line) }
        #expect(paper.room == 20)
        #expect(!paper.isStalled)
        _ = paper.feed(line)
        #expect(paper.isStalled)
        #expect(paper.feed([0x10, 0x04, 0x04]) == [0x7E])
        paper.isOut = false
        #expect(!paper.isStalled)
        #expect(paper.uncut.utf8.count == 15 * line.count)
    }

    @Test func aPictureStopsInTheMiddle() {
        var paper = Paper()
        let job = Jobs.picture(Array(repeating: Array(repeating: 0xAA, count: 72), count: 200))
        _ = paper.feed(job.prefix(100 * 72 + 8))
        paper.isOut = true
        _ = paper.feed(job.dropFirst(100 * 72 + 8))
        #expect(paper.uncut == "[picture 576×100]\n")
        #expect(paper.isStalled)
        paper.isOut = false
        #expect(paper.uncut == "[picture 576×200]\n")
    }

    @Test func whatWaitsIsForgottenByPowerAndByCommand() {
        var paper = Paper()
        _ = paper.feed(Array("a\n".utf8))
        paper.condition.isCutterJammed = true
        _ = paper.feed(Array("b\n".utf8) + [0x10, 0x05, 2] + Array("c\n".utf8))
        paper.condition = PrinterCondition()
        #expect(paper.uncut == "a\nc\n")
        _ = paper.feed(Jobs.latin + Array("d".utf8) + [0x1D, 0x76, 0x30, 0, 9])
        paper.powerCycle()
        _ = paper.feed(Jobs.text("元\n"))
        #expect(paper.uncut == "a\nc\n元\n")
    }
}
