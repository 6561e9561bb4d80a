import Control
import EMV
import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import SimulatedCards
import SimulatedShop
import Terminal
import Testing
import Wire

extension WholeTerminal {
    /// Sign-off, echo, and what the acquirer demands in the header of its replies.
    @Suite struct SessionTests {
        @Test func signOffAndEcho() async throws {
            try await Scene.play { scene in
                try await scene.daemon { daemon in
                    try await daemon.approved(.mail(.sale, "first", "1.00", scene.typedCard))
                    let echo: EchoReport = try await daemon.ask(.post, "/v1/echo")
                    #expect(echo.milliseconds > 0)
                    let off: TerminalStatus = try await daemon.ask(.post, "/v1/sign-off")
                    #expect(!off.isSignedIn)
                    let tap = Tap(scene.shop.faults)
                    try await daemon.approved(.mail(.sale, "second", "1.00", scene.typedCard))
                    #expect(tap.messages == [0x0800, 0x0200])
                    scene.shop.faults.ask(.connectionRefused)
                    for path in ["/v1/echo", "/v1/sign-off", "/v1/downloads/blacklist"] {
                        let refusal = await #expect(throws: Refusal.self) {
                            _ = try await daemon.ask(.post, path) as TerminalStatus
                        }
                        #expect(refusal?.kind == .unavailable)
                    }
                    scene.shop.faults.withdraw(.connectionRefused)
                    try await daemon.approved(.mail(.sale, "third", "1.00", scene.typedCard))
                }
            }
        }

        /// Everything there is to fetch, as this shop's cards need it.
        private static func offer() throws -> Downloads {
            var offer = Downloads()
            offer.parameters = CodedValues([CodedValues.Item("21", Array("1".utf8))])
            let key = try TestAuthority.publicKey()
            offer.keys = [
                [
                    TLV(0x9F06, TestAuthority.rid), TLV(0x9F22, [TestAuthority.index]),
                    TLV(0xDF05, Array("\(TestAuthority.expiry)".utf8)), TLV(0xDF02, key.modulus),
                    TLV(0xDF04, key.exponentBytes), TLV(0xDF03, try TestAuthority.checksum()),
                ]
            ]
            offer.applications = TestTerminalParameters.applications.map { application in
                [
                    TLV(0x9F06, application.aid), TLV(0xDF01, [0x00]), TLV(0x9F08, [0x00, 0x30]),
                    TLV(0xDF11, application.tacDefault.bytes), TLV(0xDF12, application.tacOnline.bytes),
                    TLV(0xDF13, application.tacDenial.bytes),
                ]
            }
            offer.contactless = [Array("FF8058012000000100000".utf8)]
            offer.blacklist = [Array("166200000000000021".utf8)]
            return offer
        }

        private static let demands: [(Header.ProcessingRequirement, Download)] = [
            (.downloadParameters, .terminalParameters), (.updateKeys, .caPublicKeys),
            (.updateApplications, .applications), (.downloadContactless, .contactlessParameters),
            (.downloadBlacklist, .blacklist),
        ]

        /// Each demand is obeyed after the present payment, and cards are taken with what came.
        @Test func demands() async throws {
            try await Scene.play { scene in
                scene.shop.host.offer(try Self.offer())
                try await scene.daemon { daemon in
                    for (demand, download) in Self.demands {
                        scene.shop.host.demand(demand)
                        try await daemon.approved(.mail(.sale, "for-\(download.rawValue)", "1.00", scene.typedCard))
                        try await daemon.until { scene.shop.host.demands.isEmpty }
                        try await daemon.until {
                            let rows: [JournalRow] = try await daemon.ask(.get, "/v1/journal?limit=1000")
                            return rows.contains {
                                $0.kind == "downloaded" && $0.summary.hasPrefix("\(download.rawValue), ")
                            }
                        }
                    }
                    scene.shop.host.demand(.uploadStatus)
                    scene.shop.host.demand(.signIn)
                    try await daemon.approved(.mail(.sale, "for-both", "1.00", scene.typedCard))
                    try await daemon.until { scene.shop.host.demands.isEmpty }
                    #expect(scene.shop.host.statusReports.count == 1)
                    try await scene.insert("unionpay-debit")
                    let good = try await daemon.approved(.counter(.sale, "good", "1.00"))
                    #expect(try TVR.isListed(good) == false)
                }
                // Another process has it still.
                try await scene.daemon { daemon in
                    try await scene.insert("unionpay-credit")
                    let listed = try await daemon.sale("1.00", id: "listed")
                    #expect(try TVR.isListed(listed))
                }
            }
        }

        /// A download that breaks off in the middle changes nothing.
        @Test func halfADownload() async throws {
            try await Scene.play({ $0.replyMilliseconds = 400 }) { scene in
                var offer = try Self.offer()
                offer.blacklist = (0..<100).map { Array("166200000000009\($0 + 100)".utf8) } + offer.blacklist
                offer.pageBytes = 300
                scene.shop.host.offer(offer)
                try await scene.daemon { daemon in
                    let seen = Tap(scene.shop.faults)
                    scene.shop.faults.ask(.noReply) { _ in seen.messages.count > 4 }
                    await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/downloads/blacklist") as DownloadReport
                    }
                    #expect(!scene.shop.faults.isPending(.noReply))
                    let rows: [JournalRow] = try await daemon.ask(.get, "/v1/journal?limit=1000")
                    #expect(!rows.contains { $0.kind == "downloaded" })
                    try await scene.insert("unionpay-credit")
                    #expect(try TVR.isListed(try await daemon.sale("1.00", id: "before")) == false)
                    let whole: DownloadReport = try await daemon.ask(.post, "/v1/downloads/blacklist")
                    #expect(whole.entries == 101)
                    try await scene.insert("unionpay-credit")
                    #expect(try TVR.isListed(try await daemon.sale("1.00", id: "after")))
                    // What makes no sense is not kept either.
                    var senseless = Downloads()
                    senseless.applications = [[TLV(0x9F06, [0xA0])]]
                    scene.shop.host.offer(senseless)
                    await #expect(throws: Refusal.self) {
                        _ = try await daemon.ask(.post, "/v1/downloads/applications") as DownloadReport
                    }
                    try await scene.insert("unionpay-debit")
                    try await daemon.approved(.counter(.sale, "still", "1.00"))
                }
            }
        }
    }
}

extension TVR {
    /// Whether the terminal found the card on the list of refused ones (byte 1, bit 5).
    fileprivate static func isListed(_ report: PaymentReport) throws -> Bool {
        let bytes = try Hex.decode(try #require(report.tvr))
        return bytes[0] & 0x10 != 0
    }
}
