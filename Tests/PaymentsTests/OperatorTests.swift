import FoundationEssentials
import Payments
import Testing

@Suite struct OperatorTests {
    @Test(arguments: [
        ("99", OperatorRole.administrator), ("00", .supervisor), ("01", .cashier), ("98", .cashier), ("1", nil),
        ("001", nil), ("0a", nil), ("", nil), ("٠١", nil),
    ])
    func numbers(text: String, role: OperatorRole?) {
        #expect(OperatorNumber(rawValue: text)?.role == role)
        #expect(OperatorNumber(rawValue: text)?.description == (role == nil ? nil : text))
    }

    @Test(arguments: [
        (Permission.pay, [OperatorRole.supervisor, .cashier]), (.takeBack, [.supervisor]), (.settle, [.supervisor]),
        (.resolve, [.supervisor]), (.manageOperators, [.administrator, .supervisor]), (.configure, [.administrator]),
    ])
    func permissions(permission: Permission, roles: [OperatorRole]) {
        #expect(OperatorRole.allCases.filter { $0.may(permission) } == roles)
    }

    @Test func everyPermissionIsSomebodys() {
        for permission in Permission.allCases { #expect(OperatorRole.allCases.contains { $0.may(permission) }) }
    }

    /// What the journal keeps: a form that must never change.
    static let acts: [(OperatorAct, String, String)] = [
        (OperatorAct(number("01"), .signedOn), #"{"deed":"signedOn","who":"01"}"#, "01: signed on"),
        (OperatorAct(number("01"), .signedOff), #"{"deed":"signedOff","who":"01"}"#, "01: signed off"),
        (
            OperatorAct(.supervisor, .wrongPIN(count: 3)), #"{"count":3,"deed":"wrongPIN","who":"00"}"#,
            "00: wrong PIN, number 3"
        ),
        (OperatorAct(.supervisor, .locked), #"{"deed":"locked","who":"00"}"#, "00: wrong PIN, locked"),
        (
            OperatorAct(.administrator, .unlocked, whom: .supervisor), #"{"deed":"unlocked","who":"99","whom":"00"}"#,
            "99: unlocked 00"
        ),
        (
            OperatorAct(number("07"), .changedPIN, whom: number("07")),
            #"{"deed":"changedPIN","who":"07","whom":"07"}"#, "07: changed the PIN of 07"
        ),
        (OperatorAct(nil, .added, whom: .administrator), #"{"deed":"added","whom":"99"}"#, "set-up: added 99"),
        (
            OperatorAct(.supervisor, .removed, whom: number("07")), #"{"deed":"removed","who":"00","whom":"07"}"#,
            "00: removed 07"
        ),
        (
            OperatorAct(
                .supervisor, .allowed(.takeBack), whom: number("01"), request: RequestID(rawValue: "R-1")),
            #"{"deed":"allowed","permission":"takeBack","request":"R-1","who":"00","whom":"01"}"#,
            "00: allowed takeBack for 01, request R-1"
        ),
        (
            OperatorAct(.supervisor, .allowed(.settle)), #"{"deed":"allowed","permission":"settle","who":"00"}"#,
            "00: allowed settle"
        ),
    ]

    @Test(arguments: acts.indices) func theJournalsForm(index: Int) throws {
        let (act, json, words) = Self.acts[index]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(String(decoding: try encoder.encode(act), as: UTF8.self) == json)
        #expect(try JSONDecoder().decode(OperatorAct.self, from: Data(json.utf8)) == act)
        #expect("\(act)" == words)
    }

    @Test(arguments: [
        #"{"who":"01"}"#, #"{"deed":"danced"}"#, #"{"deed":"wrongPIN","who":"01"}"#, #"{"deed":"allowed"}"#,
        #"{"deed":"allowed","permission":"all"}"#, #"{"deed":"signedOn","who":"1"}"#,
        #"{"deed":"signedOn","who":"01","request":""}"#,
    ])
    func otherActsAreRefused(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(OperatorAct.self, from: Data(json.utf8))
        }
    }

    @Test(arguments: [
        ("1234", true), ("123456789012", true), ("123", false), ("1234567890123", false), ("12a4", false),
    ])
    func operatorPINs(text: String, isOne: Bool) {
        #expect((OperatorPIN(Array(text.utf8)) != nil) == isOne)
    }

    @Test func aPINPrintsAsDots() throws {
        let pin = try #require(OperatorPIN(Array("7294".utf8)))
        var dumped = ""
        dump(pin, to: &dumped)
        for text in ["\(pin)", String(reflecting: pin), String(describing: [pin]), dumped] {
            #expect(!text.contains("7294") && !text.contains("55, 50") && text.contains("•"))
        }
        #expect(pin == OperatorPIN(Array("7294".utf8)) && pin != OperatorPIN(Array("7295".utf8)))
    }

    private static func number(_ text: String) -> OperatorNumber? { OperatorNumber(rawValue: text) }
}
