import ISO8583
import PaymentCryptography
import Payments
import SimulatedAcquirer
import Testing
import Wire

/// Sign-in, sign-off, echo, status, demands and downloads.
struct HostSessionTests {
    @Test(arguments: ["001", "003", "004"]) func `sign-in, sale with PIN, sign-off`(keySet: String) throws {
        let bench = try HostBench(keySet)
        let digits = keySet == "001" ? "2000000000000000" : "2600000000000000"
        var sale = try bench.request(.sale, way: .chip, pin: "123456").with([53: digits])
        // This bench sends tracks in clear: none where the keys would encipher it.
        if keySet == "004" { sale = sale.with([35: nil]) }
        #expect(try bench.code(sale) == "00")
        #expect(try bench.code(bench.management(0x0820, "002")) == "00")
        #expect(try bench.code(bench.request(.sale)) == "A0")
        try bench.signIn()
        #expect(try bench.code(bench.request(.sale, way: .manual)) == "00")
    }

    @Test func `SM4 keys seal messages and PIN blocks`() throws {
        let bench = try HostBench("005") { $0.masterKey = HostBench.sm4Master }
        for (pin, code) in [("123456", "00"), ("123457", "55")] {
            let sale = try bench.request(.sale, way: .manual, pin: pin)
            #expect(try bench.code(sale) == code)
            #expect(try bench.code(bench.reversal(of: sale)) == (code == "00" ? "00" : "12"))
        }
        #expect(bench.balance() == 1_000_000)
        #expect(try bench.send(bench.management(0x0800, "003", [63: "01 "]))?.text(39) == "12")
    }

    @Test(
        arguments: [
            (0x0800, "003", [63: nil], "30"), (0x0800, "007", [63: "01 "], "12"), (0x0820, "002", [11: nil], "30"),
            (0x0820, "301", [11: nil], "00"), (0x0820, "301", [:], "00"), (0x0800, "301", [:], "12"),
            (0x0820, "362", [62: "011021031041051"], "00"), (0x0820, "362", [:], "30"),
            (0x0820, "362", [62: "99"], "30"),
            (0x0820, "362", [62: "01102103104105111601260"], "00"), (0x0800, "371", [:], "00"),
            (0x0800, "371", [62: "1"], "30"),
            (0x0820, "301", [60: "22000007301"], "12"),
        ] as [(UInt16, String, [Int: String?], String)])
    func `management messages`(_ mti: UInt16, function: String, changes: [Int: String?], code: String) throws {
        let bench = try HostBench()
        let reply = try bench.reply(to: bench.management(MTI(rawValue: mti), function, changes))
        #expect(reply.text(39) == code && !reply.has(64))
    }

    // MARK: Demands

    @Test func `a demand stands in every reply until it is met, then the next one`() throws {
        let bench = try HostBench { $0.downloads.keys = [Self.key(0xF0)] }
        func nibble(_ request: HostBench.Request) throws -> UInt8 {
            let answer = try #require(try bench.host.answer(bench.frame(request)))
            return try Frame(decoding: answer.dropFirst(2)).header.processingRequirement.rawValue
        }
        #expect(try nibble(bench.request(.sale)) == 0)
        let chain: [(Header.ProcessingRequirement, HostBench.Request)] = [
            (.downloadParameters, bench.management(0x0800, "360")),
            (.uploadStatus, bench.management(0x0820, "362", [62: "011"])),
            (.updateKeys, bench.management(0x0800, "371")),
            (.updateApplications, bench.management(0x0800, "381")),
            (.downloadContactless, bench.management(0x0800, "395")),
            (.downloadBlacklist, bench.management(0x0800, "391")),
            (.signIn, bench.management(0x0800, "003", [63: "01 "])),
        ]
        for (requirement, _) in chain { bench.host.demand(requirement) }
        bench.host.demand(.signIn)
        for (index, (requirement, request)) in chain.enumerated() {
            #expect(try nibble(bench.management(0x0820, "301")) == requirement.rawValue)
            let next = index + 1 < chain.count ? chain[index + 1].0 : .none
            #expect(try nibble(request) == next.rawValue)
        }
        #expect(bench.host.demands.isEmpty)
        #expect(bench.host.statusReports.map(\.encoded) == [Array("011".utf8)])
        // Only the end of a download meets a demand, and only if it went well.
        bench.host.demand(.updateKeys)
        #expect(try nibble(bench.management(0x0820, "372", [62: "100"])) == 4)
        #expect(try nibble(bench.management(0x0800, "371", [62: "1"])) == 4)
    }

