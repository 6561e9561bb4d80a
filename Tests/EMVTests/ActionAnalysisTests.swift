import EMV
import Payments
import Testing
import Wire

@Suite struct ActionAnalysisTests {
    /// A sale of TVR 00 00 04 80 00 with action codes of card and terminal, in the order denial, online, default.
    static func codes(
        _ what: String, iac: [String?] = ["0000000000", "0000000000", "0000000000"], tac: [UInt64] = [0, 0, 0],
        type: UInt8 = 0x22,
        asks: String, _ verdict: KernelOutcome.Verdict, online: Bool = false
    ) -> ContactCase {
        ContactCase("Book 3, 10.7", what, verdict: verdict, asks: asks) {
            if !online { $0.reply = nil }
            $0.card.firstType = asks.hasPrefix("50") ? .tc : .arqc
            $0.terminal.terminalType = type
            $0.terminal.applications[0].tacDenial = TVR(rawValue: tac[0])
            $0.terminal.applications[0].tacOnline = TVR(rawValue: tac[1])
            $0.terminal.applications[0].tacDefault = TVR(rawValue: tac[2])
            for (tag, code) in zip([TLV.Tag.iacDenial, .iacOnline, .iacDefault], iac) { try $0.set(tag, code) }
        }
    }

    static let analysis: [ContactCase] = [
        codes("no code matches: a certificate is asked for", asks: "50", .approvedOffline),
        codes(
            "the card's denial code matches: a refusal is asked for", iac: ["0000040000", "0000000000", "0000000000"],
            asks: "00", .declinedOffline),
        codes(
            "the terminal's denial code matches: a refusal is asked for", tac: [0x8000, 0, 0], asks: "00",
            .declinedOffline),
        codes(
            "the card's online code matches: a request is asked for", iac: ["0000000000", "0000008000", "0000000000"],
            asks: "90 50", .approvedOnline, online: true),
        codes(
            "the terminal's online code matches: a request is asked for", tac: [0, 0x8000, 0], asks: "90 50",
            .approvedOnline, online: true),
        codes(
            "unable to go online, no default code matches: a certificate is asked for", tac: [0, 0x8000, 0],
            asks: "90 50", .approvedOffline),
        codes(
            "unable to go online, the terminal's default code matches: a refusal is asked for",
            tac: [0, 0x8000, 0x8000], asks: "90 00", .declinedOffline),
        codes(
            "unable to go online, the card's default code matches: a refusal is asked for",
            iac: ["0000000000", "0000008000", "0000008000"], asks: "90 00", .declinedOffline),
        codes("denial goes before online", tac: [0x8000, 0x8000, 0], asks: "00", .declinedOffline),
        codes(
            "a bit that is not set matches nothing", tac: [0x10_0000_0000, 0x10_0000_0000, 0x10_0000_0000], asks: "50",
            .approvedOffline),
        codes(
            "no denial code of the card is none", iac: [nil, "0000000000", "0000000000"], asks: "50", .approvedOffline),
        codes(
            "no online and default codes of the card are all bits", iac: [nil, nil, nil], asks: "90 00",
            .declinedOffline),
        codes(
            "no online code of the card is all bits", iac: [nil, nil, "0000000000"], asks: "90 50", .approvedOffline),
        codes(
            "a terminal that is online only asks for a request without a code", type: 0x21, asks: "90 50",
            .approvedOnline, online: true),
        codes(
            "a terminal that is online only and unable to go online refuses", type: 0x21, asks: "90 00",
            .declinedOffline),
        codes(
            "a terminal that is online only keeps its denial code", tac: [0x8000, 0, 0], type: 0x21, asks: "00",
            .declinedOffline),
        codes(
            "a terminal that is offline only asks for a certificate where no default code matches", type: 0x23,
            asks: "50", .approvedOffline),
        codes(
            "a terminal that is offline only refuses by its default code", tac: [0, 0, 0x8000], type: 0x23, asks: "00",
            .declinedOffline),
        codes(
            "a terminal that is offline only does not look at online codes", tac: [0, 0x8000, 0], type: 0x23,
            asks: "50", .approvedOffline),
        ContactCase(
            "Book 3, 10.7",
            "an acquirer without action codes: data authentication that failed or is missing goes online", asks: "80 40"
        ) {
            let all = $0.terminal.applications[0]
            $0.terminal.applications[0] = ApplicationParameters(aid: all.aid)
            $0.terminal.applications[0].floorLimit = 1_000_000
            $0.card.set(.iacOnline, [0, 0, 0, 0, 0])
            $0.card.authenticates(by: [])
        },
        ContactCase(
            "Book 3, 10.7", "an acquirer without action codes: what holds stays offline", verdict: .approvedOffline,
            asks: "50"
        ) {
            let all = $0.terminal.applications[0]
            $0.terminal.applications[0] = ApplicationParameters(aid: all.aid)
            RiskTests.offline(&$0)
            $0.terminal.applications[0].tacOnline = .defaultActionCode
        },
    ]

