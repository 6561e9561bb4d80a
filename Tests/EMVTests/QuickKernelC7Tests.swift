import EMV
import Payments
import Testing
import Wire

@Suite struct QuickKernelC7Tests {
    static let online = "online none/authorising, approvedOnline none/approved"
    static let onlinePIN = "online onlinePIN/enterPIN, approvedOnline onlinePIN/approved"
    static let onlineSignature = "online signature/authorising, approvedOnline signature/approvedPleaseSign"
    static let offline = "approvedOffline none/approved"
    static let declined = "declinedOffline/declined"
    static let otherInterface = "tryAnotherInterface/insertOrSwipe"
    static let badData = "ended badData/tryAnotherCard"

    static func change(_ tag: TLV.Tag, _ value: [UInt8]?) -> @Sendable (inout TapRun) throws -> Void {
        { $0.card.changes[tag] = .some(value) }
    }

    static func approving(_ change: @escaping @Sendable (inout TapRun) throws -> Void)
        -> @Sendable (inout TapRun) throws -> Void
    {
        {
            $0.approveOffline()
            try change(&$0)
        }
    }

    /// The reader wants verification, and the card has these wishes.
    static func verified(
        _ qualifiers: [UInt8]?, reader: TerminalTransactionQualifiers = [.onlinePIN, .signature, .onDeviceVerification]
    ) -> @Sendable (inout TapRun) throws -> Void {
        {
            $0.card.qualifiers = qualifiers
            $0.combine {
                $0.verificationLimit = 1
                $0.qualifiers.subtract([.onlinePIN, .signature, .onDeviceVerification])
                $0.qualifiers.formUnion(reader)
            }
        }
    }

