import Control
import EMV
import Engine
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedDevices
import SimulatedShop
import Terminal
import Testing
import Wire

extension WholeTerminal {
    /// What the acquirer loads is used by the next payment, and the technician sees it.
    @Suite struct TerminalDataTests {
        private static let wrongKey = "A000000333 0A"

        /// UnionPay's applications, each with these objects in the place of the good ones.
        private static func applications(_ changes: TLV...) -> [[TLV]] {
            TestTerminalParameters.applications.filter { $0.aid.starts(with: TestAuthority.rid) }.map { application in
                let objects = [
                    TLV(0x9F06, application.aid), TLV(0xDF01, [0x00]), TLV(0x9F09, [0x00, 0x30]),
                    TLV(0xDF11, application.tacDefault.bytes), TLV(0xDF12, application.tacOnline.bytes),
                    TLV(0xDF13, application.tacDenial.bytes), TLV(0x9F1B, [0, 0, 0, 0]),
                    TLV(0xDF20, [0, 0, 0, 0x05, 0, 0]),
                ]
                let added = changes.filter { change in !objects.contains { $0.tag == change.tag } }
                return objects.map { object in changes.first { $0.tag == object.tag } ?? object } + added
            }
        }

        /// The authority's key under this index, good to this day.
        private static func key(_ index: UInt8 = TestAuthority.index, until day: Int) throws -> [TLV] {
            let key = try TestAuthority.publicKey()
            return [
                TLV(0x9F06, TestAuthority.rid), TLV(0x9F22, [index]), TLV(0xDF05, Array("\(day)".utf8)),
                TLV(0xDF02, key.modulus), TLV(0xDF04, key.exponentBytes), TLV(0xDF03, try TestAuthority.checksum()),
            ]
        }

        private static func parameters(_ daemon: Daemon) async throws -> ParametersReport {
            try await daemon.ask(.get, "/v1/parameters")
        }

        /// Taps keep to the limits that were loaded: from 10.00 on a phone verifies its owner, up to 200.00 it may approve by
        /// itself. No PIN was entered, and the receipt says who verified.
        @Test func limitsOfTapsAreLoaded() async throws {
            var profile = try #require(CardLibrary.card(named: "unionpay-phone"))
            profile.applications[0].contactless?.offlineLimit = 20_000
            profile.applications[0].isOnlineOnly = false
            profile.applications[0].lowerOfflineLimit = 9
            profile.applications[0].authentication = .dda
            try await Scene.play({ $0.store.takesOffline = true }, taps: true) { [profile] scene in
                let field = scene.shop.field
                scene.once("See phone") {
                    // The very phone, after its owner did what it asked for.
                    guard let phone = field?.card else { return }
                    field?.remove()
                    try? field?.insert(phone)
                }
                try await scene.daemon { daemon in
                    _ = try await daemon.ask(.post, "/v1/sign-in") as TerminalStatus
                    var offer = Downloads()
                    offer.applications = Self.applications(
                        TLV(0xDF19, [0, 0, 0, 0x02, 0, 0]), TLV(0xDF21, [0, 0, 0, 0, 0x10, 0]))
                    scene.shop.host.offer(offer)
                    try await scene.says(["download", "applications"], "applications: 3 entries are in force")
                    scene.shop.faults.ask(.connectionRefused)
                    try scene.shop.field?.insert(try SimulatedCard(profile, seed: 1, on: .contactless))
                    let report = try await daemon.sale("150.00", id: "phone")
                    #expect(report.outcome == .stored && report.reason == "offline", "\(report)")
                    try await scene.receipts(2)
                    scene.shop.faults.withdraw(.connectionRefused)
                    _ = try await daemon.ask(.post, "/v1/queue/send") as QueueReport
                    #expect(scene.shop.host.ledger.entries.map(\.entryMode) == ["072"])
                }
                let receipts = scene.shop.printer.receipts
                #expect(receipts.allSatisfy { $0.contains("持卡人设备已验证") && !$0.contains("已输入密码") }, "\(receipts)")
            }
        }