    // What the card makes of it.
    static let cardDecisions: [ContactCase] = [
        ContactCase("Book 3, 10.8", "the card refuses a request", verdict: .declinedOffline, asks: "90") {
            $0.card.firstType = .aac
        },
        ContactCase("Book 3, 10.8", "the card refuses a certificate", verdict: .declinedOffline, asks: "50") {
            RiskTests.offline(&$0)
            $0.card.firstType = .aac
        },
        ContactCase(
            "Book 3, 10.8", "the card wants online what the terminal would approve", verdict: .approvedOnline,
            asks: "50 50"
        ) {
            RiskTests.offline(&$0)
            $0.card.firstType = .arqc
        },
        ContactCase(
            "Book 3, 10.8", "an offline-only terminal answers a card that wants online by its default code",
            verdict: .approvedOffline, asks: "50 50",
            also: .init { run, _ in
                #expect(run.requests.isEmpty)
                #expect(run.card.log.last?.data.prefix(2).elementsEqual("Y3".utf8) == true)
            }
        ) {
            RiskTests.offline(&$0)
            $0.terminal.terminalType = 0x23
            $0.card.firstType = .arqc
        },
        forbidden("a certificate for a request", 0x40), forbidden("the reserved type, once a referral", 0xC0),
        ContactCase(
            "Book 3, 9.3", "a card that answers more than was asked for ends: a request for a refusal",
            failure: .forbiddenCryptogram
        ) {
            $0.card.authenticates(by: [])
            $0.terminal.applications[0].tacDenial = .all
            try $0.answer(0xAE, 0, "800B800005" + "0707070707070707")
        },
        advice("an advice that the card requires", 0x08, CardAdvice(cryptogramInformation: 0x08), true, .none),
        advice("service not allowed", 0x01, CardAdvice(cryptogramInformation: 0x01), false, .serviceNotAllowed),
        advice("too many wrong PINs", 0x0A, CardAdvice(cryptogramInformation: 0x0A), true, .pinTryLimitExceeded),
        advice(
            "the issuer could not be authenticated", 0x03, CardAdvice(cryptogramInformation: 0x03), false,
            .issuerAuthenticationFailed),
        advice("a reserved reason", 0x06, CardAdvice(cryptogramInformation: 0x06), false, .reserved),
        answer("nothing", ""), answer("a tag alone", "80"), answer("an empty format 1", "8000"),
        answer("format 1 without a whole cryptogram", "800A80000501020304050607"),
        answer("format 1 with more than 32 bytes of the issuer's", "802C800005" + String(repeating: "01", count: 41)),
        answer("format 2 cut short", "77039F2701"), answer("format 2 without a counter", "77049F270180"),
        answer("format 2 with two informations", "770E9F2701809F2701809F36020005"),
        answer("format 2 with a cryptogram of four bytes", "77119F2701809F360200059F260401020304"),
        answer("format 2 without cryptogram and signature", "77099F2701809F36020005"),
        answer("another template", "70049F270180"),
        ContactCase("Book 3, 6.5.5.5", "a refusal of GENERATE AC ends", failure: .badStatus) {
            try $0.answer(0xAE, 0, "", status: 0x6985)
        },
        ContactCase("Book 3, 6.5.5.4", "the issuer's application data may be missing", verdict: .approvedOnline) {
            $0.card.authenticates(by: [])
            $0.card.firstType = .tc
            try $0.answer(0xAE, 0, "800B800005" + "0102030405060708")
        },
        ContactCase(
            "Book 3, 5.4", "CDOL1's values go out in order", verdict: .approvedOnline,
            also: .init { run, _ in
                let sent = run.card.log.first { $0.ins == 0xAE }.map { Hex.encode($0.data) }
                #expect(
                    sent == "000000008880" + "000000000000" + "0156" + "0000048000" + "0156" + "261122" + "00"
                        + "12345678" + "131415")
            }),
        ContactCase(
            "Book 3, 5.4", "CDOL1 asks for a hash of the TDOL's values", verdict: .approvedOnline, tvr: "0000048000",
            also: .init { run, _ in
                let sent = run.card.log.first { $0.ins == 0xAE }.map { Hex.encode($0.data) }
                #expect(sent == "F746122ED6BEA80B062D7468B4C45EF27AD87FA7")
            }
        ) {
            $0.card.set(.cdol1, [0x98, 0x14])
            $0.card.set(.tdol, [0x9F, 0x02, 0x06])
        },
        ContactCase(
            "Book 3, 5.4", "a card without a TDOL gets the default one, and it is noted", verdict: .approvedOnline,
            tvr: "0000048080"
        ) {
            $0.card.set(.cdol1, [0x98, 0x14])
            $0.terminal.applications[0].defaultTDOL = [0x9F, 0x02, 0x06]
        },
    ]

    static func forbidden(_ what: String, _ information: UInt8) -> ContactCase {
        ContactCase(
            "Book 3, 9.3", "a card that answers more than was asked for ends: \(what)", failure: .forbiddenCryptogram,
            asks: "80"
        ) {
            $0.card.authenticates(by: [])
            try $0.answer(0xAE, 0, "800B" + Hex.encode([information]) + "0005" + "0707070707070707")
        }
    }

    static func advice(
        _ what: String, _ bits: UInt8, _ advice: CardAdvice, _ required: Bool, _ reason: CardAdvice.Reason
    ) -> ContactCase {
        ContactCase(
            "Book 3, 6.5.5.4", "a refusal that says why: \(what)", verdict: .declinedOffline,
            also: .init { _, end in
                #expect(end.completion?.advice == advice)
                #expect(advice.isRequired == required)
                #expect(advice.reason == reason)
            }
        ) {
            $0.card.authenticates(by: [])
            try $0.answer(0xAE, 0, "800B" + Hex.encode([bits]) + "0005" + "0707070707070707")
        }
    }

    static func answer(_ how: String, _ hex: String) -> ContactCase {
        ContactCase("Book 3, 6.5.5.4", "an answer to GENERATE AC of a wrong form ends: \(how)", failure: .badData) {
            $0.card.authenticates(by: [])
            try $0.answer(0xAE, 0, hex)
        }
    }

    @Test(arguments: analysis)
    func `Action codes decide what is asked for`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: cardDecisions)
    func `The card's answer to the first GENERATE AC`(_ row: ContactCase) throws { try row.check() }
}
