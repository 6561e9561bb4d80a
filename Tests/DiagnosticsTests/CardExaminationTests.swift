import Diagnostics
import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// What cards say of themselves.
@Suite struct CardExaminationTests {
    /// Reads a card of the library.
    private static func read(
        _ card: inout SimulatedCard, isContactless: Bool = false, _ change: (inout ReplayTerminal) -> Void = { _ in }
    ) throws -> (report: CardReport, commands: [CommandAPDU]) {
        var script = try Recording(Recording.Variation()).terminal
        change(&script)
        var commands: [CommandAPDU] = []
        var examination = CardExamination(
            script, answerToReset: card.answerToReset, isContactless: isContactless)
        var step = examination.begin()
        while true {
            switch step {
            case .finish(let report): return (report, commands)
            case .transmit(let command):
                commands.append(command)
                switch card.handle(command.bytes) {
                case .response(let bytes): step = examination.receive(bytes)
                case .silence: return (examination.cardLost("mute"), commands)
                case .removed: return (examination.cardLost("removed"), commands)
                }
            }
        }
    }

    private static func read(
        _ name: String, _ change: (inout ReplayTerminal) -> Void = { _ in }
    ) throws -> (report: CardReport, commands: [CommandAPDU]) {
        var card = try SimulatedCard(try #require(CardLibrary.card(named: name)))
        return try read(&card, change)
    }

    /// Whatever the card, reading ends, shows nothing that is to be hidden, and never asks for a cryptogram or tries a PIN.
    @Test(arguments: CardLibrary.all.map(\.name)) func everyCardComesToAnEnd(_ name: String) throws {
        for isContactless in [false, true] {
            var card = try SimulatedCard(try #require(CardLibrary.card(named: name)))
            let (report, commands) = try Self.read(&card, isContactless: isContactless)
            #expect(commands.allSatisfy { ![0xAE, 0x20, 0x24].contains($0.ins) })
            if isContactless { #expect(commands.allSatisfy { $0.ins != 0xA8 }) }
            let (text, json) = (report.text(reveal: false), report.json(reveal: false).text)
            for application in card.profile.applications {
                #expect(!text.contains(application.account.number) && !json.contains(application.account.number))
            }
        }
    }

    @Test(arguments: [
        ("unionpay-debit", "DDA succeeded, CA key F0"), ("static", "SDA succeeded, CA key F0"),
        ("unionpay-credit", "DDA succeeded, CA key F0"),
        ("online-only", "not performed"),
    ])
    func dataAuthenticationIsTold(name: String, words: String) throws {
        let text = try Self.read(name).report.text(reveal: false)
        #expect(text.contains(words), "\(text)")
        guard words != "not performed" else { return }
        let without = try Self.read(name) { $0.terminal.caKeys = [] }.report.text(reveal: false)
        #expect(without.contains("failed") && without.contains("CA key F0 of A000000333 is not loaded"), "\(without)")
    }

    /// A card that signs only together with the cryptogram shows its certificates.
    @Test func combinedAuthenticationAloneStopsAtTheCertificates() throws {
        var card = try SimulatedCard(CardLibrary.unionPayCredit)
        var examination = CardExamination(
            try Recording(Recording.Variation()).terminal, answerToReset: card.answerToReset)
        var step = examination.begin()
        var commands: [UInt8] = []
        while case .transmit(let command) = step {
            commands.append(command.ins)
            guard case .response(var bytes) = card.handle(command.bytes) else { return }
            // Its profile without DDA, which its certificate does not know of.
            if command.ins == 0xA8, let place = bytes.firstIndex(of: 0x82) { bytes[place + 2] &= ~0x20 }
            step = examination.receive(bytes)
        }
        guard case .finish(let report) = step else { return }
        let found = try #require(report.applications.first?.findings)
        #expect(found.authentication.method == .cda)
        #expect(found.obstacle.contains("9F46"))
        #expect(!commands.contains(0x88) && !commands.contains(0xAE))
    }

    @Test func everythingIsInWords() throws {
        let text = try Self.read("unionpay-debit").report.text(reveal: false)
        for words in [
            "3B", "directory", "present", "A000000333010101", "accepted here", "yes", "DDA supported", "rule 1",
            "Enciphered PIN verified on-line", "Issuer Action Code - Denial", "record 1 of file 1",
            "Application Transaction Counter", "GET PROCESSING OPTIONS", "Application Expiration Date", "2049-12-28",
        ] {
            #expect(text.contains(words), "\(words) is missing in\n\(text)")
        }
    }

    /// Each application once, also those that are not taken here, with or without a directory.
    @Test func everyApplicationIsRead() throws {
        var two = try SimulatedCard(CardLibrary.severalApplications)
        let (report, _) = try Self.read(&two) { $0.terminal.applications.removeFirst() }
        #expect(report.applications.count == 2)
        #expect(report.applications.map(\.isAccepted).filter { $0 }.count == 1)
        #expect(report.applications.allSatisfy { $0.failure.isEmpty && $0.findings != nil })
        #expect(try Self.read("online-only").report.applications.count == 1)
        #expect(try Self.read("blocked-card").report.note == "the card is blocked")
        #expect(try Self.read("blocked-application").report.applications.allSatisfy { !$0.failure.isEmpty })
    }

    /// The card's own counts: one payment more, its limits and its PIN tries untouched.
    @Test func readingCostsOneCountOfTheATC() throws {
        var card = try SimulatedCard(CardLibrary.offlineCard)
        for count in 1...3 {
            card.reset()
            let json = try Self.read(&card).report.json(reveal: false)
            #expect(json.member("applications").elements.first?.member("atc") == .number(count))
            #expect(json.member("applications").elements.first?.member("lastOnlineATC") == .number(0))
        }
    }
}
