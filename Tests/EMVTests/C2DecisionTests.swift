import Payments
import Testing
import Wire

@testable import EMV

@Suite struct C2DecisionTests {
    // Expected: outcome's verification, TVR and CVM results. Above the CVM limit, unless a case says otherwise. X is 100.00, Y is 50.00.
    static let verifications = [
        C2Case("CVM.1", "A device verifies its owner above the CVM limit", "onDevice 0000008001 010002") {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
        },
        C2Case("CVM.3", "A device need not verify below the CVM limit", "none 0000008001 3F0002") {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.transaction = try Run.sale(20000)
        },
        C2Case(
            "CVM.1", "A terminal without verification by devices takes the card's list", "onlinePIN 0000048001 420300"
        ) {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.combination.qualifiers.remove(.onDeviceVerification)
        },
        C2Case("CVM.6", "A card that does not verify is not verified", "none 0000008001 3F0000") {
            try $0.setProfile { $0.remove(.cardholderVerification) }
        },
        C2Case("CVM.8", "A card that verifies and has no list misses data", "none 2000008001 3F0000") {
            try $0.set(.cvmList, "")
        },
        C2Case("CVM.8", "A list without rules is none", "none 2000008001 3F0000") {
            try $0.set(.cvmList, "0000000000000000")
        },
        C2Case("CVM.18", "PIN for the issuer: the result is unknown until it answers", "onlinePIN 0000048001 420300"),
        C2Case("CVM.18", "Signature: the result is unknown", "signature 0000008001 5E0300") {
            try $0.set(.cvmList, "0000000000000000 5E03 1F03")
        },
        C2Case("CVM.18", "Without a PIN pad the next rule counts", "signature 0000008001 5E0300") {
            $0.terminal.capabilities.remove(.onlinePIN)
        },
        C2Case("CVM.18", "No verification: the result is success", "none 0000008001 1F0302") {
            $0.transaction = try Run.sale(15000)
        },
        C2Case("CVM.17", "No verification above the CVM limit is not supported", "none 0000808001 3F0001") {
            try $0.set(.cvmList, "0000000000000000 1F00")
        },
        C2Case("CVM.12", "A rule whose condition does not hold is passed over", "signature 0000008001 1E0300") {
            try $0.set(.cvmList, "0000000000000000 0201 1E03")
        },
        C2Case("CVM.14", "A list without a rule whose condition holds fails", "none 0000808001 3F0001") {
            try $0.set(.cvmList, "0000000000000000 0201 1E04")
        },
        C2Case("CVM.10", "A condition that is not known does not hold", "signature 0000008001 1E0300") {
            try $0.set(.cvmList, "0000000000000000 028F 1E03")
        },
        C2Case(
            "CVM.16", "A method that is not known is noted, and the next rule tried if the card says so",
            "signature 0000408001 1E0300"
        ) {
            try $0.set(.cvmList, "0000000000000000 6600 1E03")
        },
        C2Case(
            "CVM.16", "A method that is not known fails if the card does not let the next be tried",
            "none 0000C08001 3F0001"
        ) {
            try $0.set(.cvmList, "0000000000000000 2600 1E03")
        },
        C2Case("CVM.17", "PIN checked by the card is not for contactless", "signature 0000008001 1E0300") {
            try $0.set(.cvmList, "0000000000000000 4100 4400 4300 1E03")
        },
        C2Case("CVM.24", "The rule to fail is told as it stands", "none 0000808001 000001") {
            try $0.set(.cvmList, "0000000000000000 0000 1E03")
        },
        C2Case("CVM.25", "A method that is not supported and must succeed fails", "none 0000808001 3F0001") {
            $0.terminal.capabilities.remove(.onlinePIN)
            try $0.set(.cvmList, "0000000000000000 0200 1E03")
        },
        C2Case(
            "CVM.12", "Cash at an attended terminal meets the condition for manual cash", "onlinePIN 0000048001 020400"
        ) {
            $0.transaction = try Run.sale(20001, type: 0x01)
            try $0.set(.cvmList, "0000000000000000 0204 1E03")
        },
        C2Case("CVM.12", "Cashback meets the condition for it", "onlinePIN 0000048001 020500") {
            $0.transaction = try Run.sale(20001, otherAmount: 1000, type: 0x09)
            try $0.set(.cvmList, "0000000000000000 0205 1E03")
        },
        C2Case("CVM.12", "An amount over X meets the condition for it", "signature 0000008001 1E0700") {
            try $0.set(.cvmList, "0000271000001388 0206 1E07")
        },
        C2Case("CVM.12", "An amount under Y meets the condition for it", "onlinePIN 0000048001 020800") {
            try $0.set(.cvmList, "0000000000100000 0208 1E03")
        },
        C2Case("CVM.11", "Without the card's currency amounts meet no condition", "signature 0000008001 1E0300") {
            try $0.set(.applicationCurrency, "")
            try $0.set(.cvmList, "0000000000100000 0208 1E03")
        },
    ]

