import EMV
import Payments
import Testing
import Wire

@Suite struct RiskTests {
    // Processing restrictions (EMV 4.4 Book 3, 10.4): byte 2 of the TVR.
    @Test(arguments: [
        (TLV.Tag.cardVersion, "0020", "00"), (.cardVersion, "0030", "80"), (.cardVersion, "", "00"),
        (.expirationDate, "261122", "00"), (.expirationDate, "261121", "40"), (.expirationDate, "491231", "00"),
        (.expirationDate, "500101", "40"), (.effectiveDate, "261122", "00"), (.effectiveDate, "261123", "20"),
        (.effectiveDate, "991231", "00"), (.effectiveDate, "", "00"), (.usageControl, "FFC0", "00"),
        (.usageControl, "FE00", "10"), (.usageControl, "2100", "00"), (.usageControl, "0900", "00"),
        (.usageControl, "1500", "10"), (.usageControl, "", "00"), (.issuerCountry, "0840", "00"),
    ])
    func `Restrictions of the card`(tag: TLV.Tag, hex: String, byte2: String) throws {
        let value = try Hex.decode(hex)
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(tag, value.isEmpty ? nil : value)
        }
        #expect(try run.playTVR().dropFirst(2).prefix(2) == byte2)
    }

    @Test(arguments: [
        ("0840", "1500", 0x00 as UInt8, "00"), ("0840", "2900", 0x00, "10"), ("0156", "8100", 0x01, "00"),
        ("0156", "4100", 0x01, "10"), ("0840", "4100", 0x01, "00"), ("0156", "2980", 0x09, "00"),
        ("0156", "2940", 0x09, "10"), ("0840", "1540", 0x09, "00"),
    ])
    func `Usage control by country and kind`(country: String, control: String, type: UInt8, byte2: String) throws {
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(.issuerCountry, try Hex.decode(country))
            $0.card.set(.usageControl, try Hex.decode(control))
            $0.transaction = try Run.sale(type: type)
        }
        #expect(try run.playTVR().dropFirst(2).prefix(2) == byte2)
    }

    struct Verification: Sendable {
        var list: String
        var capabilities: TerminalCapabilities = [.onlinePIN, .signature, .noVerification]
        var pin = ContactKernel.PINOutcome.entered
        var amount: Int64 = 8880
        var type: UInt8 = 0
        var results: String
        var byte3: String
        var asked = 0
    }

    // The CVM list (EMV 4.4 Book 3, 10.5; results as in Book 4, 6.3.4.5). X is 100.00, Y is 50.00.
    @Test(arguments: [
        Verification(list: "4203 5E03 1F00", results: "420300", byte3: "04", asked: 1),
        Verification(list: "0200", results: "020000", byte3: "04", asked: 1),
        Verification(list: "4200 1E00", pin: .bypassed, results: "1E0000", byte3: "08", asked: 1),
        Verification(list: "4200 4200 1E00", pin: .bypassed, results: "1E0000", byte3: "08", asked: 1),
        Verification(list: "4200 0200", pin: .bypassed, results: "020001", byte3: "88", asked: 1),
        Verification(list: "0200 1E00", pin: .bypassed, results: "020001", byte3: "88", asked: 1),
        Verification(list: "4200 1F00", pin: .padFailed, results: "1F0002", byte3: "10", asked: 1),
        Verification(list: "0203", pin: .padFailed, results: "020301", byte3: "90", asked: 1),
        Verification(list: "4200 5E00 1F00", capabilities: [.signature], results: "5E0000", byte3: "10"),
        Verification(list: "4203 5E03 1F03", capabilities: [.noVerification], results: "1F0302", byte3: "00"),
        Verification(list: "4103 4403 0203", results: "020300", byte3: "04", asked: 1),
        Verification(list: "4100 0200", results: "020000", byte3: "14", asked: 1),
        Verification(
            list: "4103 1F00", capabilities: [.plaintextPIN, .encipheredPIN, .noVerification], results: "1F0002",
            byte3: "10", asked: 1),
        Verification(list: "0100 1F00", results: "3F0001", byte3: "90"),
        Verification(list: "0000 1F00", results: "000001", byte3: "80"),
        Verification(list: "4000 1F00", results: "400001", byte3: "80"),
        Verification(list: "6000 1F00", results: "1F0002", byte3: "40"),
        Verification(list: "2000 1F00", results: "3F0001", byte3: "C0"),
        Verification(list: "1F01", results: "3F0001", byte3: "80"),
        Verification(list: "1F02", results: "1F0202", byte3: "00"),
        Verification(list: "1F04", results: "3F0001", byte3: "80"),
        Verification(list: "1F04", type: 0x01, results: "1F0402", byte3: "00"),
        Verification(list: "1F05", type: 0x09, results: "1F0502", byte3: "00"),
        Verification(list: "1F02", type: 0x09, results: "3F0001", byte3: "80"),
        Verification(list: "1F80", results: "3F0001", byte3: "80"),
        Verification(list: "1F06", results: "1F0602", byte3: "00"),
        Verification(list: "1F06", amount: 10000, results: "3F0001", byte3: "80"),
        Verification(list: "1F07", amount: 10001, results: "1F0702", byte3: "00"),
        Verification(list: "1F07", amount: 10000, results: "3F0001", byte3: "80"),
        Verification(list: "1F08", amount: 4999, results: "1F0802", byte3: "00"),
        Verification(list: "1F08", results: "3F0001", byte3: "80"),
        Verification(list: "1F09", results: "1F0902", byte3: "00"),
        Verification(list: "", results: "3F0000", byte3: "00"),
    ])
    func `The CVM list`(_ row: Verification) throws {
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(.cvmList, try Hex.decode("00002710 00001388" + row.list))
            $0.terminal.capabilities = row.capabilities
            $0.transaction = try Run.sale(row.amount, type: row.type)
            $0.pin = row.pin
        }
        #expect(try run.playTVR().dropFirst(4).prefix(2) == row.byte3)
        let result = try required(run.kernel.chipResult)
        #expect(result.cvmResults == row.results)
        #expect(run.pinRequests == row.asked)
        #expect(result.signatureRequired == row.results.contains("E0"))
        #expect((result.tsi == "6800") == !row.list.isEmpty)
        #expect(
            run.requests.first?.pinEntry
                == (row.results.hasSuffix("00") && row.asked == 1 && row.pin == .entered ? .online : PINEntry.none))
    }

    @Test func `Amounts count only in the card's currency`() throws {
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(.cvmList, try Hex.decode("00002710 00001388 1F06"))
            $0.card.set(.applicationCurrency, [0x08, 0x40])
        }
        #expect(try run.playTVR().dropFirst(4).prefix(2) == "80")
    }

    @Test func `No list and no support are told apart`() throws {
        var run = try Run.make {
            $0.card.authenticates(by: [])
            $0.card.set(.cvmList, nil)
        }
        #expect(try run.playTVR() == "A000008000")
        run = try Run.make { $0.card.authenticates(by: [], other: .terminalRiskManagement) }
        #expect(try run.playTVR() == "8000008000")
        #expect(run.kernel.chipResult?.cvmResults == "3F0000")
        #expect(run.kernel.chipResult?.tsi == "2800")
    }

    // Terminal risk management (EMV 4.4 Book 3, 10.6): byte 4 of the TVR.
    @Test(arguments: [
        (10000 as Int64, 8880 as Int64, 50, "00"), (8880, 8880, 50, "80"), (8879, 8880, 50, "80"),
        (10000, 8880, 0, "10"),
        (10000, 8880, 29, "10"), (10000, 8880, 71, "10"), (10000, 8880, 72, "00"), (10000, 4999, 19, "10"),
        (10000, 4999, 20, "00"),
    ])
    func `Floor limit and random selection`(limit: Int64, amount: Int64, percent: Int, byte4: String) throws {
        var run = try Run.make {
            $0.terminal.applications[0].floorLimit = limit
            // 20 % below 50.00, growing to 87 % at the floor limit: 72.0 % at 88.80.
            $0.terminal.applications[0].randomSelection.threshold = 5000
            $0.terminal.applications[0].randomSelection.targetPercent = percent == 50 ? 0 : 20
            $0.terminal.applications[0].randomSelection.maximumPercent = percent == 50 ? 0 : 87
            $0.transaction = try Run.sale(amount, randomPercent: percent)
        }
        #expect(try run.playTVR().dropFirst(6).prefix(2) == byte4)
    }

    @Test(
        arguments: [
            (5, 4, "00", "00"), (5, 3, "00", "00"), (5, 2, "40", "00"), (9, 2, "60", "00"), (5, 5, "60", "00"),
            (4, 5, "60", "00"),
            (5, nil, "60", "00"), (nil, 4, "60", "00"), (5, 0, "40", "08"), (1, 0, "00", "08"), (nil, 0, "60", "08"),
        ] as [(UInt16?, UInt16?, String, String)])
    func `Velocity and new card`(atc: UInt16?, last: UInt16?, byte4: String, byte2: String) throws {
        var run = try Run.make {
            $0.card.set(.lowerOfflineLimit, [2])
            $0.card.set(.upperOfflineLimit, [5])
            $0.card.counters = [:]
            $0.card.counters[.atc] = atc
            $0.card.counters[.lastOnlineATC] = last
            $0.terminal.applications[0].floorLimit = 1_000_000
        }
        let tvr = try run.playTVR()
        #expect(tvr.dropFirst(6).prefix(2) == byte4)
        #expect(tvr.dropFirst(2).prefix(2) == byte2)
    }

    @Test func `Exception file, forced online, and the card that wants no risk management`() throws {
        var run = try Run.make {
            $0.terminal.exceptionFile = ["622588", "6225880212345678902"]
            $0.transaction = try Run.sale(forcedOnline: true)
        }
        #expect(try run.playTVR() == "1000048800")
        run = try Run.make { $0.terminal.exceptionFile = ["6225880212345678902", "6"] }
        #expect(try run.playTVR() == "0000048000")
        run = try Run.make { $0.card.authenticates(by: [], other: .cardholderVerification) }
        #expect(try run.playTVR() == "8000040000")
    }

    struct Analysis: Sendable {
        var iac: [String?] = ["0000000000", "0000000000", "0000000000"]
        var tac: [UInt64] = [0, 0, 0]
        var terminalType: UInt8 = 0x22
        var asked: [String]
        var verdict: KernelOutcome.Verdict
    }

    // Terminal action analysis (EMV 4.4 Book 3, 10.7). The TVR is 00 00 04 80 00; denial, online, default in order.
    @Test(arguments: [
        Analysis(asked: ["50"], verdict: .approvedOffline),
        Analysis(iac: ["0000040000", "0000000000", "0000000000"], asked: ["00"], verdict: .declinedOffline),
        Analysis(tac: [0x80, 0, 0].map { $0 << 8 }, asked: ["00"], verdict: .declinedOffline),
        Analysis(tac: [0, 0x8000, 0], asked: ["90", "50"], verdict: .approvedOffline),
        Analysis(tac: [0, 0x8000, 0x8000], asked: ["90", "00"], verdict: .declinedOffline),
        Analysis(iac: [nil, nil, nil], asked: ["90", "00"], verdict: .declinedOffline),
        Analysis(iac: [nil, nil, "0000000000"], asked: ["90", "50"], verdict: .approvedOffline),
        Analysis(terminalType: 0x21, asked: ["90", "00"], verdict: .declinedOffline),
        Analysis(terminalType: 0x23, asked: ["50"], verdict: .approvedOffline),
        Analysis(tac: [0, 0x8000, 0x8000], terminalType: 0x23, asked: ["00"], verdict: .declinedOffline),
        Analysis(tac: [0, 0x8000, 0], terminalType: 0x23, asked: ["50"], verdict: .approvedOffline),
    ])
    func `Action codes decide what is asked for`(_ row: Analysis) throws {
        var run = try Run.make {
            $0.reply = nil
            $0.card.firstType = row.asked.first == "50" ? .tc : .arqc
            $0.terminal.terminalType = row.terminalType
            $0.terminal.applications[0].tacDenial = TVR(rawValue: row.tac[0])
            $0.terminal.applications[0].tacOnline = TVR(rawValue: row.tac[1])
            $0.terminal.applications[0].tacDefault = TVR(rawValue: row.tac[2])
            // The certificates cover these, so data authentication is left out of the terminal's action codes.
            for (tag, code) in zip([TLV.Tag.iacDenial, .iacOnline, .iacDefault], row.iac) {
                $0.card.set(tag, try code.map { try Hex.decode($0) })
            }
            try DataAuthenticationTests.use(.cda, &$0)
        }
        #expect(run.play()?.verdict == row.verdict)
        #expect(run.card.log.filter { $0.ins == 0xAE }.map { Hex.encode([$0.p1]) } == row.asked)
    }

    @Test func `Denied by the card: its refusal is final, offline`() throws {
        var run = try Run.make { $0.card.firstType = .aac }
        let outcome = try required(run.play())
        #expect(outcome.verdict == .declinedOffline)
        #expect(outcome.completion?.result.cryptogramType == .aac)
        #expect(run.requests.isEmpty)
    }
}