    // MARK: Downloads

    private static func key(_ index: UInt8) -> [TLV] {
        [
            TLV(0x9F06, [0xA0, 0x00, 0x00, 0x03, 0x33]), TLV(0x9F22, [index]), TLV(0xDF05, Array("20491231".utf8)),
            TLV(0xDF02, [UInt8](repeating: index, count: 128)), TLV(0xDF04, [0x03]),
        ]
    }

    private static func application(_ index: UInt8) -> [TLV] {
        [TLV(0x9F06, [0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, index]), TLV(0x9F1B, [0x00, 0x00, 0x00, 0x00])]
    }

    @Test(arguments: [0, 1, 21, 22, 43, 99]) func `a list of keys in as many replies as it takes`(count: Int) throws {
        let keys = (0..<UInt8(count)).map(Self.key)
        let bench = try HostBench { $0.downloads.keys = keys }
        var received: [TLV] = []
        while true {
            let number = received.count / 3
            let reply = try bench.reply(
                to: bench.management(0x0820, "372", [62: ParameterList.query(received: number)]))
            let list = try ParameterList(decoding: #require(reply.bytes(62)))
            received += list.objects
            #expect(list.objects.count <= 21 * 3)
            let isLast = received.count / 3 == count
            #expect(list.progress == (count == 0 ? .none : isLast ? .complete : .more))
            if list.progress != .more { break }
        }
        #expect(received == keys.flatMap { $0.prefix(3) })
        for key in keys.prefix(2) {
            let name = TLV.encode(Array(key.prefix(2)))
            let reply = try bench.reply(to: bench.management(0x0800, "370").with(62, name))
            #expect(try ParameterList(decoding: #require(reply.bytes(62))) == ParameterList(.complete, key))
        }
        let unknown = TLV.encode([TLV(0x9F06, [0xA0, 0x00, 0x00, 0x03, 0x33]), TLV(0x9F22, [0xFF])])
        #expect(try bench.reply(to: bench.management(0x0800, "370").with(62, unknown)).text(62) == "0")
    }

    @Test func `applications, parameters, contactless parameters and blacklist`() throws {
        let bench = try HostBench()
        var offer = Downloads()
        offer.applications = [Self.application(1), Self.application(2)]
        offer.parameters = CodedValues([.init("11", "60".utf8), .init("12", "60".utf8)])
        offer.contactless = [Array("FF8058012000000100000".utf8), Array("FF80540011".utf8)]
        offer.blacklist = (0..<100).map { Array("09621000\(Digits.padded($0, 3))".utf8) }
        bench.host.offer(offer)
        func list(_ mti: MTI, _ function: String, _ text: String?) throws -> String? {
            try bench.reply(to: bench.management(mti, function, [62: text])).text(62)
        }
        #expect(try list(0x0800, "360", nil) == "11601260")
        let names = try bench.reply(to: bench.management(0x0820, "382", [62: "100"])).bytes(62)
        #expect(
            try ParameterList(decoding: #require(names))
                == ParameterList(.complete, offer.applications.compactMap(\.first)))
        let name = TLV.encode(Array(Self.application(2).prefix(1)))
        let application = try bench.reply(to: bench.management(0x0800, "380").with(62, name)).bytes(62)
        #expect(try ParameterList(decoding: #require(application)) == ParameterList(.complete, Self.application(2)))
        #expect(try list(0x0800, "394", "100") == "1FF8058012000000100000FF80540011")
        let first = try #require(try list(0x0800, "390", "1000"))
        #expect(first.hasPrefix("209621000000"))
        let number = (first.count - 1) / 11
        let rest = try #require(try list(0x0800, "390", "1" + Digits.padded(number, 3)))
        #expect(rest.hasPrefix("2096") && (first.count + rest.count - 2) % 11 == 0)
        #expect(try list(0x0800, "390", "1100") == "0")
    }

    @Test(
        arguments: [
            (0x0820, "372", nil), (0x0820, "372", "1"), (0x0820, "372", "1000"), (0x0820, "372", "1AA"),
            (0x0820, "372", "101"), (0x0820, "382", "200"), (0x0800, "390", "100"), (0x0800, "360", "100"),
            (0x0800, "370", "1"), (0x0800, "380", nil),
        ] as [(UInt16, String, String?)])
    func `questions that are not as they must be`(_ mti: UInt16, function: String, text: String?) throws {
        let bench = try HostBench()
        #expect(try bench.code(bench.management(MTI(rawValue: mti), function, [62: text])) == "30")
    }
}
