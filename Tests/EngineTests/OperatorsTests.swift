import Engine
import Payments
import Testing

@Suite struct OperatorsTests {
    private static let cashier = number("01")
    private static let both: [OperatorNumber] = [.supervisor, .administrator]
    private static let hash = SecretBytes("hash".utf8)
    private static let other = SecretBytes("other".utf8)

    private static func number(_ text: String) -> OperatorNumber {
        OperatorNumber(rawValue: text) ?? .administrator
    }

    private static func shop(_ numbers: String...) -> Operators {
        Operators(numbers.map { Operators.Account(number($0), hash: hash) }) ?? Operators()
    }

    /// Who is there, the change, to whom, by whom, and what is said against it.
    static let changes: [([String], Operators.Change, String, String?, OperatorRefusal?)] = [
        ([], .add, "99", nil, nil),
        ([], .add, "00", nil, nil),
        ([], .add, "01", nil, .notSetUp),
        ([], .remove, "00", "99", .notSetUp),
        ([], .changePIN, "00", "00", .notSetUp),
        (["00"], .add, "99", nil, .operatorNeeded([.supervisor])),
        (["00"], .add, "99", "00", nil),
        (["00"], .add, "99", "99", .notYours(.administrator, .administrator)),
        (["00"], .remove, "00", "00", .lastOne(.supervisor)),
        (["00"], .add, "00", "00", .alreadyThere(.supervisor)),
        (["99"], .add, "00", "00", .notYours(.supervisor, .supervisor)),
        (["99"], .add, "00", "99", nil),
        (["99"], .add, "01", "99", nil),
        (["99"], .add, "01", "00", .unknown(.supervisor)),
        (["00", "01", "99"], .add, "02", "00", nil),
        (["00", "01", "99"], .add, "02", "01", .notYours(cashier, number("02"))),
        (["00", "01", "99"], .remove, "01", "00", nil),
        (["00", "01", "99"], .remove, "01", "01", .notYours(cashier, cashier)),
        (["00", "01", "99"], .remove, "02", "00", .unknown(number("02"))),
        (["00", "01", "99"], .remove, "00", "99", nil),
        (["00", "01", "99"], .remove, "00", "00", .notYours(.supervisor, .supervisor)),
        (["00", "01", "99"], .remove, "99", "99", .lastOne(.administrator)),
        (["00", "01", "99"], .remove, "99", "00", .notYours(.supervisor, .administrator)),
        (["00", "01", "99"], .changePIN, "01", "01", nil),
        (["00", "01", "99"], .changePIN, "01", "00", nil),
        (["00", "01", "99"], .changePIN, "00", "00", nil),
        (["00", "01", "99"], .changePIN, "00", "99", nil),
        (["00", "01", "99"], .changePIN, "99", "99", nil),
        (["00", "01", "99"], .changePIN, "99", "00", .notYours(.supervisor, .administrator)),
        (["00", "01", "99"], .changePIN, "00", "01", .notYours(cashier, .supervisor)),
        (["00", "01", "99"], .unlock, "01", "00", nil),
        (["00", "01", "99"], .unlock, "01", "99", nil),
        (["00", "01", "99"], .unlock, "00", "99", nil),
        (["00", "01", "99"], .unlock, "99", "00", nil),
        (["00", "01", "99"], .unlock, "00", "00", .notYours(.supervisor, .supervisor)),
        (["00", "01", "99"], .unlock, "99", "99", .notYours(.administrator, .administrator)),
    ]

