import EMV
import PaymentCryptography
import Payments
import Testing
import Wire

@Suite struct DataAuthenticationTests {
    static func name(_ method: AIP) -> String {
        method == .sda ? "SDA" : method == .dda ? "DDA" : method == .cda ? "CDA" : "none"
    }

    /// Byte 1 of the TVR where `method` failed, and where an object for it is missing.
    static func failed(_ method: AIP) -> String { method == .sda ? "42" : method == .dda ? "08" : "04" }
    static func missing(_ method: AIP) -> String { method == .sda ? "62" : method == .dda ? "28" : "24" }

    // Methods that hold.
    static let methods: [ContactCase] =
        [false, true].flatMap { large -> [ContactCase] in
            let exponent = large ? "exponent 65537, authority's key of 1984 bits" : "exponent 3"
            return [
                ContactCase(
                    "Book 2, 5.4", "static data hold: \(exponent)", large: large, verdict: .approvedOnline,
                    tvr: "0200048000", tsi: "E800",
                    avoids: "88", also: status(.sda, .succeeded)
                ) { $0.card.authenticates(by: .sda) },
                ContactCase(
                    "Book 2, 6.5", "dynamic data hold: \(exponent)", large: large, verdict: .approvedOnline,
                    tvr: "0000048000", tsi: "E800",
                    sends: "B2 88", also: status(.dda, .succeeded)
                ) { $0.card.authenticates(by: .dda) },
                ContactCase(
                    "Book 2, 6.6", "combined data hold with both cryptograms: \(exponent)", large: large,
                    verdict: .approvedOnline,
                    tvr: "0000048000", tsi: "E800", avoids: "88", asks: "90 50", also: status(.cda, .succeeded)
                ) { $0.card.authenticates(by: .cda) },
            ]
        } + [
            ContactCase(
                "Book 3, 10.3", "CDA goes before DDA and SDA where card and terminal have all",
                verdict: .approvedOnline, asks: "90 50",
                also: status(.cda, .succeeded)
            ) { $0.card.authenticates(by: [.sda, .dda, .cda]) },
            ContactCase(
                "Book 3, 10.3", "DDA goes before SDA where the terminal has no CDA", verdict: .approvedOnline,
                sends: "88", asks: "80 40",
                also: status(.dda, .succeeded)
            ) {
                $0.card.authenticates(by: [.sda, .dda, .cda])
                $0.terminal.capabilities.remove(.cda)
            },
            ContactCase(
                "Book 3, 10.3", "a card without a method of the terminal's: not performed, and told apart from failed",
                verdict: .approvedOnline, tvr: "8000048000", tsi: "6800", also: status(.none, .notPerformed)
            ) { $0.card.authenticates(by: []) },
            ContactCase(
                "Book 3, 10.3", "a terminal without a method of the card's: not performed", verdict: .approvedOnline,
                tvr: "8000048000",
                tsi: "6800", also: status(.none, .notPerformed)
            ) {
                $0.card.authenticates(by: .dda)
                $0.terminal.capabilities.subtract([.sda, .dda, .cda])
            },
            ContactCase(
                "Book 2, 5.4", "static data keep the authentication code for the issuer", verdict: .approvedOnline,
                also: .init { run, _ in
                    // CDOL1 asks for 9F45.
                    #expect(run.card.log.first { $0.ins == 0xAE }.map { Hex.encode($0.data) } == "DAC0")
                }
            ) {
                $0.card.authenticates(by: .sda)
                $0.card.set(.cdol1, [0x9F, 0x45, 0x02])
            },
            ContactCase(
                "Book 2, 6.5", "dynamic data keep the card's number", verdict: .approvedOnline,
                also: .init { run, _ in
                    #expect(run.card.log.first { $0.ins == 0xAE }.map { Hex.encode($0.data) } == "0102030405060708")
                }
            ) {
                $0.card.authenticates(by: .dda)
                $0.card.set(.cdol1, [0x9F, 0x4C, 0x08])
            },
            ContactCase(
                "Book 2, 6.5.1", "a card without a DDOL gets the default one", verdict: .approvedOnline,
                tvr: "0000048000", sends: "88"
            ) {
                $0.card.authenticates(by: .dda)
                $0.card.set(.ddol, nil)
            },
            ddol("without the unpredictable number fails", [0x9F, 0x02, 0x06]), ddol("that is no list fails", [0x9F]),
            ContactCase(
                "Book 2, 6.5.1", "no DDOL and no default fails", verdict: .approvedOnline, tvr: "0800048000",
                tsi: "E800", avoids: "88"
            ) {
                $0.card.authenticates(by: .dda)
                $0.card.set(.ddol, nil)
                $0.terminal.applications[0].defaultDDOL = []
            },
            ContactCase("Book 3, 6.5.9.5", "a refusal of INTERNAL AUTHENTICATE ends", failure: .badStatus) {
                $0.card.authenticates(by: .dda)
                try $0.answer(0x88, 0, "", status: 0x6985)
            },
            ContactCase("Book 3, 6.5.9.4", "an empty answer to INTERNAL AUTHENTICATE ends", failure: .badData) {
                $0.card.authenticates(by: .dda)
                try $0.answer(0x88, 0, "")
            },
            ContactCase("Book 3, 6.5.9.4", "an answer to INTERNAL AUTHENTICATE cut short ends", failure: .badData) {
                $0.card.authenticates(by: .dda)
                try $0.answer(0x88, 0, "80")
            },
            ContactCase(
                "Book 3, 6.5.9.4", "an answer to INTERNAL AUTHENTICATE without a signature is missing data",
                verdict: .approvedOnline,
                tvr: "2800048000", also: status(.dda, .dataMissing)
            ) {
                $0.card.authenticates(by: .dda)
                try $0.answer(0x88, 0, "7700")
            },
        ]