        /// Action codes that deny what exceeds the floor limit of zero: every payment.
        @Test func applicationsCountForTheNextPayment() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await scene.insert("unionpay-credit")
                    try await daemon.approved(.counter(.sale, "configured", "1.00"))
                    #expect(try await Self.parameters(daemon).applications.allSatisfy { $0.source == .configured })
                    var offer = Downloads()
                    offer.applications = Self.applications(TLV(0xDF13, [0, 0, 0, 0x80, 0]))
                    scene.shop.host.offer(offer)
                    try await scene.says(["download", "applications"], "applications: 3 entries are in force")
                    try await scene.insert("unionpay-credit")
                    let denied = try await daemon.sale("1.00", id: "downloaded")
                    #expect(denied.outcome == .declined && denied.stan == nil, "\(denied)")
                    let report = try await Self.parameters(daemon)
                    let credit = try #require(report.applications.first { $0.aid == "A000000333010102" })
                    #expect(credit.source == .downloaded && credit.tacDenial == "0000008000")
                    let tap = try #require(report.contactless.first { $0.aid == "A000000333010102" })
                    #expect(tap.source == .downloaded && tap.transactionLimit == "500.00" && tap.kernel == "c7")
                    #expect(tap.withoutPIN == "1000.00", "what was not downloaded stays configured")
                }
                // Another process has it still, and another download takes it back.
                try await scene.daemon { daemon in
                    try await scene.says(["parameters"], "TAC denial 0000008000", "kernel c7", "(downloaded)")
                    var offer = Downloads()
                    offer.applications = Self.applications()
                    scene.shop.host.offer(offer)
                    try await scene.says(["download", "applications"], "3 entries are in force")
                    try await scene.insert("unionpay-credit")
                    try await daemon.approved(.counter(.sale, "again", "1.00"))
                }
            }
        }

        /// A key whose SHA-1 differs is refused by name, and the others are used: one of them has expired.
        @Test func keysAreChecked() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await scene.insert("unionpay-credit")
                    let before = try await daemon.approved(.counter(.sale, "before", "1.00"))
                    #expect(try Self.hasFailedAuthentication(before) == false)
                    var offer = Downloads()
                    offer.keys = [try Self.key(until: 20_200_101), try Self.key(0x0A, until: 20_491_231)]
                    scene.shop.host.offer(offer)
                    try await scene.says(
                        ["download", "caPublicKeys"], "caPublicKeys: 2 entries are in force but for these",
                        "REFUSED CA key \(Self.wrongKey)")
                    try await scene.says(
                        ["parameters"], "REFUSED CA key \(Self.wrongKey) (downloaded): the checksum is not the SHA-1",
                        "EXPIRED CA key A000000333 F0 (downloaded): expired on 20200101", "EXPIRED 20200101")
                    try await scene.insert("unionpay-credit")
                    let after = try await daemon.sale("1.00", id: "after")
                    #expect(try Self.hasFailedAuthentication(after), "no key, no authentication: \(after)")
                    let notes = try await Self.parameters(daemon).notes
                    #expect(notes.map(\.verdict) == [.refused, .expired])
                    // Nothing right in it: what was there stays.
                    offer.keys = [try Self.key(0x0A, until: 20_491_231)]
                    scene.shop.host.offer(offer)
                    try await scene.refuses(["download", "caPublicKeys"], "", "A000000333 0A", "SHA-1")
                    #expect(try await Self.parameters(daemon).notes == notes)
                    offer.keys = [try Self.key(until: 20_491_231)]
                    scene.shop.host.offer(offer)
                    let good: DownloadReport = try await daemon.ask(.post, "/v1/downloads/caPublicKeys")
                    #expect(good.entries == 1 && good.refused.isEmpty)
                    try await scene.insert("unionpay-credit")
                    let mended = try await daemon.approved(.counter(.sale, "mended", "1.00"))
                    #expect(try Self.hasFailedAuthentication(mended) == false)
                }
            }
        }

        /// Small amounts, and the merchant's name on receipts.
        @Test func limitsAndNames() async throws {
            try await Scene.play { scene in
                var offer = Downloads()
                offer.contactless = ["FF80540011", "FF8058012000000030000", "FF805A0010", "FF805D0011"].map {
                    Array($0.utf8)
                }
                let name = try #require(GB18030.encode("新街角店"))
                offer.parameters = CodedValues([
                    .init("13", "5".utf8), .init("22", name + [UInt8](repeating: 0x20, count: 40 - name.count)),
                ])
                scene.shop.host.offer(offer)
                try await scene.daemon { daemon in
                    for kind in [Download.contactlessParameters, .terminalParameters] {
                        let _: DownloadReport = try await daemon.ask(.post, "/v1/downloads/\(kind.rawValue)")
                    }
                    let report = try await Self.parameters(daemon)
                    for tap in report.contactless where tap.kernel == "c7" {
                        #expect(tap.withoutPIN == "300.00" && tap.withoutSignature == nil && tap.source == .downloaded)
                    }
                    #expect(report.contactless.contains { $0.kernel == "c7" })
                    #expect(report.reversalTries == 5 && report.reversalTriesSource == .downloaded)
                    #expect(report.notes.map(\.item) == ["FF805D"])
                    try await scene.insert("unionpay-credit")
                    try await daemon.approved(.counter(.sale, "named", "1.00"))
                    try await scene.says(["receipt", "show", "named"], "新街角店")
                    try await scene.says(["parameters"], "no PIN up to 300.00", "no use for: FF805D")
                }
            }
        }

        /// Whether one of the offline methods failed (TVR, byte 1).
        private static func hasFailedAuthentication(_ report: PaymentReport) throws -> Bool {
            let bytes = try Hex.decode(try #require(report.tvr))
            return bytes[0] & 0x4C != 0
        }
    }
}