    @Test(arguments: verifications) func `Cardholder verification`(row: C2Case) throws {
        var run = try C2Run.make {
            $0.transaction = try Run.sale(20001)
            try row.change(&$0)
        }
        let ending = try run.tap()
        guard case .finished(let outcome) = ending else { throw Missing() }
        // Without verification the action codes may still let the card approve; what goes online does so above the floor limit.
        #expect("\(outcome.verification) \(run.results)" == row.expected)
        #expect(try run.told(.tvr) + " " + run.told(.cvmResults) == run.results)
    }

    // Expected: P1 of GENERATE AC, the first two bytes of the TVR, and the outcome.
    static let authentications = [
        C2Case("GAC.27", "A card with CDA is asked for a signed cryptogram", "50 0000 approvedOffline, none, approved"),
        C2Case(
            "S3.34", "Without CDA nothing is authenticated, and the issuer is asked",
            "80 8000 online, none, authorising"
        ) {
            try $0.setProfile { $0.remove(.cda) }
        },
        C2Case("S3.34", "A terminal without CDA authenticates nothing", "80 8000 online, none, authorising") {
            $0.terminal.capabilities.remove(.cda)
        },
        C2Case(
            "S3.34", "Static and dynamic authentication alone are not of this kernel",
            "80 8000 online, none, authorising"
        ) {
            try $0.setProfile {
                $0.remove(.cda); $0.insert([.sda, .dda])
            }
        },
        C2Case("S456.25", "Without the issuer's certificate data are missing", "80 2400 online, none, authorising") {
            $0.card.base.set(.issuerCertificate, nil)
        },
        C2Case("S456.25", "Without the issuer's exponent data are missing", "80 2400 online, none, authorising") {
            $0.card.base.set(.issuerExponent, nil)
        },
        C2Case("S456.25", "Without the card's certificate data are missing", "80 2400 online, none, authorising") {
            $0.card.base.set(.iccCertificate, nil)
        },
        C2Case("S456.25", "Without the card's exponent data are missing", "80 2400 online, none, authorising") {
            $0.card.base.set(.iccExponent, nil)
        },
        C2Case("S456.25", "Without the authority's index data are missing", "80 2400 online, none, authorising") {
            $0.card.base.set(.caIndex, nil)
        },
        C2Case(
            "S456.25", "Without the list of static data objects data are missing", "80 2400 online, none, authorising"
        ) {
            try $0.set(.sdaTagList, "")
        },
        C2Case("S456.26", "An authority that the terminal does not know fails CDA", "80 0400 online, none, authorising")
        {
            $0.terminal.caKeys = []
        },
        C2Case("S456.28", "A certificate over other data fails CDA", "80 0400 online, none, authorising") {
            $0.card.base.set(.effectiveDate, [0x20, 0x01, 0x02])
        },
        C2Case("S456.28", "An expired certificate fails CDA", "80 0400 online, none, authorising") {
            try $0.card.certify(TestCertificates(cardExpiry: [0x01, 0x26]))
        },
        C2Case("S456.28", "A revoked certificate fails CDA", "80 0400 online, none, authorising") {
            $0.terminal.revokedCertificates = [
                RevokedCertificate(rid: C2TestCard.rid, index: 0x80, serialNumber: [0x00, 0x00, 0x07])
            ]
        },
        C2Case(
            "GAC.23", "A device that verifies is declined where its signature cannot be",
            "00 0400 another interface, notApplicable, insertCard"
        ) {
            try $0.setProfile { $0.insert(.onDeviceVerification) }
            $0.terminal.caKeys = []
        },
        C2Case(
            "GAC.23", "A device that verifies is declined without CDA",
            "00 8000 another interface, notApplicable, insertCard"
        ) {
            try $0.setProfile {
                $0.insert(.onDeviceVerification); $0.remove(.cda)
            }
        },
        C2Case(
            "7.8", "The acquirer may decline a card whose CDA fails",
            "00 0400 another interface, notApplicable, insertCard"
        ) {
            $0.terminal.caKeys = []
            $0.combination.parameters.tacDenial = .cdaFailed
        },
        C2Case("S910.7", "A signature with a wrong hash ends the application", "50 0400 failed: badData") {
            $0.card.spoilsHash = true
        },
        C2Case("S910.7", "A signature with a wrong trailer ends the application", "50 0400 failed: badData") {
            $0.card.base.dynamicSignature = TestSignature(trailer: 0xBB)
        },
        C2Case(
            "S910.34", "A cryptogram without the signature that was asked for ends the application",
            "50 0400 failed: badData"
        ) {
            $0.card.leavesOutSignature = true
        },
        C2Case("S910.34", "A signature is asked for to go online too, and checked", "90 0400 failed: badData") {
            $0.transaction = try Run.sale(10001)
            $0.card.spoilsHash = true
        },
        C2Case("S910.34", "Format 1 cannot carry a signature", "50 0400 failed: badData") {
            $0.card.usesFormat1 = true
        },
        C2Case("S910.30", "Format 1 serves where no signature is asked for", "80 8000 online, none, authorising") {
            try $0.setProfile { $0.remove(.cda) }
            $0.card.usesFormat1 = true
        },
    ]

