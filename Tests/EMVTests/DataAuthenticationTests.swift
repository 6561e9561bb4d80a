import EMV
import Payments
import Testing
import Wire

@Suite struct DataAuthenticationTests {
    @Test(arguments: [false, true], [AIP.sda, .dda, .cda, []])
    func `Each method holds with keys of either exponent`(large: Bool, method: AIP) throws {
        let keys = large ? TestKeys.large : TestKeys.small
        // Changing the profile changes what the certificates cover; only the tag list of 82 brings it in.
        var run = try Run.make(keys) { try Self.use(method, &$0) }
        let tvr = try run.playTVR()
        switch method {
        case .sda: #expect(tvr.hasPrefix("02"))
        case []: #expect(tvr.hasPrefix("80"))
        default: #expect(tvr.hasPrefix("00"))
        }
        let tsi = try required(run.kernel.chipResult).tsi
        #expect(tsi == (method == [] ? "6800" : "E800"))
        #expect(run.instructions.contains("88") == (method == .dda))
    }

    /// Makes the card authenticate by `method` alone, its signatures made anew over the other profile.
    static func use(_ method: AIP, _ run: inout Run, _ certificates: TestCertificates = .init()) throws {
        run.card.authenticates(by: method)
        try run.card.certify(certificates, isStatic: method == .sda)
    }

    enum Spoil: String, CaseIterable, Sendable {
        case noAuthorityKey, authorityKeyExpired, revoked
        case issuerHeader, issuerTrailer, issuerHash, issuerFormat, issuerExpired, issuerMonth, issuerAlgorithm
        case issuerIdentifier, issuerIdentifierForm, issuerLength, issuerRemainder, issuerExponent
        case tagList, staticData
        case cardHeader, cardTrailer, cardHash, cardFormat, cardExpired, cardAlgorithm, cardHolder, cardLength
        case cardExponent, cardRemainder
        case dynamicHeader, dynamicTrailer, dynamicHash, dynamicNumber, dynamicLength
    }

    static func isOfCard(_ spoil: Spoil) -> Bool { spoil.rawValue.hasPrefix("card") }
    static func isOfSignature(_ spoil: Spoil) -> Bool { spoil.rawValue.hasPrefix("dynamic") }

    @Test(arguments: Spoil.allCases, [AIP.sda, .dda, .cda])
    func `Everything that does not fit fails the method`(spoil: Spoil, method: AIP) throws {
        if method == .sda, Self.isOfCard(spoil) || Self.isOfSignature(spoil) { return }
        var run = try Run.make { run in
            var certificates = TestCertificates()
            switch spoil {
            case .issuerHeader: certificates.issuerSignature.header = 0x6B
            case .issuerTrailer: certificates.issuerSignature.trailer = 0xBD
            case .issuerHash: certificates.issuerSignature.spoilsHash = true
            case .issuerFormat: certificates.issuerFormat = 0x04
            case .issuerExpired: certificates.issuerExpiry = [0x10, 0x26]
            case .issuerMonth: certificates.issuerExpiry = [0x13, 0x30]
            case .issuerAlgorithm: certificates.issuerAlgorithm = 0x02
            case .issuerIdentifier: certificates.issuerIdentifier = [0x62, 0x25, 0x89, 0xFF]
            case .issuerIdentifierForm: certificates.issuerIdentifier = [0x62, 0xF5, 0x88, 0xFF]
            case .cardHeader: certificates.cardSignature.header = 0x00
            case .cardTrailer: certificates.cardSignature.trailer = 0x00
            case .cardHash: certificates.cardSignature.spoilsHash = true
            case .cardFormat: certificates.cardFormat = 0x02
            case .cardExpired: certificates.cardExpiry = [0x10, 0x26]
            case .cardAlgorithm: certificates.cardAlgorithm = 0x00
            case .cardHolder: certificates.cardHolder = "6225880212345678902"
            default: break
            }
            try Self.use(method, &run, certificates)
            switch spoil {
            case .noAuthorityKey: run.terminal.caKeys = []
            case .authorityKeyExpired:
                run.terminal.caKeys = [
                    try run.card.keys.authorityKey(rid: TestCard.rid, index: 0x80, expiry: 2026_1121)
                ]
            case .revoked:
                run.terminal.revokedCertificates = [
                    RevokedCertificate(rid: TestCard.rid, index: 0x80, serialNumber: [0, 0, 7])
                ]
            case .issuerLength: run.card.set(.issuerCertificate, [0x6A, 0x02])
            case .issuerRemainder: run.card.set(.issuerRemainder, [1, 2, 3])
            case .issuerExponent: run.card.set(.issuerExponent, [0x01, 0x00, 0x01])
            case .tagList: run.card.set(.sdaTagList, [0x82, 0x95])
            case .staticData: run.card.set(.applicationCurrency, [0x08, 0x40])
            case .cardLength: run.card.set(.iccCertificate, [UInt8](repeating: 1, count: 95))
            case .cardExponent: run.card.set(.iccExponent, [0x02])
            case .cardRemainder: run.card.set(.iccRemainder, [0x01])
            case .dynamicHeader: run.card.dynamicSignature.header = 0x6B
            case .dynamicTrailer: run.card.dynamicSignature.trailer = 0
            case .dynamicHash: run.card.dynamicSignature.spoilsHash = true
            case .dynamicNumber: run.interferes = { _, answer in Self.spoilSignature(answer, .max) }
            case .dynamicLength: run.interferes = { _, answer in Self.spoilSignature(answer, 0) }
            default: break
            }
        }
        let outcome = run.play()
        let tvr = try required(outcome?.completion?.result.tvr ?? run.requests.first.map { _ in "" })
        switch method {
        case .sda: #expect(tvr.hasPrefix("42"), "\(tvr)")
        case .dda: #expect(tvr.hasPrefix("08"), "\(tvr)")
        default: #expect(tvr.hasPrefix("04"), "\(tvr)")
        }
        #expect(outcome?.verdict != .approvedOffline)
    }

