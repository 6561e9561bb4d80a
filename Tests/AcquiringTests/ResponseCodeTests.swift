import Payments
import Testing

@testable import Acquiring

struct ResponseCodeTests {
    /// The codes of each class as the protocol's table has them.
    static let classes: [(ResponseCode.Class, String)] = [
        (.approved, "00 10 11 A2 A4 A5 A6"),
        (.retryAfterStep, "13 14 77 99 A0"),
        (.failed, "01 03 05 06 12 15 21 22 25 30 40 45 51 54 55 57 58 59 61 62 64 65 68 75 94 A1 A3 A7"),
        (.operatorActs, "04 34 38 41 43 97"),
        (.systemFault, "90 91 92 96 98"),
    ]

    @Test(arguments: classes) func `the table is complete`(kind: ResponseCode.Class, codes: String) {
        #expect(
            ResponseCode.known.filter { $0.kind == kind }.map(\.code) == codes.split(separator: " ").map(String.init))
    }

    @Test(arguments: ResponseCode.known) func `every code says something in both languages`(_ code: ResponseCode) {
        #expect(!code.text.chinese.isEmpty && !code.text.english.isEmpty)
        #expect(code.text.english.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: ["02", "07", "95", "XX", "", "0", "000", "a2", "\u{0}\u{0}", "成"])
    func `an unknown code is a failure and never an approval`(code: String) {
        #expect(ResponseCode(code).kind == .failed)
        #expect(ResponseCode(code).code == code)
    }

    @Test func `what must follow a code`() {
        #expect(ResponseCode.known.filter(\.demandsSignIn).map(\.code) == ["77", "99", "A0"])
        #expect(ResponseCode.known.filter(\.settlesReversal).map(\.code) == ["00", "12", "25"])
    }
}