    @Test(arguments: authentications) func `Offline data authentication`(row: C2Case) throws {
        var run = try row.run()
        let ending = try run.tap()
        let tvr = run.results.prefix(4)
        #expect("\(Hex.encode([try run.last(0xAE).p1])) \(tvr) \(ending)" == row.expected)
        #expect(run.kernel?.database.tsi == [])
    }

    @Test func `Static data objects beside the profile end the application`() throws {
        var run = try C2Run.make { try $0.set(.sdaTagList, "8284") }
        #expect(try run.tap().description == "failed: badData")
    }

    // Expected: P1 of GENERATE AC and the TVR.
    static let analyses = [
        C2Case("7.7", "Another application version is noted", "50 0080000001") { try $0.set(.cardVersion, "0099") },
        C2Case("7.7", "An expired application goes online", "90 0040000001") { try $0.set(.expirationDate, "261121") },
        C2Case("7.7", "The last day counts", "50 0000000001") { try $0.set(.expirationDate, "261122") },
        C2Case("7.7", "An application that is not yet effective is noted", "50 0020000001") {
            try $0.set(.effectiveDate, "261123")
        },
        C2Case("7.7", "A card that is not for shops is declined by its issuer's action code", "00 0010000001") {
            try $0.set(.usageControl, "FE00")
        },
        C2Case("7.7", "A card for its own country only is declined abroad", "00 0010000001") {
            try $0.set(.issuerCountry, "0840")
            try $0.set(.usageControl, "AB80")
        },
        C2Case("7.7", "Cashback that the card does not allow is declined", "00 0010000001") {
            $0.transaction = try Run.sale(otherAmount: 1000)
            try $0.set(.usageControl, "FF00")
        },
        C2Case("S456.37", "The floor limit goes into the results", "90 0000008001") {
            $0.transaction = try Run.sale(10001)
        },
        C2Case("S456.37", "A card on the exception file is noted", "90 1000000001") {
            $0.terminal.exceptionFile = ["541333"]
        },
        C2Case("S456.37", "The merchant may force the issuer's decision", "90 0000000801") {
            $0.transaction = try Run.sale(forcedOnline: true)
        },
        C2Case("7.8", "A terminal that is only online asks the issuer", "90 0000000001") {
            $0.terminal.terminalType = 0x21
        },
        C2Case("7.8", "A terminal that is only offline does not ask the issuer", "50 0000000001") {
            $0.terminal.terminalType = 0x23
        },
        C2Case("7.8", "A terminal that is only offline declines by the default action codes", "00 8000000001") {
            $0.terminal.terminalType = 0x23
            try $0.setProfile { $0.remove(.cda) }
        },
        C2Case("7.8", "A missing issuer action code asks for every result", "90 0080000001") {
            try $0.set(.cardVersion, "0099")
            try $0.set(.iacOnline, "")
        },
        C2Case("7.8", "A missing issuer action code does not ask for the relay resistance bits", "50 0000000001") {
            try $0.set(.iacOnline, "")
            try $0.set(.iacDefault, "")
        },
        C2Case("7.8", "An issuer may ask for the relay resistance bits", "90 0000000001") {
            try $0.set(.iacOnline, "0000000001")
        },
        C2Case("7.8", "The acquirer's action code declines", "00 0080000001") {
            try $0.set(.cardVersion, "0099")
            $0.combination.parameters.tacDenial = .versionsDiffer
        },
        C2Case("7.8", "PIN for the issuer goes online even if no action code asks for it", "90 0000040001") {
            $0.combination.floorLimit = 50000
            $0.combination.parameters.tacOnline = []
            $0.transaction = try Run.sale(20001)
        },
    ]

