import EMV
import Payments
import SimulatedCards
import Testing
import Wire

/// Every broken card against the real kernel: it ends as the library says, for the right reason, and leaves the right bits.
struct BrokenCardTests {
    /// A card of the library and what the terminal makes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let card: String
        /// Why it ends without a decision.
        var reasons: [KernelFailure.Reason] = []
        /// Terminal verification results of a decision.
        var tvr: String?
        var testDescription: String { card }

        init(_ card: String, _ reasons: KernelFailure.Reason...) {
            self.card = card
            self.reasons = reasons
        }

        init(_ card: String, tvr: String) {
            self.card = card
            self.tvr = tvr
        }
    }

    static let rows: [Row] = [
        Row("mute", .cardMute), Row("mute-late", .cardMute), Row("removed", .cardRemoved),
        Row("removed-late", .cardRemoved), Row("nonsense", .badData, .badStatus, .noApplication),
        Row("more-data", .badData, .tooManyCommands), Row("wrong-length", .noApplication), Row("one-byte", .badData),
        Row("more-than-256", .badData),
        Row("no-name", .badData), Row("other-name", .badData), Row("no-template", .badData),
        Row("endless-directory", .badData, .tooManyCommands), Row("unreadable-directory", tvr: "0000048000"),
        Row("repeats-itself", tvr: "0000048000"),
        Row("refuses-to-start", .noApplication), Row("start-fails", .badStatus), Row("greedy-pdol", .badData),
        Row("broken-pdol", .badData), Row("no-aip", .badData), Row("unknown-format", .badData),
        Row("afl-empty", .badData), Row("afl-nothing", .badStatus), Row("afl-backwards", .badData),
        Row("endless-records", .tooManyCommands, .badData),
        Row("no-pan", .badData), Row("duplicate-pan", .badData), Row("no-expiry", .badData), Row("no-date", .badData),
        Row("no-cdol1", .badData), Row("no-cdol2", .badData), Row("other-track", .badData),
        Row("empty-record", .badData), Row("not-a-record", .badData), Row("long-object", .badData),
        Row("tlv-bomb", .badData), Row("changes-its-mind", .badData),
        Row("issuer-header", tvr: "0800048000"), Row("issuer-format", tvr: "0800048000"),
        Row("issuer-hash", tvr: "0800048000"), Row("issuer-trailer", tvr: "0800048000"),
        Row("issuer-algorithm", tvr: "0800048000"), Row("issuer-expired", tvr: "0800048000"),
        Row("issuer-holder", tvr: "0800048000"), Row("issuer-length", tvr: "0800048000"),
        Row("revoked", tvr: "0800048000"), Row("unknown-authority", tvr: "0800048000"),
        Row("no-exponent", tvr: "2800048000"), Row("card-hash", tvr: "0800048000"),
        Row("card-holder", tvr: "0800048000"), Row("card-expired", tvr: "0800048000"),
        Row("tampered", tvr: "0800048000"), Row("tag-list", tvr: "0800048000"), Row("static-hash", tvr: "4200008000"),
        Row("other-challenge", tvr: "0800048000"), Row("dynamic-trailer", tvr: "0800048000"),
        Row("ddol-without-number", tvr: "0800048000"), Row("refuses-to-sign", .badStatus),
        Row("other-cryptogram", tvr: "0408048000"), Row("unsigned-cryptogram", tvr: "0408048000"),
        Row("no-cvm-list", tvr: "2000008000"), Row("odd-cvm-list", .badData), Row("unknown-cvm", tvr: "0000408000"),
        Row("forbidden-tc", .forbiddenCryptogram), Row("declines", tvr: "0000048000"),
        Row("declines-late", tvr: "0000048000"), Row("asks-twice", .forbiddenCryptogram),
        Row("refuses-to-decide", .badStatus), Row("unknown-cryptogram", .forbiddenCryptogram, .badData),
        Row("no-counter", .badData), Row("wrong-cryptogram", tvr: "0000048000"),
        Row("wrong-counter", tvr: "0000048000"), Row("counter-backwards", tvr: "000804E000"),
        Row("no-register", tvr: "000004E000"), Row("distrusts-issuer", tvr: "0000048040"),
    ]

    @Test(arguments: rows)
    func endsAsTheLibrarySays(_ row: Row) throws {
        let profile = try #require(CardLibrary.card(named: row.card))
        var sale = try ChipSale(profile)
        let outcome = try sale.run()
        switch outcome {
        case .ended(let failure):
            #expect(row.reasons.contains(failure.reason), "\(failure)")
        case .completed(let verdict, let completion):
            #expect(completion.result.tvr == row.tvr, "\(verdict)")
        }
        var again = try ChipSale(profile)
        #expect(try again.end() == profile.end)
        #expect(sale.commands < 1000)
        #expect(!profile.note.chinese.isEmpty && !profile.note.english.isEmpty)
    }

    /// No card of the library is left out, and those without a word about it are good.
    @Test func theTableNamesEveryBrokenCard() {
        let broken = CardLibrary.all.filter { $0.habit != .good && $0.interfaces.contains(.contact) }.map(\.name)
        #expect(broken == Self.rows.map(\.card))
        #expect(broken.count >= 40)
    }

    @Test(arguments: CardLibrary.all.filter { $0.habit == .good && $0.interfaces.contains(.contact) }.map(\.name))
    func goodCardsEndAsTheLibrarySays(_ name: String) throws {
        let profile = try #require(CardLibrary.card(named: name))
        var sale = try ChipSale(profile)
        sale.cardPIN = profile.applications[0].account.pin
        #expect(try sale.end() == profile.end)
        #expect(!profile.note.chinese.isEmpty && !profile.note.english.isEmpty)
    }
}
