import EMV
import Payments
import SimulatedCards
import Wire

/// The cards, the terminal and the issuer of the kernels' figures.
enum BenchmarkCards {
    /// Its issuer's certificate is of 1984 bits, as its authority's key, and its own key of 1536.
    private static let longKeys = TestAccount(
        number: "6200000000000302", pin: "123456", openingBalance: 1_000_000, issuer: .third)
    private static let shortKeys = TestAccount(number: "6200000000000310", pin: "123456", openingBalance: 1_000_000)

    /// Signs an unpredictable number (DDA).
    static let dynamic = contact("dda", shortKeys, .dda)
    /// Signs its cryptograms (CDA).
    static let combined = contact("cda", longKeys, .cda)

    /// Cards and phones for every contactless kernel, those that prove themselves offline among them.
    static let contactless = CardLibrary.all.filter { $0.interfaces.contains(.contactless) && $0.habit == .good }

    private static func contact(
        _ name: String, _ account: TestAccount, _ method: ApplicationProfile.DataAuthentication
    ) -> CardProfile {
        var application = ApplicationProfile(
            aid: TestAuthority.rid + [0x01, 0x01, 0x01], label: "UnionPay Debit", account: account)
        application.authentication = method
        return CardProfile(name: name, applications: [application])
    }

    /// A terminal that takes every card of the library.
    static var terminal: TerminalData {
        get throws {
            var terminal = TerminalData(
                applications: TestTerminalParameters.applications, caKeys: try TestTerminalParameters.caKeys(),
                countryCode: 156, serialNumber: "TENDER01", terminalID: "10000001", merchantID: "898100012340001")
            // Below the floor limit cards may approve by themselves, which costs the reader most.
            terminal.combinations = TestTerminalParameters.combinations.map { combination in
                var combination = combination
                combination.floorLimit = 50_000
                return combination
            }
            return terminal
        }
    }

    /// CNY 88.80.
    static var sale: TransactionData {
        get throws {
            let sale = TransactionData(
                amount: Money(minorUnits: 8880, .cny),
                time: LocalDateTime(year: 2026, month: 11, day: 22, hour: 13, minute: 15, second: 0), stan: .first,
                unpredictableNumber: 0x1122_3344, randomPercent: 50)
            guard let sale else { throw BenchmarkFailure("no transaction") }
            return sale
        }
    }

    /// The issuer approves what is genuine.
    static func reply(to request: OnlineRequest) throws -> OnlineReply {
        let issuer = CardIssuer(accounts: [longKeys, shortKeys] + CardLibrary.accounts)
        let check = issuer.check(
            chipData: request.chipData, pan: request.card.pan, sequenceNumber: request.card.sequenceNumber)
        guard case .genuine(let cryptogram) = check else { throw BenchmarkFailure("the cryptogram is \(check)") }
        return OnlineReply(
            approved: true, code: "00", chipData: try cryptogram.issuerAuthenticationData(responseCode: "00").encoded)
    }

    /// Throws unless data authentication was performed and held.
    static func checkProof(_ result: ChipResult) throws {
        let (tvr, tsi) = (try Hex.decode(result.tvr), try Hex.decode(result.tsi))
        guard tvr[0] & 0b1100_1100 == 0, tsi[0] & 0x80 != 0 else {
            throw BenchmarkFailure("not proved: TVR \(result.tvr), TSI \(result.tsi)")
        }
    }
}