    @Test(arguments: analyses) func `Restrictions, risk management and action analysis`(row: C2Case) throws {
        var run = try row.run()
        _ = try run.tap()
        #expect("\(Hex.encode([try run.last(0xAE).p1])) \(try run.told(.tvr))" == row.expected)
    }

    static let outcomes = [
        C2Case("S910.74", "A transaction certificate approves", "approvedOffline, none, approved Y1"),
        C2Case("S910.75", "An approval to be signed says so", "approvedOffline, signature, approvedPleaseSign Y1") {
            $0.combination.floorLimit = 50000
            $0.transaction = try Run.sale(20001)
            try $0.set(.cvmList, "0000000000000000 1E03")
        },
        C2Case("S910.74", "The card may ask for its issuer where the terminal would not", "online, none, authorising ")
        {
            $0.card.type = .arqc
        },
        C2Case("S910.74", "A card that declines may be inserted", "another interface, notApplicable, insertCard ") {
            $0.card.type = .aac
        },
        C2Case("S910.74", "A terminal without a slot declines", "declinedOffline, notApplicable, declined Z1") {
            $0.card.type = .aac
            $0.terminal.capabilities.remove(.contactChip)
        },
        C2Case("S910.74", "A phone cannot be inserted", "declinedOffline, notApplicable, declined Z1") {
            $0.card.type = .aac
            try $0.set(.thirdPartyData, "015600013031")
        },
        C2Case(
            "S910.74", "A phone that says so when it is selected cannot be inserted",
            "declinedOffline, notApplicable, declined Z1"
        ) {
            $0.card.type = .aac
            $0.card.discretionary = [TLV(.thirdPartyData, [0x01, 0x56, 0x00, 0x01, 0x30, 0x31])]
        },
        C2Case(
            "S910.74", "A device of the kind of a card can be inserted", "another interface, notApplicable, insertCard "
        ) {
            $0.card.type = .aac
            try $0.set(.thirdPartyData, "015600013030")
        },
        C2Case(
            "S910.74", "Third party data without a device type leave it a card",
            "another interface, notApplicable, insertCard "
        ) {
            $0.card.type = .aac
            try $0.set(.thirdPartyData, "015680013031")
        },
        C2Case(
            "S910.74", "A refund that the card declines does not change the interface",
            "declinedOffline, notApplicable, declined Z1"
        ) {
            $0.card.type = .aac
            $0.transaction = try Run.sale(type: 0x20)
        },
        C2Case("S9.18", "A certificate where the issuer was to be asked is forbidden", "failed: forbiddenCryptogram ") {
            $0.card.type = .tc
            $0.transaction = try Run.sale(10001)
        },
        C2Case("S9.18", "A certificate where the card was to decline is forbidden", "failed: forbiddenCryptogram ") {
            $0.card.type = .tc
            try $0.set(.usageControl, "FE00")
        },
        C2Case("S9.18", "A request where the card was to decline is forbidden", "failed: forbiddenCryptogram ") {
            $0.card.type = .arqc
            try $0.set(.usageControl, "FE00")
        },
        C2Case("S9.17", "A card that refuses its cryptogram ends the application", "failed: badStatus ") {
            $0.card.overrides[0xAE] = Response([], .conditionsNotSatisfied)
        },
        C2Case("S9.20", "A cryptogram that cannot be read ends the application", "failed: badData ") {
            $0.card.overrides[0xAE] = Response([0x77, 0x02, 0x9F])
        },
        C2Case("S910.31", "An answer without a cryptogram ends the application", "failed: badData ") {
            try $0.setProfile { $0.remove(.cda) }
            $0.card.overrides[0xAE] = Response([0x77, 0x09, 0x9F, 0x27, 0x01, 0x80, 0x9F, 0x36, 0x02, 0x00, 0x05])
        },
        C2Case(
            "S910.71", "A phone that wants its owner's code is presented a second time",
            "try again, notApplicable, seePhone "
        ) {
            $0.card.type = .aac
            $0.card.interaction = [0x00, 0x01, 0x00]
        },
        C2Case(
            "S910.71", "A phone that wants a confirmation is presented a second time",
            "try again, notApplicable, seePhone "
        ) {
            $0.card.type = .aac
            $0.card.interaction = [0x00, 0x02, 0x00]
        },
        C2Case(
            "S910.71", "A second tap is asked for before a certificate counts", "try again, notApplicable, seePhone "
        ) {
            $0.card.interaction = [0x00, 0x00, 0x01]
        },
        C2Case("S910.71", "Other remarks of a phone need no second tap", "approvedOffline, none, approved Y1") {
            $0.card.interaction = [0x00, 0x10, 0x00]
        },
    ]