    @Test(arguments: changes.indices) func whoMayChangeWhom(index: Int) throws {
        let (numbers, change, whom, who, refusal) = Self.changes[index]
        let before = try #require(Operators(numbers.map { Operators.Account(Self.number($0), hash: Self.hash) }))
        var operators = before
        let by = who.map(Self.number)
        if let refusal {
            #expect(throws: refusal) {
                try operators.apply(change, to: Self.number(whom), hash: Self.other, by: by)
            }
            #expect(operators == before, "refused, and changed all the same")
            return
        }
        let act = try operators.apply(change, to: Self.number(whom), hash: Self.other, by: by)
        #expect(act.who == by && act.whom == Self.number(whom))
        let account = operators.accounts.first { $0.number == Self.number(whom) }
        switch change {
        case .add: #expect(act.deed == .added && account?.hash == Self.other && account?.tries == 0)
        case .remove: #expect(act.deed == .removed && account == nil)
        case .changePIN: #expect(act.deed == .changedPIN && account?.hash == Self.other)
        case .unlock: #expect(act.deed == .unlocked && account?.hash == Self.hash)
        }
        #expect(operators.accounts.map(\.number) == operators.accounts.map(\.number).sorted())
        let touched = { (account: Operators.Account) in account.number == Self.number(whom) }
        #expect(operators.accounts.filter { !touched($0) } == before.accounts.filter { !touched($0) })
    }

    @Test func aTryCountsBeforeItIsMade() throws {
        var operators = Self.shop("00", "01")
        for count in 1..<Operators.allowedTries {
            #expect(try operators.beginTry(of: .supervisor) == Self.hash)
            #expect(operators.accounts.first?.tries == count)
            #expect(
                operators.endTry(of: .supervisor, isRight: false)
                    == OperatorAct(.supervisor, .wrongPIN(count: count)))
        }
        _ = try operators.beginTry(of: .supervisor)
        #expect(operators.endTry(of: .supervisor, isRight: false) == OperatorAct(.supervisor, .locked))
        let locked = operators
        #expect(throws: OperatorRefusal.locked(.supervisor, by: [.supervisor])) {
            try operators.beginTry(of: .supervisor)
        }
        #expect(operators == locked && operators.accounts.map(\.isLocked) == [true, false])
    }

    @Test func aRightPINTakesTheCountBack() throws {
        var operators = Self.shop("00")
        for _ in 1..<Operators.allowedTries {
            _ = try operators.beginTry(of: .supervisor)
            _ = operators.endTry(of: .supervisor, isRight: false)
        }
        _ = try operators.beginTry(of: .supervisor)
        #expect(operators.endTry(of: .supervisor, isRight: true) == nil)
        #expect(operators == Self.shop("00"))
    }

    @Test func aNewPINDoesNotUnlock() throws {
        let locked = Operators.Account(Self.cashier, hash: Self.hash, tries: 5)
        var operators = try #require(Operators([Operators.Account(.supervisor, hash: Self.hash), locked]))
        _ = try operators.apply(.changePIN, to: Self.cashier, hash: Self.other, by: .supervisor)
        #expect(operators.accounts.last?.isLocked == true)
        _ = try operators.apply(.unlock, to: Self.cashier, hash: nil, by: .supervisor)
        #expect(operators.accounts.last == Operators.Account(Self.cashier, hash: Self.other))
    }

    @Test func aPINIsNeededWhereOneIsGiven() {
        var operators = Self.shop("00")
        for (change, whom) in [(Operators.Change.add, Self.cashier), (.changePIN, .supervisor)] {
            #expect(throws: OperatorRefusal.newPINNeeded(whom)) {
                try operators.apply(change, to: whom, hash: nil, by: .supervisor)
            }
        }
        #expect(operators == Self.shop("00"))
    }

    @Test(arguments: Permission.allCases) func permissions(permission: Permission) throws {
        let named: [OperatorNumber] = permission == .configure ? [.administrator] : [.supervisor]
        #expect(throws: OperatorRefusal.operatorNeeded(permission == .manageOperators ? Self.both : named)) {
            try Self.shop("00").require(permission, of: nil)
        }
        #expect(throws: OperatorRefusal.notSetUp) { try Operators().require(permission, of: nil) }
        for number in [OperatorNumber.supervisor, Self.cashier, .administrator] {
            guard number.role.may(permission) else {
                #expect(throws: OperatorRefusal.notAllowed(number, permission)) {
                    try Self.shop("00", "01", "99").require(permission, of: number)
                }
                continue
            }
            #expect(try Self.shop("00", "01", "99").require(permission, of: number) == number)
            #expect(throws: OperatorRefusal.notSetUp) { try Operators().require(permission, of: number) }
            let others = ["00", "01", "99"].filter { $0 != number.rawValue }
            let shop = try #require(Operators(others.map { .init(Self.number($0), hash: Self.hash) }))
            #expect(throws: OperatorRefusal.unknown(number)) { try shop.require(permission, of: number) }
        }
    }

    @Test func impossibleListsAreRefused() {
        let cashier = Operators.Account(Self.cashier, hash: Self.hash)
        let supervisor = Operators.Account(.supervisor, hash: Self.hash)
        #expect(Operators([]) != nil && Operators([cashier, supervisor])?.accounts == [supervisor, cashier])
        #expect(Operators([supervisor, supervisor]) == nil)
        #expect(Operators([cashier]) == nil)
        #expect(Operators([Operators.Account(.supervisor, hash: Self.hash, tries: -1)]) == nil)
    }

    @Test func nothingShowsAHash() throws {
        var dumped = ""
        dump(Self.shop("00", "99"), to: &dumped)
        for text in [dumped, "\(Self.shop("00"))", String(reflecting: Self.shop("00"))] {
            #expect(!text.contains("hash\"") && !text.contains("104, 97"))
        }
        #expect("\(OperatorRefusal.notSetUp)".contains("tenderctl operators add 00"))
        #expect(
            "\(OperatorRefusal.locked(.supervisor, by: [.administrator]))"
                == "operator 00 is locked after wrong PINs; operator 99 can unlock it: tenderctl operators unlock 00")
    }
}