    static func ddol(_ how: String, _ list: [UInt8]) -> ContactCase {
        ContactCase(
            "Book 2, 6.5.1", "a DDOL \(how)", verdict: .approvedOnline, tvr: "0800048000", tsi: "E800", avoids: "88"
        ) {
            $0.card.authenticates(by: .dda)
            $0.card.set(.ddol, list)
        }
    }

    static func status(_ method: AuthenticationMethod, _ status: DataAuthenticationResult.Status) -> ContactCase.Check {
        .init { run, _ in
            #expect(run.kernel.findings?.authentication.method == method)
            #expect(run.kernel.findings?.authentication.status == status)
        }
    }

    /// One thing that does not fit, and where the books say so.
    struct Spoil: Sendable {
        let clause: String
        let what: String
        /// The methods that notice.
        var methods: [AIP] = [.sda, .dda, .cda]
        var certificates: @Sendable (inout TestCertificates) -> Void = { _ in }
        var run: @Sendable (inout Run) throws -> Void = { _ in }
    }

    static let signed: [AIP] = [.dda, .cda]

    static let spoils: [Spoil] = [
        Spoil(
            clause: "Book 2, 5.2", what: "the authority's key is not in the terminal", run: { $0.terminal.caKeys = [] }),
        Spoil(clause: "Book 2, 5.2", what: "the authority's key has another index") { _ in
        } run: {
            $0.terminal.caKeys = [try $0.card.keys.authorityKey(rid: TestCard.rid, index: 0x81)]
        },
        Spoil(clause: "Book 2, 5.2", what: "the authority's key belongs to another RID") { _ in
        } run: {
            $0.terminal.caKeys = [try $0.card.keys.authorityKey(rid: [0xA0, 0, 0, 0, 3], index: 0x80)]
        },
        Spoil(clause: "Book 2, 5.2", what: "the authority's key is past its last day") { _ in
        } run: {
            $0.terminal.caKeys = [try $0.card.keys.authorityKey(rid: TestCard.rid, index: 0x80, expiry: 2026_1121)]
        },
        Spoil(clause: "Book 2, 5.1.2", what: "the issuer's certificate is revoked") { _ in
        } run: {
            $0.terminal.revokedCertificates = [
                RevokedCertificate(rid: TestCard.rid, index: 0x80, serialNumber: [0, 0, 7])
            ]
        },
        Spoil(clause: "Book 2, 5.3, 1", what: "the issuer's certificate is of another length than the authority's key")
        { _ in
        } run: {
            $0.card.set(.issuerCertificate, [0x6A, 0x02])
        },
        Spoil(clause: "Book 2, 5.3, 2", what: "the issuer's certificate has another trailer") {
            $0.issuerSignature.trailer = 0xBD
        },
        Spoil(clause: "Book 2, 5.3, 3", what: "the issuer's certificate has another header") {
            $0.issuerSignature.header = 0x6B
        },
        Spoil(clause: "Book 2, 5.3, 4", what: "the issuer's certificate is of another format") {
            $0.issuerFormat = 0x04
        },
        Spoil(clause: "Book 2, 5.3, 7", what: "the issuer's certificate has another hash") {
            $0.issuerSignature.spoilsHash = true
        },
        Spoil(clause: "Book 2, 5.3, 8", what: "the issuer's identifier is not that of the account number") {
            $0.issuerIdentifier = [0x62, 0x25, 0x89, 0xFF]
        },
        Spoil(clause: "Book 2, 5.3, 8", what: "the issuer's identifier is padded in the middle") {
            $0.issuerIdentifier = [0x62, 0xF5, 0x88, 0xFF]
        },
        Spoil(clause: "Book 2, 5.3, 8", what: "the issuer's identifier has two digits only") {
            $0.issuerIdentifier = [0x62, 0xFF, 0xFF, 0xFF]
        },
        Spoil(clause: "Book 2, 5.3, 9", what: "the issuer's certificate is past its month") {
            $0.issuerExpiry = [0x10, 0x26]
        },
        Spoil(clause: "Book 2, 5.3, 9", what: "the issuer's certificate ends in month 13") {
            $0.issuerExpiry = [0x13, 0x30]
        },
        Spoil(clause: "Book 2, 5.3, 11", what: "the issuer's key is of an unknown algorithm") {
            $0.issuerAlgorithm = 0x02
        },
        Spoil(clause: "Book 2, 5.3, 12", what: "the issuer's key has another remainder") { _ in
        } run: {
            $0.card.set(.issuerRemainder, [1, 2, 3])
        },
        Spoil(clause: "Book 2, 5.3, 12", what: "the issuer's key has another exponent") { _ in
        } run: {
            $0.card.set(.issuerExponent, [0x01, 0x00, 0x01])
        },
        Spoil(clause: "Book 3, 10.3", what: "the list of further static data names more than 82") { _ in
        } run: {
            $0.card.set(.sdaTagList, [0x82, 0x95])
        },
        Spoil(clause: "Book 3, 10.3", what: "an object of the static data was changed") { _ in
        } run: {
            $0.card.set(.applicationCurrency, [0x08, 0x40])
        },
        Spoil(
            clause: "Book 2, 5.4, 1", what: "the static signature is of another length than the issuer's key",
            methods: [.sda]
        ) { _ in
        } run: {
            $0.card.set(.signedStaticData, [1, 2, 3])
        },
        Spoil(clause: "Book 2, 5.4, 2", what: "the static signature has another trailer", methods: [.sda]) {
            $0.staticSignature.trailer = 0
        },
        Spoil(clause: "Book 2, 5.4, 3", what: "the static signature has another header", methods: [.sda]) {
            $0.staticSignature.header = 0
        },
        Spoil(clause: "Book 2, 5.4, 7", what: "the static signature has another hash", methods: [.sda]) {
            $0.staticSignature.spoilsHash = true
        },
        Spoil(
            clause: "Book 2, 6.4, 1", what: "the card's certificate is of another length than the issuer's key",
            methods: signed
        ) { _ in
        } run: {
            $0.card.set(.iccCertificate, [UInt8](repeating: 1, count: 95))
        },
        Spoil(clause: "Book 2, 6.4, 2", what: "the card's certificate has another trailer", methods: signed) {
            $0.cardSignature.trailer = 0
        },
        Spoil(clause: "Book 2, 6.4, 3", what: "the card's certificate has another header", methods: signed) {
            $0.cardSignature.header = 0
        },
        Spoil(clause: "Book 2, 6.4, 4", what: "the card's certificate is of another format", methods: signed) {
            $0.cardFormat = 0x02
        },
        Spoil(clause: "Book 2, 6.4, 7", what: "the card's certificate has another hash", methods: signed) {
            $0.cardSignature.spoilsHash = true
        },
        Spoil(clause: "Book 2, 6.4, 8", what: "the card's certificate is of another account", methods: signed) {
            $0.cardHolder = "6225880212345678902"
        },
        Spoil(clause: "Book 2, 6.4, 9", what: "the card's certificate is past its month", methods: signed) {
            $0.cardExpiry = [0x10, 0x26]
        },
        Spoil(clause: "Book 2, 6.4, 10", what: "the card's key is of an unknown algorithm", methods: signed) {
            $0.cardAlgorithm = 0x00
        },
        Spoil(clause: "Book 2, 6.4, 10", what: "the card's key has exponent 2", methods: signed) { _ in
        } run: {
            $0.card.set(.iccExponent, [0x02])
        },
        Spoil(clause: "Book 2, 6.4, 10", what: "the card's key has a remainder that it does not need", methods: signed)
        { _ in
        } run: {
            $0.card.set(.iccRemainder, [0x01])
        },
        Spoil(clause: "Book 2, 6.5.2, 1", what: "the dynamic signature is longer than the card's key", methods: signed)
        { _ in
        } run: {
            $0.interferes = { _, answer in stretchSignature(answer, empty: false) }
        },
        Spoil(clause: "Book 2, 6.5.2, 2", what: "the dynamic signature has another trailer", methods: signed) { _ in
        } run: {
            $0.card.dynamicSignature.trailer = 0
        },
        Spoil(clause: "Book 2, 6.5.2, 3", what: "the dynamic signature has another header", methods: signed) { _ in
        } run: {
            $0.card.dynamicSignature.header = 0x6B
        },
        Spoil(clause: "Book 2, 6.5.2, 7", what: "the dynamic signature has another hash", methods: signed) { _ in
        } run: {
            $0.card.dynamicSignature.spoilsHash = true
        },
        Spoil(
            clause: "Book 2, 6.6.2, 10", what: "the signature over the cryptogram covers other transaction data",
            methods: [.cda]
        ) { _ in
        } run: {
            $0.card.spoilsCombined = true
        },
    ]

