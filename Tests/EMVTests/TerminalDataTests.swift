import EMV
import Testing
import Wire

/// What of the terminal's own data contradicts itself.
@Suite struct TerminalDataTests {
    /// Parameters with a change, and whether they still make sense.
    struct Case: CoveredCase, CustomTestStringConvertible {
        let clause: String
        let requirement: String
        /// A part of what is said; nil where nothing is wrong.
        let fault: String?
        let change: @Sendable (inout Combination) -> Void
        var testDescription: String { requirement }

        init(
            _ clause: String, _ requirement: String, _ fault: String?,
            _ change: @escaping @Sendable (inout Combination) -> Void
        ) {
            self.clause = clause
            self.requirement = requirement
            self.fault = fault
            self.change = change
        }
    }

    static let applications = [
        Case("Book 3, 10.6.2", "A target equal to the maximum is plain random selection.", nil) {
            $0.parameters.randomSelection.targetPercent = 20
            $0.parameters.randomSelection.maximumPercent = 20
        },
        Case("Book 3, 10.6.2", "A target above the maximum of biased selection is refused.", "21 %") {
            $0.parameters.randomSelection.targetPercent = 21
            $0.parameters.randomSelection.maximumPercent = 20
        },
        Case("Book 3, 10.6.2", "A threshold up to the floor limit is taken.", nil) {
            $0.parameters.floorLimit = 100
            $0.parameters.randomSelection.threshold = 100
        },
        Case("Book 3, 10.6.2", "A threshold above the floor limit is refused.", "threshold") {
            $0.parameters.floorLimit = 100
            $0.parameters.randomSelection.threshold = 101
        },
        Case("Book 3, 10.6.2", "Without a floor limit every payment is online, and no threshold matters.", nil) {
            $0.parameters.floorLimit = 0
            $0.parameters.randomSelection.threshold = 101
        },
        Case("Book 2, 6.5.1", "A default DDOL without the unpredictable number is refused.", "9F37") {
            $0.parameters.defaultDDOL = [0x9F, 0x02, 0x06]
        },
        Case("Book 3, 5.4", "A default DDOL that breaks off is refused.", "9F37") {
            $0.parameters.defaultDDOL = [0x9F, 0x37, 0x04, 0x9F]
        },
        Case("Book 3, 5.4", "A default TDOL that breaks off is refused.", "TDOL") {
            $0.parameters.defaultTDOL = [0x9F, 0x37]
        },
        Case("Book 3, 5.4", "A terminal may have no default TDOL.", nil) { $0.parameters.defaultTDOL = [] },
    ]

    static let combinations = [
        Case("Book A, 5.7", "Limits of the reader may all be absent.", nil) { _ in },
        Case("Book A, 5.7", "A floor limit up to the transaction limit is taken.", nil) {
            $0.transactionLimit = 500
            $0.floorLimit = 500
        },
        Case("Book A, 5.7", "A floor limit above the transaction limit is refused.", "floor limit") {
            $0.transactionLimit = 500
            $0.floorLimit = 501
        },
        Case("Book A, 5.7", "A verification limit above the transaction limit asks nobody, and is taken.", nil) {
            $0.transactionLimit = 500
            $0.verificationLimit = 501
        },
        Case("Book C-2, A.1", "The limit with on-device verification must not be below the one without.", "device") {
            $0.transactionLimit = 500
            $0.onDeviceTransactionLimit = 499
        },
    ]

    private static func changed(_ change: (inout Combination) -> Void) -> Combination {
        var combination = Combination(
            parameters: ApplicationParameters(
                aid: [0xA0, 0x00, 0x00, 0x03, 0x33], tacDenial: [], tacOnline: [], tacDefault: []), kernel: .c7)
        change(&combination)
        return combination
    }

    @Test(arguments: applications) func `An application's parameters contradict themselves or not`(row: Case) {
        let found = Self.changed(row.change).parameters.contradiction
        #expect(row.fault == nil ? found == nil : found?.contains(row.fault ?? "") == true, "\(found ?? "nothing")")
    }

    @Test(arguments: combinations) func `The reader's limits contradict themselves or not`(row: Case) {
        let found = Self.changed(row.change).contradiction
        #expect(row.fault == nil ? found == nil : found?.contains(row.fault ?? "") == true, "\(found ?? "nothing")")
    }

    @Test(arguments: [
        ("A0000000041010", ContactlessKernelID.c2), ("A0000000031010", .c3), ("A000000333010101", .c7),
        ("A000000025010801", nil), ("A0000000651010", nil), ("A0000000", nil), ("", nil),
    ]) func `A scheme's applications have its kernel`(aid: String, kernel: ContactlessKernelID?) throws {
        #expect(ContactlessKernelID(ofScheme: try Hex.decode(aid)) == kernel)
    }
}
