import Acquiring
import Glibc
import HAL
import SimulatedAcquirer
import Testing

@Suite(.timeLimit(.minutes(1))) struct LinkTests {
    private static let request: [UInt8] = [0x00, 0x03, 0x02, 0x00, 0x01]
    private static let second: [UInt8] = [0x00, 0x03, 0x02, 0x00, 0x02]

    private func exchange(_ link: AcquirerLink, _ request: [UInt8], _ steps: LinkSteps) async throws(LinkFailure)
        -> [UInt8]
    {
        try await link.exchange(request, isReply: { $0 == request }, observer: { steps.note($0) })
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a request gets its reply, and the connection is used again`(version: TLSVersion) async throws {
        let shop = try LinkFixture(versions: version...version)
        let link = try shop.link()
        #expect(try await exchange(link, Self.request, shop.steps) == Self.request)
        #expect(
            shop.steps.take() == [
                .connected(host: "127.0.0.1", port: shop.server.port), .handshaken(version, resumed: false),
                .aboutToSend,
                .sent, .received,
            ])
        #expect(try await exchange(link, Self.second, shop.steps) == Self.second)
        #expect(shop.steps.take() == [.aboutToSend, .sent, .received])
        #expect(shop.host.frames == [Self.request, Self.second])
    }

    @Test(arguments: [TLSVersion.tls12, .tls13])
    func `a session is resumed on the next connection`(version: TLSVersion) async throws {
        let shop = try LinkFixture(versions: version...version)
        let link = try shop.link()
        for isResumed in [false, true, true] {
            _ = try await exchange(link, Self.request, shop.steps)
            #expect(shop.steps.take().contains(.handshaken(version, resumed: isResumed)))
            await link.close()
        }
    }

    struct Untrusted: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: LinkError.Kind
        var hosts = ["127.0.0.1"]
        var validity = CertificateMaker.Validity.year
        var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
        var change: @Sendable (inout AcquirerLinkConfiguration, LinkFiles) -> Void = { _, _ in }
    }

    static let untrusted = [
        Untrusted(testDescription: "expired", kind: .certificateExpired, validity: .expired),
        Untrusted(testDescription: "not yet valid", kind: .certificateNotYetValid, validity: .future),
        Untrusted(testDescription: "wrong address", kind: .wrongHost, hosts: ["127.0.0.2"]),
        Untrusted(testDescription: "wrong name", kind: .wrongHost) { configuration, _ in
            configuration.primary.serverName = "acquirer.example"
        },
        Untrusted(testDescription: "unknown authority", kind: .unknownAuthority) { configuration, files in
            configuration.tls.authorityFile = files.path("other.pem")
        },
        Untrusted(testDescription: "TLS 1.1 only", kind: .oldProtocol, versions: .tls11 ... .tls11),
        Untrusted(testDescription: "another key than the pinned one", kind: .wrongKey) { configuration, _ in
            configuration.tls.pinnedKey = [UInt8](repeating: 7, count: 32)
        },
        Untrusted(
            testDescription: "terminal refused, TLS 1.2", kind: .ownCertificateRefused, versions: .tls12 ... .tls12
        ) {
            configuration, files in configuration.tls = files.stranger
        },
        Untrusted(
            testDescription: "terminal refused, TLS 1.3", kind: .ownCertificateRefused, versions: .tls13 ... .tls13
        ) {
            configuration, files in configuration.tls = files.stranger
        },
    ]

    @Test(arguments: untrusted)
    func `nothing leaves unless both sides trust each other`(bad: Untrusted) async throws {
        let shop = try LinkFixture(.init(hosts: bad.hosts, validity: bad.validity), versions: bad.versions)
        bad.change(&shop.configuration, shop.files)
        let link = try shop.link()
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(link, Self.request, shop.steps)
        }
        #expect(failure?.nothingLeft == true)
        #expect(kind(failure) == bad.kind, "\(String(describing: failure))")
        #expect(shop.steps.take() == [.connected(host: "127.0.0.1", port: shop.server.port)])
        #expect(shop.host.frames.isEmpty)
    }

    @Test func `the pinned key and another name in the certificate are accepted`() async throws {
        let shop = try LinkFixture(.init(hosts: ["acquirer.example"]))
        shop.configuration.tls.pinnedKey = shop.files.pin
        shop.configuration.primary.serverName = "acquirer.example"
        #expect(try await exchange(try shop.link(), Self.request, shop.steps) == Self.request)
    }

    @Test(arguments: [Fault.splitSegments, .slowDrip, .gluedSegments, .duplicateReply])
    func `a reply is found however it arrives`(fault: Fault) async throws {
        let shop = try LinkFixture()
        let link = try shop.link()
        _ = try await exchange(link, Self.request, shop.steps)
        shop.faults.ask(fault, milliseconds: 1)
        #expect(try await exchange(link, Self.second, shop.steps) == Self.second)
        // The reply to the first request came again, glued to the second's.
        #expect(shop.steps.take().contains(.ignored) == (fault == .gluedSegments))
        #expect(try await exchange(link, Self.request, shop.steps) == Self.request)
        // What came twice makes the connection unfit for the next request.
        #expect(shop.steps.take().contains(.aboutToSend))
        #expect(shop.host.frames.count == 3)
    }

    @Test(arguments: [
        (Fault.noReply, LinkError.Kind.timeout), (.lateReply, .timeout), (.closeBeforeReply, .closed),
        (.halfClose, .closed),
        (.tooLongReply, .tooLong),
    ])
    func `a request without a reply may have arrived`(fault: Fault, expected: LinkError.Kind) async throws {
        let shop = try LinkFixture()
        if expected == .timeout { shop.configuration.replyMilliseconds = 500 }
        let link = try shop.link()
        shop.faults.ask(fault)
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(link, Self.request, shop.steps)
        }
        #expect(failure?.nothingLeft == false)
        #expect(kind(failure) == expected, "\(String(describing: failure))")
        #expect(shop.host.frames == [Self.request])
        // A reply that comes after all reaches nobody: the next exchange has a connection of its own.
        shop.faults.releaseLateReplies()
        _ = shop.steps.take()
        #expect(try await exchange(link, Self.second, shop.steps) == Self.second)
        #expect(shop.steps.take().first == .connected(host: "127.0.0.1", port: shop.server.port))
    }

    @Test func `frames that the caller does not accept do not end the wait`() async throws {
        let shop = try LinkFixture()
        shop.configuration.replyMilliseconds = 50
        let steps = shop.steps
        let failure = await #expect(throws: LinkFailure.self) {
            let link = try shop.link()
            _ = try await link.exchange(Self.request, isReply: { _ in false }, observer: { steps.note($0) })
        }
        #expect(kind(failure) == .timeout)
        #expect(steps.take().suffix(2) == [.sent, .ignored])
    }

    @Test func `a connection that went stale is replaced before the request leaves`() async throws {
        let shop = try LinkFixture()
        let link = try shop.link()
        _ = try await exchange(link, Self.request, shop.steps)
        shop.faults.ask(.connectionRefused)
        _ = shop.steps.take()
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(link, Self.second, shop.steps)
        }
        #expect(kind(failure) == .refused)
        #expect(failure?.nothingLeft == true)
        #expect(shop.steps.take().isEmpty)
        shop.faults.withdraw()
        #expect(try await exchange(link, Self.second, shop.steps) == Self.second)
        #expect(
            shop.steps.take().prefix(2) == [
                .connected(host: "127.0.0.1", port: shop.server.port), .handshaken(.tls13, resumed: true),
            ])
        #expect(shop.host.frames == [Self.request, Self.second])
    }

    @Test(arguments: [Fault.connectionRefused, .handshakeFailure])
    func `the back-up is used when the primary cannot be`(fault: Fault) async throws {
        let shop = try LinkFixture()
        let backUp = try AcquirerServer(
            context: TLSContext(server: shop.files.server), handler: shop.host, faults: FaultScript())
        defer { backUp.stop() }
        shop.configuration.backUp = .init(host: "127.0.0.1", port: backUp.port)
        shop.faults.ask(fault)
        #expect(try await exchange(try shop.link(), Self.request, shop.steps) == Self.request)
        #expect(shop.steps.take().contains(.connected(host: "127.0.0.1", port: backUp.port)))
        #expect(shop.host.frames.count == 1)
    }

    @Test func `a name that nobody knows is unreachable`() async throws {
        let shop = try LinkFixture()
        shop.configuration.primary.host = "acquirer.invalid"
        shop.configuration.connectMilliseconds = 500
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(try shop.link(), Self.request, shop.steps)
        }
        #expect(failure?.nothingLeft == true)
        // A resolver without a network may need longer than the deadline.
        #expect([.unknownHost, .timeout].contains(kind(failure)))
    }

    @Test func `a server that is silent in the handshake is given up at the deadline`() async throws {
        let shop = try LinkFixture()
        let silent = try SilentListener()
        shop.configuration.primary.port = silent.port
        shop.configuration.handshakeMilliseconds = 50
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(try shop.link(), Self.request, shop.steps)
        }
        #expect(kind(failure) == .timeout)
        #expect(failure?.nothingLeft == true)
    }

    @Test func `cancelling ends the handshake`() async throws {
        let shop = try LinkFixture()
        let silent = try SilentListener()
        shop.configuration.primary.port = silent.port
        let link = try shop.link()
        let (connected, report) = AsyncStream<Void>.makeStream()
        let task = Task { await outcome(link) { _ in report.yield() } }
        for await _ in connected { break }
        task.cancel()
        #expect(await task.value == .failure(.cancelled))
    }

    @Test func `cancelling after the request has left changes nothing`() async throws {
        let shop = try LinkFixture()
        let link = try shop.link()
        shop.faults.ask(.lateReply)
        let (sent, report) = AsyncStream<Void>.makeStream()
        let task = Task { await outcome(link) { if $0 == .sent { report.yield() } } }
        for await _ in sent { break }
        task.cancel()
        while shop.faults.lateReplies == 0 { await Task.yield() }
        shop.faults.releaseLateReplies()
        #expect(await task.value == .success(Self.request))
    }

    @Test func `one exchange at a time`() async throws {
        let shop = try LinkFixture()
        let silent = try SilentListener()
        shop.configuration.primary.port = silent.port
        let link = try shop.link()
        let (connected, report) = AsyncStream<Void>.makeStream()
        let first = Task { await outcome(link) { _ in report.yield() } }
        for await _ in connected { break }
        let failure = await #expect(throws: LinkFailure.self) {
            _ = try await exchange(link, Self.second, shop.steps)
        }
        #expect(failure == .unreachable(LinkError(.busy)))
        first.cancel()
        #expect(await first.value == .failure(.cancelled))
    }

    private func outcome(
        _ link: AcquirerLink, observer: @escaping @Sendable (LinkStep) -> Void
    ) async -> Result<[UInt8], LinkFailure> {
        do throws(LinkFailure) {
            return .success(
                try await link.exchange(Self.request, isReply: { $0 == Self.request }, observer: observer))
        } catch { return .failure(error) }
    }

    private func kind(_ failure: LinkFailure?) -> LinkError.Kind? {
        switch failure {
        case .unreachable(let error), .noReply(let error): error.kind
        case .cancelled, nil: nil
        }
    }
}