    @Test(arguments: outcomes) func `The card's cryptogram`(row: C2Case) throws {
        var run = try row.run()
        let ending = try run.tap()
        let code = run.kernel?.database.responseCode.map { String(decoding: $0, as: UTF8.self) } ?? ""
        #expect("\(ending) \(code)" == row.expected)
    }

    static let replies = [
        C2Case("A.1", "The issuer's approval ends the payment", "approvedOnline, none, approved 00"),
        C2Case(
            "A.1", "The issuer's approval of a payment to be signed says so",
            "approvedOnline, signature, approvedPleaseSign 00"
        ) {
            $0.terminal.capabilities.remove(.onlinePIN)
            $0.transaction = try Run.sale(20001)
        },
        C2Case(
            "A.1", "The issuer's approval after its PIN needs nothing more", "approvedOnline, onlinePIN, approved 00"
        ) {
            $0.transaction = try Run.sale(20001)
        },
        C2Case("A.1", "The issuer's refusal declines", "declinedOnline, notApplicable, declined 05"),
        C2Case("A.1", "Without the issuer's answer nobody approves", "declinedOffline, notApplicable, declined Z3"),
    ]

    @Test(arguments: replies) func `The issuer's answer, after the card has left`(row: C2Case) throws {
        var run = try C2Run.make {
            $0.transaction = try Run.sale(10001)
            try row.change(&$0)
        }
        guard case .finished(let outcome) = try run.tap(), case .online(let request) = outcome.result else {
            throw Missing()
        }
        #expect(request.pinEntry == .none)
        #expect(request.card.pan.digits == C2TestCard.pan)
        let code = String(row.expected.suffix(2))
        let reply = OnlineReply(
            approved: code == "00", code: code, chipData: [0x71, 0x01], authorizationCode: "123456")
        let final = try run.complete(code == "Z3" ? nil : reply)
        let database = try required(run.kernel?.database)
        #expect("\(final.line) \(String(decoding: database.responseCode ?? [], as: UTF8.self))" == row.expected)
        guard case .completed(_, let completion) = final.result else { throw Missing() }
        #expect(completion.result.signatureRequired == (outcome.verification == .signature))
        #expect(completion.result.tsi == "0000")
        #expect(completion.scriptNotice == nil)
        #expect(completion.chipData == request.chipData)
        // A second answer changes nothing.
        #expect(try run.complete(reply).line == "ended: badData, notApplicable, tryAnotherCard")
    }

    /// A card that has left carries out nothing; its issuer is told so of each script.
    @Test func `Scripts of the reply are named as not performed`() throws {
        var run = try C2Run.make { $0.transaction = try Run.sale(10001) }
        _ = try run.tap()
        let scripts = try Hex.decode("710E9F18041122334486058424000000 720786058424000000")
        let outcome = try run.complete(OnlineReply(approved: true, code: "00", chipData: scripts))
        guard case .completed(.approvedOnline, let completion) = outcome.result else { throw Missing() }
        #expect(completion.result.scriptResults == "00112233440000000000")
        #expect(completion.scriptNotice != nil)
    }

    @Test func `Field 55 holds what the card was told`() throws {
        var run = try C2Run.make { $0.transaction = try Run.sale(20001) }
        guard case .finished(let outcome) = try run.tap(), case .online(let request) = outcome.result else {
            throw Missing()
        }
        let objects = try TLV.parse(request.chipData)
        let value = { (tag: TLV.Tag) in objects.first { $0.tag == tag }.map { Hex.encode($0.value) } }
        #expect(value(.tvr) == "0000048001")
        #expect(value(.cvmResults) == "420300")
        #expect(value(.terminalCapabilities) == "2060C8")
        #expect(value(.unpredictableNumber) == "12345678")
        #expect(value(.cryptogram) == "C2DE050405060708")
        #expect(value(.cryptogramInformation) == "80")
        #expect(value(.amount) == "000000020001")
        #expect(value(.aip) == "1980")
        #expect(run.kernel?.database.chipResult?.terminalCapabilities == "2060C8")
    }
}
