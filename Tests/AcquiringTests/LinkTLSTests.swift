import Acquiring
import Glibc
import SimulatedAcquirer
import Testing

@Suite struct LinkTLSTests {
    /// Two sessions wired to each other, `size` bytes at a time.
    private func shakeHands(_ client: TLSSession, _ server: TLSSession, size: Int) throws(LinkError) {
        _ = try client.receive([])
        for _ in 0..<20 where !client.isEstablished || !server.isEstablished || !client.isResumable {
            for part in pieces(client.takeOutgoing(), size) { _ = try server.receive(part) }
            for part in pieces(server.takeOutgoing(), size) { _ = try client.receive(part) }
        }
    }

    private func pieces(_ bytes: [UInt8], _ size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    @Test(arguments: [1, 7, 100_000], [TLSVersion.tls12, .tls13])
    func `a session needs no socket and no whole records`(size: Int, version: TLSVersion) throws {
        let files = try LinkFiles(serverHosts: ["acquirer.example"])
        let client = try TLSSession(client: TLSContext(client: files.client), serverName: "acquirer.example")
        let server = try TLSSession(server: TLSContext(server: files.server, versions: version...version))
        try shakeHands(client, server, size: size)
        #expect(client.version == version)
        #expect(server.version == version)
        let message = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        try client.send(message)
        var received: [UInt8] = []
        for part in pieces(client.takeOutgoing(), size) { received += try server.receive(part) }
        #expect(received == message)
        server.close()
        #expect(try client.receive(server.takeOutgoing()) == [])
        #expect(client.isClosedByPeer)
    }

    @Test func `a flipped bit in any byte of a record is found`() throws {
        let files = try LinkFiles(serverHosts: ["acquirer.example"])
        let clientContext = try TLSContext(client: files.client)
        let serverContext = try TLSContext(server: files.server)
        for position in stride(from: 0, to: 38, by: 5) {
            let client = try TLSSession(client: clientContext, serverName: "acquirer.example")
            let server = try TLSSession(server: serverContext)
            try shakeHands(client, server, size: 100_000)
            try client.send(Array("0123456789abcdef".utf8))
            var record = client.takeOutgoing()
            record[position] ^= 0x10
            // A longer length makes it wait for more, which is no plaintext either.
            let plaintext = (try? server.receive(record)) ?? []
            #expect(plaintext.isEmpty)
        }
    }

    @Test func `what is not TLS is refused`() throws {
        let files = try LinkFiles()
        let client = try TLSSession(client: TLSContext(client: files.client), serverName: "127.0.0.1")
        _ = try client.receive([])
        #expect(throws: LinkError.self) { _ = try client.receive(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) }
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: TLSConfigurationError.Reason
        let file: String
        let change: @Sendable (inout TLSConfiguration, LinkFiles) -> Void
    }

    static let broken = [
        Broken(testDescription: "no authority", reason: .unreadable, file: "none") {
            $0.authorityFile = $1.path("none")
        },
        Broken(testDescription: "no certificate", reason: .unreadable, file: "none") {
            $0.certificateFile = $1.path("none")
        },
        Broken(testDescription: "no key", reason: .unreadable, file: "none") { $0.privateKeyFile = $1.path("none") },
        Broken(testDescription: "a key as authority", reason: .noCertificate, file: "client.key") {
            $0.authorityFile = $1.path("client.key")
        },
        Broken(testDescription: "a key as certificate", reason: .noCertificate, file: "client.key") {
            $0.certificateFile = $1.path("client.key")
        },
        Broken(testDescription: "a certificate as key", reason: .worldReadable, file: "client.pem") {
            $0.privateKeyFile = $1.path("client.pem")
        },
        Broken(testDescription: "a closed certificate as key", reason: .noPrivateKey, file: "client.pem") {
            chmod($1.path("client.pem"), 0o600)
            $0.privateKeyFile = $1.path("client.pem")
        },
        Broken(testDescription: "a world-readable key", reason: .worldReadable, file: "client.key") {
            chmod($1.path("client.key"), 0o644)
        },
        Broken(testDescription: "another's key", reason: .keyMismatch, file: "server.key") {
            $0.privateKeyFile = $1.path("server.key")
        },
    ]

    @Test(arguments: broken)
    func `a broken configuration names its file and reason`(bad: Broken) throws {
        let files = try LinkFiles()
        var configuration = files.client
        try configuration.validate()
        bad.change(&configuration, files)
        #expect(throws: TLSConfigurationError(bad.reason, file: files.path(bad.file))) { try configuration.validate() }
    }

    @Test func `a pin has 32 bytes`() throws {
        let files = try LinkFiles()
        var configuration = files.client
        configuration.pinnedKey = [1, 2, 3]
        #expect(throws: TLSConfigurationError(.badPin)) { try configuration.validate() }
    }
}