    static let initiation: [TapCase] = [
        TapCase("Book C-7 (as C-3, 5.2)", "A request of the card asks the issuer, who approves", online),
        TapCase(
            "Book C-7 (as C-3, 5.2)", "A request of the card asks the issuer, who declines",
            "online none/authorising, declinedOnline/declined"
        ) {
            $0.reply = OnlineReply(approved: false, code: "51", chipData: [])
        },
        TapCase(
            "Book C-7 (as C-3, 5.8)", "Without an answer of the issuer a request is declined",
            "online none/authorising, " + declined
        ) {
            $0.reply = nil
        },
        TapCase("Book C-7 (as C-3, 5.8)", "A refusal of the card declines", declined) { $0.card.type = .aac },
        TapCase("Book C-7 (as C-3, 5.8)", "A refusal without an account number declines", declined) {
            $0.card.type = .aac
            $0.card.changes[.track2] = .some(nil)
        },
        TapCase("Book C-7 (as C-3, 5.2)", "6984 asks for the other interface", otherInterface) {
            $0.interferes = { number, answer in number == 3 ? [0x69, 0x84] : answer }
        },
        TapCase(
            "Book C-7 (as C-3, 5.2)", "6986 sends the customer to the phone, and the second tap pays",
            "tryAgain/seePhone, online onDevice/authorising, approvedOnline onDevice/approved"
        ) {
            $0.card.qualifiers = [0x00, 0x80]
            $0.card.override = { tap, command in tap == 1 && command.ins == 0xA8 ? [0x69, 0x86] : nil }
        },
        TapCase(
            "Book C-7 (as C-3, 5.2)", "Any other status of GET PROCESSING OPTIONS ends the application",
            "ended badStatus/tryAnotherCard"
        ) {
            $0.interferes = { number, answer in number == 3 ? [0x6A, 0x81] : answer }
        },
        TapCase("Book C-7 (as C-3, 5.2)", "Processing options of format 1 end the application", badData) {
            $0.interferes = { number, answer in
                number == 3 ? [0x80, 0x06, 0x20, 0x00, 0x08, 1, 1, 0, 0x90, 0x00] : answer
            }
        },
        TapCase("Book C-7 (as C-3, 5.2)", "Processing options that cannot be read end the application", badData) {
            $0.interferes = { number, answer in number == 3 ? Array(answer.dropLast(9)) + [0x90, 0x00] : answer }
        },
        TapCase("Book C-7 (as C-3, 5.2)", "Empty processing options end the application", badData) {
            $0.interferes = { number, answer in number == 3 ? [0x90, 0x00] : answer }
        },
        TapCase("Book C-7 (as C-3, 5.2)", "A profile is mandatory", badData, change(.aip, nil)),
        TapCase("Book C-7 (as C-3, 5.4)", "A cryptogram is mandatory", badData, change(.cryptogram, nil)),
        TapCase("Book C-7 (as C-3, 5.4)", "A cryptogram has eight bytes", badData, change(.cryptogram, [1, 2, 3])),
        TapCase("Book C-7 (as C-3, 5.4)", "A transaction counter is mandatory", badData, change(.atc, nil)),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Issuer application data are mandatory", badData,
            change(.issuerApplicationData, nil)),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Without cryptogram information the issuer application data name a request",
            online,
            change(.cryptogramInformation, nil)),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Without cryptogram information the issuer application data name an approval",
            offline,
            approving {
                $0.card.changes[.cryptogramInformation] = .some(nil)
            }),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Without cryptogram information the issuer application data name a refusal",
            declined
        ) {
            $0.card.type = .aac
            $0.card.changes[.cryptogramInformation] = .some(nil)
        },
        TapCase("Book C-7 (as C-3, 5.4)", "Short issuer application data name nothing", badData) {
            $0.card.changes = [.cryptogramInformation: nil, .issuerApplicationData: [0x07, 0x01, 0x01]]
        },
        TapCase(
            "Book C-7 (as C-3, 5.4)", "A reserved type of cryptogram ends the application", badData,
            change(.cryptogramInformation, [0xC0])),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Neither track 2 nor account number: no card to ask for", badData,
            change(.track2, nil)),
        TapCase("Book C-7 (as C-3, 5.4)", "An object that occurs twice ends the application", badData) {
            $0.card.additions = [TLV(.atc, [0, 1])]
        },
        TapCase(
            "Book C-7 (as C-3, 5.4)",
            "An object of the records that GET PROCESSING OPTIONS gave already ends the application",
            badData,
            approving {
                $0.card.additions = [TLV(.expirationDate, [0x30, 0x12, 0x31])]
            }),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "Track 2 of another account ends the application", badData,
            approving {
                $0.card.changes[.track2] = .some([
                    0x62, 0x25, 0x88, 0x02, 0x12, 0x34, 0x56, 0x78, 0x90, 0x2D, 0x30, 0x12, 0x20, 0x1F,
                ])
            }),
        TapCase(
            "Book C-7 (as C-3, 5.3)", "A file locator that breaks the rules ends the application", badData,
            change(.afl, nil),
            and: { $0.card.additions = [TLV(.afl, [0x08, 0x02, 0x01, 0x00])] }),
        TapCase(
            "Book C-7 (as C-3, 5.3)", "A record that cannot be read ends the application",
            "ended badStatus/tryAnotherCard",
            approving {
                $0.interferes = { number, answer in number == 4 ? [0x6A, 0x83] : answer }
            }),
        TapCase(
            "Book C-7 (as C-3, 5.3)", "A record that is no template 70 ends the application", badData,
            approving {
                $0.interferes = { number, answer in number == 4 ? [0x71, 0x00, 0x90, 0x00] : answer }
            }),
    ]

    static let decisions: [TapCase] = [
        TapCase(
            "Book C-7 (as C-3, 5.6)", "An approval with a signature of version 01 holds", offline, approving { _ in }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "An approval with a signature of version 00 holds", offline,
            approving { $0.card.authentication = [0x00, 1, 2, 3, 4] }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "An approval without card authentication data is signed over the number alone",
            offline,
            approving { $0.card.authentication = nil }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A signature of an unknown version declines", declined,
            approving { $0.card.authentication = [0x02, 1, 2, 3, 4] }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A signature that does not hold declines", declined,
            approving { $0.card.signature.spoilsHash = true }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A signature over another amount declines", declined,
            approving { $0.card.pdol[5] = 0x05 }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A missing signature declines", declined, approving { _ in },
            and: {
                $0.interferes = { number, answer in
                    number == 8 ? Array(TLV(.record, []).encoded) + [0x90, 0x00] : answer
                }
            }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "Without the authority's key an approval declines", declined,
            approving { $0.terminal.caKeys = [] }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "Changed static data decline an approval", declined,
            approving { $0.card.set(.expirationDate, [0x31, 0x12, 0x31]) }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A card without dynamic authentication in its profile declines", declined,
            approving { $0.card.changes[.aip] = [0x00, 0x00] }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A failed signature goes online where the card wants that", online,
            approving {
                $0.card.qualifiers = [0x20, 0x00]
                $0.card.signature.spoilsHash = true
            }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A failed signature asks for the contacts where the card wants that",
            otherInterface,
            approving {
                $0.card.qualifiers = [0x10, 0x00]
                $0.card.signature.spoilsHash = true
            }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A failed signature declines where the reader has no contacts", declined,
            approving {
                $0.card.qualifiers = [0x10, 0x00]
                $0.card.signature.spoilsHash = true
                $0.combine { $0.qualifiers.remove(.contactChip) }
            }),
        TapCase(
            "Book C-7 (as C-3, 5.6)", "A failed signature declines where the reader never goes online", declined,
            approving {
                $0.card.qualifiers = [0x20, 0x00]
                $0.card.signature.spoilsHash = true
                $0.terminal.terminalType = 0x23
            }),
        TapCase("Book C-7 (as C-3, 5.6)", "A failed signature of a request leaves the decision to the issuer", online) {
            $0.card.signsRequests = true
            $0.card.signature.spoilsHash = true
        },
        TapCase(
            "Book C-7 (as C-3, 5.5)", "An expired card's approval declines", declined, approving { try expire(&$0) }),
        TapCase(
            "Book C-7 (as C-3, 5.5)", "An expired card's approval declines even where the card would go online",
            declined,
            approving {
                $0.card.qualifiers = [0x08, 0x00]
                try expire(&$0)
            }),
        TapCase("Book C-7 (as C-3, 5.5)", "An expired card's request goes online", online) {
            $0.card.changes[.track2] = try Hex.decode(TapCard.pan + "D24122011234500000F")
        },
        TapCase(
            "Book C-7 (as C-3, 5.5)", "A card on the exception file declines its approval", declined,
            approving { $0.terminal.exceptionFile = ["622588021"] }),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "An approval where an online cryptogram was asked for ends the application",
            "ended forbiddenCryptogram/tryAnotherCard",
            approving {
                $0.combine { $0.floorLimit = 100 }
            }),
        TapCase("Book C-7 (as C-3, 5.8)", "A request declines at a reader that never goes online", declined) {
            $0.terminal.terminalType = 0x23
        },
        TapCase(
            "Book C-7 (as C-3, 5.4)", "An approval needs an account number in its records", badData,
            approving { $0.card.set(.pan, nil) }),
        TapCase(
            "Book C-7 (as C-3, 5.4)", "An approval needs an expiry in its records", badData,
            approving { $0.card.set(.expirationDate, nil) }),
        TapCase("Book C-7 (as C-3, 5.8)", "The issuer's scripts do not change its approval", online) {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode("7109 9F180411223344 8600"))
        },
    ]

    static func expire(_ run: inout TapRun) throws {
        run.card.set(.expirationDate, [0x24, 0x12, 0x31])
        try run.card.certify()
    }

    static let verification: [TapCase] = [
        TapCase("Book C-7 (as C-3, 5.7)", "The card asks for the PIN", onlinePIN, verified([0x80, 0x00])),
        TapCase("Book C-7 (as C-3, 5.7)", "The card asks for a signature", onlineSignature, verified([0x40, 0x00])),
        TapCase("Book C-7 (as C-3, 5.7)", "The PIN comes before the signature", onlinePIN, verified([0xC0, 0x00])),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "A reader without PIN takes the signature", onlineSignature,
            verified([0xC0, 0x00], reader: .signature)),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "Nothing that both sides have: declined", declined,
            verified([0x80, 0x00], reader: .signature)),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "Nothing asked for where verification is required: declined", declined,
            verified([0x00, 0x00])),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "The device did it",
            "online onDevice/authorising, approvedOnline onDevice/approved",
            verified([0x00, 0x80])),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "The PIN comes before what the device did", onlinePIN, verified([0x80, 0x80])),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "A reader that knows no devices does not count theirs", declined,
            verified([0x00, 0x80], reader: .onlinePIN)),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "What the device did must stand under the signature", declined,
            verified([0x00, 0x80]),
            and: {
                $0.card.signsRequests = true
                $0.card.signedQualifiers = [0x00, 0x00]
            }),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "What the device did stands under the signature of a request",
            "online onDevice/authorising, approvedOnline onDevice/approved", verified([0x00, 0x80]),
            and: { $0.card.signsRequests = true }),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "What the device did stands under the signature of an approval",
            "approvedOffline onDevice/approved", approving(verified([0x00, 0x80]))),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "An approval without signed qualifiers is no proof of what the device did",
            declined,
            approving(verified([0x00, 0x80])), and: { $0.card.authentication = nil }),
        TapCase("Book C-7 (as C-3, 5.7)", "A card that says nothing gets the PIN", onlinePIN, verified(nil)),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "A card that says nothing signs where there is no PIN", onlineSignature,
            verified(nil, reader: .signature)),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "A card that says nothing declines where there is neither", declined,
            verified(nil, reader: [])),
        TapCase("Book C-7 (as C-3, 5.7)", "A card that says nothing needs nothing below the limit", online) {
            $0.card.qualifiers = nil
        },
        TapCase("Book C-7 (as C-3, 5.7)", "Below the limit the card may still want its PIN", onlinePIN) {
            $0.card.qualifiers = [0x80, 0x00]
        },
        TapCase(
            "Book C-7 (as C-3, 5.7)", "An approval with a PIN goes to the issuer", onlinePIN,
            approving(verified([0x80, 0x00]))),
        TapCase(
            "Book C-7 (as C-3, 5.7)", "An approval with a signature stays offline",
            "approvedOffline signature/approvedPleaseSign", approving(verified([0x40, 0x00]))),
    ]

    static func small(
        _ amount: Int64, _ aid: [UInt8], _ qualifiers: [UInt8]?, pin: Int64? = 100_000, signature: Int64? = 100_000,
        _ change: @escaping @Sendable (inout SmallAmountRule) -> Void = { _ in }
    ) -> @Sendable (inout TapRun) throws -> Void {
        {
            $0.transaction = try Run.sale(amount)
            $0.card.entries = [TapCard.Entry(aid: aid)]
            $0.card.qualifiers = qualifiers
            var rule = SmallAmountRule(withoutPIN: pin, withoutSignature: signature)
            change(&rule)
            $0.combine { [rule] in $0.smallAmount = rule }
        }
    }

    static let free = "online smallAmount/authorising, approvedOnline smallAmount/approved"
    static let onDevice = "online onDevice/authorising, approvedOnline onDevice/approved"

    static let smallAmounts: [TapCase] = [
        TapCase(
            "Book C-7, small amounts", "Small amount: a credit card at the limit that asks for its PIN needs nothing",
            free,
            small(100_000, TapCard.credit, [0x80, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: a credit card above the limit gets its PIN", onlinePIN,
            small(100_001, TapCard.credit, [0x80, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: quasi-credit is as credit", free,
            small(100_000, TapCard.quasiCredit, [0x80, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: a debit card that asks for its PIN gets it", onlinePIN,
            small(100, TapCard.debit, [0x80, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: a debit card that asks for nothing needs nothing", free,
            small(100_000, TapCard.debit, [0x00, 0x00])),
        TapCase(
            "Book C-7, small amounts",
            "Small amount: a debit card above the limit that asks for nothing is as without the rule",
            online, small(100_001, TapCard.debit, [0x00, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: a card that asks for a signature needs none", free,
            small(100_000, TapCard.debit, [0x40, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: a card above the limit that asks for a signature signs",
            onlineSignature,
            small(100_001, TapCard.credit, [0x40, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: what the device did stays", onDevice,
            small(100, TapCard.debit, [0x00, 0x80])),
        TapCase(
            "Book C-7, small amounts", "Small amount: what the device did stays above the limit", onDevice,
            small(200_000, TapCard.credit, [0x00, 0x80])),
        TapCase(
            "Book C-7, small amounts", "Small amount: without the switch for the PIN a credit card gets its PIN",
            onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00], pin: nil)),
        TapCase(
            "Book C-7, small amounts",
            "Small amount: without the switch for the signature a credit card signs instead of its PIN",
            onlineSignature, small(100, TapCard.credit, [0x80, 0x00], signature: nil)),
        TapCase(
            "Book C-7, small amounts",
            "Small amount: above the limit for signatures a credit card signs instead of its PIN",
            onlineSignature, small(50_001, TapCard.credit, [0x80, 0x00], signature: 50_000)),
        TapCase(
            "Book C-7, small amounts", "Small amount: no signature in place of a PIN where the reader takes none",
            onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00], signature: nil),
            and: { $0.combine { $0.qualifiers.remove(.signature) } }),
        TapCase(
            "Book C-7, small amounts", "Small amount: a number of the admitted tables needs nothing", free,
            small(100, TapCard.credit, [0x80, 0x00]) { $0.admitted = ["4", "622588"] }),
        TapCase(
            "Book C-7, small amounts", "Small amount: a number outside the admitted tables gets its PIN", onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00]) { $0.admitted = ["622589"] }),
        TapCase(
            "Book C-7, small amounts", "Small amount: an excluded number gets its PIN", onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00]) { $0.excluded = ["622588"] }),
        TapCase(
            "Book C-7, small amounts", "Small amount: exclusion is stronger than admission", onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00]) {
                $0.admitted = ["622588"]
                $0.excluded = ["6225880"]
            }),
        TapCase(
            "Book C-7, small amounts", "Small amount: electronic cash has no such rule", onlinePIN,
            small(100, Array(TapCard.credit.dropLast()) + [0x06], [0x80, 0x00])),
        TapCase(
            "Book C-7, small amounts", "Small amount: not for cash", onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00]),
            and: { $0.transaction = try Run.sale(100, type: 0x01) }),
        TapCase(
            "Book C-7, small amounts", "Small amount: not with cashback", onlinePIN,
            small(100, TapCard.credit, [0x80, 0x00]),
            and: { $0.transaction = try Run.sale(100, otherAmount: 50) }),
        TapCase(
            "Book C-7, small amounts", "Small amount: a pre-authorisation too", free,
            small(100, TapCard.credit, [0x80, 0x00]),
            and: { $0.transaction = try Run.sale(100, type: 0x03) }),
        TapCase(
            "Book C-7, small amounts",
            "Small amount: it stands for verification that the reader requires and the card does not offer", free,
            small(100, TapCard.debit, [0x00, 0x00]), and: { $0.combine { $0.verificationLimit = 1 } }),
        TapCase(
            "Book C-7, small amounts", "Small amount: not for a card that claims falsely what its device did", declined,
            small(100, TapCard.credit, [0x00, 0x80]),
            and: {
                $0.card.signsRequests = true
                $0.card.signedQualifiers = [0x00, 0x00]
            }),
    ]

    @Test(arguments: initiation) func `The card's answer is taken or the application ends`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }

    @Test(arguments: decisions) func `Reader and card decide`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }

    @Test(arguments: verification) func `The customer is verified`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }

    @Test(arguments: smallAmounts) func `Small amounts need neither PIN nor signature`(_ row: TapCase) throws {
        var run = try TapRun.make(row.change)
        #expect(run.played() == row.expected)
    }

    @Test func `The issuer is asked with the card as it was read`() throws {
        var run = try TapRun.make { $0.card.changes[.cryptogramInformation] = .some(nil) }
        run.play()
        let request = try required(run.request)
        #expect(request.card.pan.digits == TapCard.pan)
        #expect(request.card.expiry?.description == "3012")
        #expect(request.card.sequenceNumber == 1)
        #expect(request.card.track2 != nil)
        #expect(request.pinEntry == .none)
        let tags = try TLV.parse(request.chipData).map(\.tag.description).joined(separator: " ")
        #expect(tags == "9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F34 9F35 9F1E 84 9F09 9F41")
        #expect(try TLV.find(.cryptogramInformation, in: request.chipData)?.value.elementsEqual([0x80]) == true)
        #expect(try TLV.find(.tvr, in: request.chipData)?.value.elementsEqual([0, 0, 0, 0, 0]) == true)
        let result = try required(run.completion).result
        #expect(result.cryptogram == "C0DE030405060701")
        #expect(result.cryptogramType == .arqc)
        #expect(result.cvmResults == "1F0002")
        #expect(run.completion?.scriptNotice == nil)
        let reversal = try TLV.parse(run.entryPoint.reversalData).map(\.tag.description).joined(separator: " ")
        #expect(reversal == "95 9F1E 9F10 9F36")
        #expect(run.entryPoint.languages == ["zh", "en"])
    }

    @Test func `Scripts that cannot reach the card are named as not performed`() throws {
        var run = try TapRun.make {
            $0.reply = OnlineReply(approved: true, code: "00", chipData: try Hex.decode("7109 9F180411223344 8600"))
        }
        run.play()
        #expect(run.completion?.result.scriptResults == "0011223344")
        #expect(run.completion?.scriptNotice != nil)
    }

    @Test func `The result says how data authentication went, the issuer sees what the card saw`() throws {
        var run = try TapRun.make {
            $0.card.signsRequests = true
            $0.card.signature.spoilsHash = true
        }
        run.play()
        #expect(run.completion?.result.tvr == "0800000000")
        #expect(run.completion?.result.tsi == "8000")
        #expect(try TLV.find(.tvr, in: required(run.request).chipData)?.value.elementsEqual([0, 0, 0, 0, 0]) == true)
    }
}
