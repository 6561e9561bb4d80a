import EMV
import PaymentCryptography
import Payments
import SimulatedCards
import Testing
import Wire

/// Whole sales of CNY 88.80 with simulated cards, their real cryptograms and their issuer's real answers.
@Suite struct LibraryCardTests {
    struct CardCase: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        let card: String
        /// What the customer enters for the card; nil where the terminal takes no such PIN.
        var pin: String?
        var floorLimit: Int64 = 0
        /// What the issuer sends along.
        var scripts: [IssuerCommand] = []

        let verdict: KernelOutcome.Verdict
        let tvr: String
        let tsi: String
        let cvm: String
        let method: AuthenticationMethod

        var testDescription: String { card }
    }

    static let cases: [CardCase] = [
        CardCase(
            clause: "Book 3, 8.2", requirement: "a debit card with DDA, online PIN and EXTERNAL AUTHENTICATE",
            card: "unionpay-debit",
            verdict: .approvedOnline, tvr: "0000048000", tsi: "F800", cvm: "420300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2",
            requirement: "a credit card with CDA, templates 77, and its issuer authenticated in CDOL2",
            card: "unionpay-credit", verdict: .approvedOnline, tvr: "0008048000", tsi: "E800", cvm: "420300",
            method: .cda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a card with SDA and signature", card: "static",
            verdict: .approvedOnline,
            tvr: "0200008000", tsi: "F800", cvm: "5E0300", method: .sda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a card without directory and data authentication", card: "online-only",
            verdict: .approvedOnline, tvr: "8000048000", tsi: "7800", cvm: "020300", method: .none),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a card that approves offline below the floor limit", card: "offline",
            floorLimit: 100_000, verdict: .approvedOffline, tvr: "0008000000", tsi: "E800", cvm: "1F0002", method: .cda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a plaintext PIN that the card finds right", card: "plaintext-pin",
            pin: "right",
            verdict: .approvedOnline, tvr: "0000008000", tsi: "F800", cvm: "410302", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "an enciphered PIN under the card's key for PINs",
            card: "enciphered-pin", pin: "right",
            verdict: .approvedOnline, tvr: "0000008000", tsi: "F800", cvm: "440302", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "an enciphered PIN under the card's key", card: "enciphered-pin-icc",
            pin: "right",
            verdict: .approvedOnline, tvr: "0008008000", tsi: "E800", cvm: "440302", method: .cda),
        CardCase(
            clause: "Book 3, 8.2",
            requirement: "an enciphered PIN that is wrong until no try is left, then a signature",
            card: "enciphered-pin",
            pin: "0000", verdict: .approvedOnline, tvr: "000020....", tsi: "F800", cvm: "5E0300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "an expired card, which its issuer may still approve", card: "expired",
            verdict: .approvedOnline, tvr: "0040048000", tsi: "F800", cvm: "420300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a card that is not yet effective, which its issuer wants declined",
            card: "not-yet-effective",
            verdict: .declinedOffline, tvr: "0020048000", tsi: "E800", cvm: "420300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a card for its own country only", card: "domestic-only",
            verdict: .declinedOffline,
            tvr: "0010048000", tsi: "E800", cvm: "420300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a Visa style card", card: "visa", verdict: .approvedOnline,
            tvr: "0000048000",
            tsi: "F800", cvm: "420300", method: .dda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a Visa style card with CDA and cryptogram version 18", card: "visa-18",
            verdict: .approvedOnline, tvr: "0000048000", tsi: "F800", cvm: "420300", method: .cda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a Mastercard style card with keys of 1984 bits", card: "mastercard",
            verdict: .approvedOnline, tvr: "0000048000", tsi: "E800", cvm: "420300", method: .cda),
        CardCase(
            clause: "Book 3, 8.2", requirement: "a JCB style card", card: "jcb", verdict: .approvedOnline,
            tvr: "0200008000",
            tsi: "F800", cvm: "5E0300", method: .sda),
        CardCase(
            clause: "Book 3, 10.10", requirement: "a genuine script that blocks the application",
            card: "unionpay-debit",
            scripts: [.blockApplication], verdict: .approvedOnline, tvr: "0000048000", tsi: "FC00", cvm: "420300",
            method: .dda),
    ]

    @Test(arguments: cases)
    func `Whole sales with cards of the library`(_ row: CardCase) throws {
        let profile = try required(CardLibrary.card(named: row.card))
        var card = try SimulatedCard(profile)
        var kernel = try Self.kernel(row)
        var action = kernel.handle(.begin)
        var outcome: KernelOutcome?
        while outcome == nil {
            switch action {
            case .transmit(let command):
                guard case .response(let bytes) = card.handle(command.bytes) else { throw Missing() }
                action = kernel.handle(.response(bytes))
            case .chooseApplication: action = kernel.handle(.applicationChosen(0))
            case .requestOnlinePIN: action = kernel.handle(.pin(.entered))
            case .requestOfflinePIN(let query):
                let pin = row.pin == "right" ? profile.applications[0].account.pin : try required(row.pin)
                action = kernel.handle(.pin(try Self.enter(pin, query, &card)))
            case .goOnline(let request): action = kernel.handle(.reply(try Self.reply(to: request, row.scripts)))
            case .finish(let end): outcome = end
            case .ignore: throw Missing()
            }
        }
        #expect(outcome?.verdict == row.verdict, "\(outcome?.failure.map { "\($0)" } ?? "")")
        let result = try required(kernel.chipResult)
        #expect(zip(result.tvr, row.tvr).allSatisfy { $1 == "." || $0 == $1 }, "TVR \(result.tvr)")
        #expect(result.tsi == row.tsi)
        #expect(result.cvmResults == row.cvm)
        #expect(kernel.findings?.authentication.method == row.method)
        #expect(kernel.findings?.authentication.status == (row.method == .none ? .notPerformed : .succeeded))
    }

    static func kernel(_ row: CardCase) throws -> ContactKernel {
        var applications = TestTerminalParameters.applications
        for index in applications.indices { applications[index].floorLimit = row.floorLimit }
        var terminal = TerminalData(
            applications: applications, caKeys: try TestTerminalParameters.caKeys(), countryCode: 156,
            serialNumber: "TENDER01", terminalID: "12345678", merchantID: "123456789012345")
        if row.pin != nil { terminal.capabilities.insert([.plaintextPIN, .encipheredPIN]) }
        return ContactKernel(terminal: terminal, transaction: try Run.sale())
    }

    /// What the device with keys does: in the clear it shows the PIN to the card itself.
    static func enter(
        _ pin: String, _ query: OfflinePINQuery, _ card: inout SimulatedCard
    ) throws -> ContactKernel.PINOutcome {
        let digits = SecretBytes(Array(pin.utf8))
        switch query.method {
        case .plaintext:
            let block = try CardPIN.block(digits).withBytes { Array($0) }
            guard case .response(let answer) = card.handle([0x00, 0x20, 0x00, 0x80, 0x08] + block) else {
                throw Missing()
            }
            return .answered(answer)
        case .enciphered(let key, let challenge):
            return .enciphered(try CardPIN.encipher(digits, for: key, challenge: challenge))
        }
    }

    /// The issuer's answer to a cryptogram, which must be genuine.
    static func reply(to request: OnlineRequest, _ scripts: [IssuerCommand]) throws -> OnlineReply {
        let check = CardIssuer().check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        guard case .genuine(let cryptogram) = check else { throw Missing() }
        var objects = [try cryptogram.issuerAuthenticationData(responseCode: "00")]
        if !scripts.isEmpty { objects.append(try cryptogram.script(scripts, template: .script72)) }
        return OnlineReply(approved: true, code: "00", chipData: TLV.encode(objects))
    }
}