    static let failures: [ContactCase] = spoils.flatMap { spoil in
        spoil.methods.map { method in
            ContactCase(
                spoil.clause, "\(name(method)) fails: \(spoil.what)", tvr: "\(failed(method))........", tsi: nil,
                also: .init { run, outcome in
                    #expect(outcome.verdict != .approvedOffline)
                    #expect(run.kernel.findings?.authentication.status == .failed)
                    #expect(run.kernel.findings?.tsi.contains(.dataAuthentication) == true)
                }
            ) {
                $0.card.authenticates(by: method)
                spoil.certificates(&$0.certificates)
            } spoil: {
                try spoil.run(&$0)
            }
        }
    }

    // Objects that are missing.
    static let gaps: [ContactCase] =
        [
            (.sda, TLV.Tag.caIndex), (.sda, .issuerCertificate), (.sda, .issuerExponent), (.sda, .issuerRemainder),
            (.sda, .signedStaticData), (.dda, .caIndex), (.dda, .issuerCertificate), (.dda, .issuerExponent),
            (.dda, .issuerRemainder), (.dda, .iccCertificate), (.dda, .iccExponent), (.cda, .caIndex),
            (.cda, .issuerCertificate), (.cda, .issuerExponent), (.cda, .issuerRemainder), (.cda, .iccCertificate),
            (.cda, .iccExponent),
        ].map { (method: AIP, tag: TLV.Tag) in gap(method, tag, large: false) } + [
            gap(.dda, .iccRemainder, large: true), gap(.cda, .iccRemainder, large: true),
        ]

