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

    /// The codes that ask somebody for something.
    static let actions: [(ResponseCode.Action, String)] = [
        (.tellPart, "10"), (.confirmWithBank, "A2 A4 A5 A6"), (.correctInput, "13 14"), (.enterPINAgain, "55"),
        (.useChip, "45"), (.signIn, "77 99 A0"), (.tryLater, "68 90 91 92 96 98"), (.callIssuer, "01 21 25 38 75"),
        (.callAcquirer, "03 97"), (.retainCard, "04 34 41 43"),
    ]

    @Test(arguments: actions) func `what is to be done`(action: ResponseCode.Action, codes: String) {
        let known = ResponseCode.known.filter { $0.action == action }.map(\.code)
        #expect(known == codes.split(separator: " ").map(String.init))
    }

    /// Codes of older or other networks: a failure that says no more.
    @Test(
        arguments: "02 07 19 20 23 33 35 36 37 39 42 44 52 53 56 60 63 66 67 93 95".split(separator: " ").map(
            String.init))
    func `an older code is a bare failure`(code: String) {
        #expect(ResponseCode(code).kind == .failed && ResponseCode(code).action == .none)
        #expect(ResponseCode(code).text == ResponseCode("ZZ").text)
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
        #expect(
            ResponseCode.known.filter(\.acceptsStored).map(\.code)
                == ["00", "10", "11", "94", "A2", "A4", "A5", "A6"])
        #expect(ResponseCode.known.filter(\.settlesReversal).map(\.code) == ["00", "12", "25"])
    }
}