    /// Cuts or stretches the signature in an answer.
    static func spoilSignature(_ answer: [UInt8], _ how: Int) -> [UInt8] {
        guard let objects = try? TLV.parse(answer.dropLast(2)), let object = objects.first,
            object.tag == .responseFormat1 || object.tag == .responseFormat2
        else { return answer }
        if object.tag == .responseFormat1, object.value.count > 60 {
            let value = how == 0 ? [] : Array(object.value) + [0x00]
            return TLV(.responseFormat1, value).encoded + [0x90, 0x00]
        }
        guard let parts = try? object.children(), parts.contains(where: { $0.tag == .signedDynamicData }) else {
            return answer
        }
        let changed = parts.map { part in
            part.tag != .signedDynamicData ? part : TLV(part.tag, how == 0 ? [] : Array(part.value) + [0x00])
        }
        return TLV(.responseFormat2, TLV.encode(changed)).encoded + [0x90, 0x00]
    }

    @Test(arguments: [
        (AIP.sda, TLV.Tag.caIndex), (.sda, .issuerCertificate), (.sda, .issuerExponent), (.sda, .signedStaticData),
        (.dda, .caIndex), (.dda, .issuerCertificate), (.dda, .issuerExponent), (.dda, .iccCertificate),
        (.dda, .iccExponent), (.cda, .caIndex), (.cda, .issuerCertificate), (.cda, .iccCertificate),
        (.cda, .iccExponent),
    ])
    func `A missing object is told apart from a failure`(method: AIP, tag: TLV.Tag) throws {
        var run = try Run.make { run in
            try Self.use(method, &run)
            run.card.set(tag, nil)
        }
        let byte = try required(TVR(bytes: Hex.decode(try run.playTVR())))
        #expect(byte.contains(.cardDataMissing))
        #expect(byte.contains(method == .sda ? .sdaFailed : method == .dda ? .ddaFailed : .cdaFailed))
    }

    @Test(arguments: [
        (nil as [UInt8]?, [0x9F, 0x37, 0x04] as [UInt8], true), (nil, [], false),
        ([0x9F, 0x02, 0x06], [0x9F, 0x37, 0x04], false),
        ([0x9F, 0x02, 0x06, 0x9F, 0x37, 0x04], [], true), ([0x9F], [0x9F, 0x37, 0x04], false),
    ])
    func `The DDOL must ask for the unpredictable number`(ddol: [UInt8]?, fallback: [UInt8], holds: Bool) throws {
        var run = try Run.make { run in
            try Self.use(.dda, &run)
            run.card.set(.ddol, ddol)
            run.terminal.applications[0].defaultDDOL = fallback
        }
        #expect(try run.playTVR().hasPrefix(holds ? "00" : "08"))
        #expect(run.instructions.contains("88") == holds)
    }

    @Test func `A wrong signature over a request ends with a decline at once`() throws {
        var run = try Run.make { $0.card.spoilsCombined = true }
        #expect(run.play()?.verdict == .declinedOffline)
        #expect(run.requests.isEmpty)
        #expect(run.card.log.last.map { Hex.encode([$0.ins, $0.p1]) } == "AE00")
    }

    @Test func `A wrong signature over a certificate is no approval`() throws {
        var run = try Run.make { run in
            run.card.firstType = .tc
            run.card.spoilsCombined = true
            run.terminal.applications[0].tacOnline = []
            run.terminal.applications[0].floorLimit = 1_000_000
            run.card.set(.iacOnline, [0, 0, 0, 0, 0])
            try Self.use(.cda, &run)
        }
        var honest = run
        honest.card.spoilsCombined = false
        #expect(honest.play()?.verdict == .approvedOffline)
        #expect(run.play()?.verdict == .declinedOffline)
        run = try Run.make { run in
            run.card.overrides[0xAE] = { count, _ in
                count == 1
                    ? Response(TLV(.responseFormat1, [0x40, 0, 5] + [UInt8](repeating: 7, count: 8)).encoded) : nil
            }
        }
        #expect(run.play()?.verdict == .declinedByCard)
        #expect(run.kernel.chipResult?.tvr.hasPrefix("04") == true)
    }

    @Test func `An answer to INTERNAL AUTHENTICATE that is none ends the transaction`() throws {
        for answer in [Response([], .conditionsNotSatisfied), Response([0x80]), Response()] {
            var run = try Run.make { run in
                try Self.use(.dda, &run)
                run.card.overrides[0x88] = { _, _ in answer }
            }
            #expect(["Book 3, 6.5.9.4", "Book 3, 6.5.9.5"].contains(run.play()?.failure?.clause))
        }
        var run = try Run.make { run in
            try Self.use(.dda, &run)
            run.card.overrides[0x88] = { _, _ in Response([0x77, 0x00]) }
        }
        #expect(try run.playTVR().hasPrefix("28"))
    }
}