    static func gap(_ method: AIP, _ tag: TLV.Tag, large: Bool) -> ContactCase {
        ContactCase(
            "Book 3, 7.5", "\(name(method)) misses \(tag): missing data and failed, the transaction goes on",
            large: large,
            verdict: .approvedOnline, tvr: "\(missing(method))00048000", tsi: "E800",
            also: .init { run, _ in #expect(run.kernel.findings?.authentication.status == .dataMissing) }
        ) {
            $0.card.authenticates(by: method)
        } spoil: {
            $0.card.set(tag, nil)
        }
    }

    // Combined data authentication and what follows from it.
    static let combined: [ContactCase] = [
        ContactCase(
            "Book 4, 6.3.2.1", "keys that fail before the cryptogram: it is asked for without a signature",
            verdict: .approvedOnline,
            tvr: "0400048000", asks: "80 40"
        ) {
            $0.card.authenticates(by: .cda)
        } spoil: {
            $0.terminal.caKeys = []
        },
        ContactCase(
            "Book 4, 6.3.2.1", "keys that fail count in action analysis", verdict: .declinedOffline, asks: "00"
        ) {
            $0.card.authenticates(by: .cda)
            $0.terminal.applications[0].tacDenial = .cdaFailed
        } spoil: {
            $0.terminal.caKeys = []
        },
        ContactCase(
            "Book 4, 6.3.2.1",
            "a wrong signature over a request ends with a refusal by the second GENERATE AC, unsigned",
            verdict: .declinedOffline, tvr: "0400048000", asks: "90 00",
            also: .init { run, _ in
                #expect(run.requests.isEmpty)
                #expect(run.card.log.last?.data.prefix(2).elementsEqual("Z1".utf8) == true)
            }
        ) {
            $0.card.authenticates(by: .cda)
            $0.card.spoilsCombined = true
        },
        ContactCase(
            "Book 4, 6.3.2.1",
            "a wrong signature over an offline certificate is a refusal, without a second GENERATE AC",
            verdict: .declinedOffline, asks: "50"
        ) {
            RiskTests.offline(&$0)
            $0.card.spoilsCombined = true
        },
        ContactCase(
            "Book 2, 6.6", "a right signature over an offline certificate is an approval", verdict: .approvedOffline,
            tvr: "0000040000", asks: "50"
        ) {
            RiskTests.offline(&$0)
        },
        ContactCase(
            "Book 4, 6.3.2.1", "an unsigned certificate after the issuer's approval is the card's refusal",
            verdict: .declinedByCard,
            tvr: "0400048000"
        ) { try $0.answer(0xAE, 1, "800B400005" + "0707070707070707") },
        ContactCase(
            "Book 2, 6.6", "a card that refuses signs nothing", verdict: .declinedOffline, tvr: "0000048000",
            tsi: "6800"
        ) {
            $0.card.firstType = .aac
        },
        ContactCase(
            "Book 2, 6.6.2", "the signature covers the PDOL's values too", verdict: .approvedOnline, tvr: "0000048000"
        ) {
            $0.card.pdol = [0x9F, 0x37, 0x04, 0x9F, 0x02, 0x06]
        },
        ContactCase(
            "Book 2, 6.6.2", "the cryptogram counts that is inside the signature", verdict: .approvedOnline,
            also: .init { _, end in #expect(end.completion?.result.cryptogram == "C0DE010405060708") }),
    ]

    /// Empties or stretches the signature in an answer.
    static func stretchSignature(_ answer: [UInt8], empty: Bool) -> [UInt8] {
        guard let objects = try? TLV.parse(answer.dropLast(2)), let object = objects.first,
            object.tag == .responseFormat1 || object.tag == .responseFormat2
        else { return answer }
        if object.tag == .responseFormat1, object.value.count > 60 {
            let value = empty ? [] : Array(object.value) + [0x00]
            return TLV(.responseFormat1, value).encoded + [0x90, 0x00]
        }
        guard let parts = try? object.children(), parts.contains(where: { $0.tag == .signedDynamicData }) else {
            return answer
        }
        let changed = parts.map { part in
            part.tag != .signedDynamicData ? part : TLV(part.tag, empty ? [] : Array(part.value) + [0x00])
        }
        return TLV(.responseFormat2, TLV.encode(changed)).encoded + [0x90, 0x00]
    }

    @Test(arguments: methods)
    func `Methods of data authentication`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: failures)
    func `Everything that does not fit fails the method`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: gaps)
    func `A missing object is told apart from a failure`(_ row: ContactCase) throws { try row.check() }

    @Test(arguments: combined)
    func `Signatures over cryptograms`(_ row: ContactCase) throws { try row.check() }
}
