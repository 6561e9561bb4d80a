import Acquiring
import Glibc
import HAL
import NetworkDriver
import SimulatedAcquirer
import Synchronization
import SystemDriver
import Testing

/// Answers every frame with itself, and remembers what it got.
final class EchoHost: FrameHandler {
    private let seen = Mutex<[[UInt8]]>([])

    var frames: [[UInt8]] { seen.withLock { $0 } }

    func answer(_ frame: [UInt8]) -> [UInt8]? {
        seen.withLock { $0.append(frame) }
        return frame
    }
}

/// The steps of exchanges, in order.
final class LinkSteps: Sendable {
    private let steps = Mutex<[LinkStep]>([])

    var all: [LinkStep] { steps.withLock { $0 } }

    /// Forgets and answers what was noted.
    func take() -> [LinkStep] {
        steps.withLock { steps in
            defer { steps = [] }
            return steps
        }
    }

    func note(_ step: LinkStep) { steps.withLock { $0.append(step) } }
}

/// An acquirer on loopback that echoes, with certificates of its own, and a terminal's link to it.
final class LinkFixture {
    let files: LinkFiles
    let host = EchoHost()
    let faults = FaultScript()
    let server: AcquirerServer
    let steps = LinkSteps()
    var configuration: AcquirerLinkConfiguration

    /// What is special about the acquirer's certificate.
    struct Certificate {
        var hosts = ["127.0.0.1", "localhost"]
        var validity = CertificateMaker.Validity.year
    }

    init(_ certificate: Certificate = Certificate(), versions: ClosedRange<TLSVersion> = .tls12 ... .tls13) throws {
        files = try LinkFiles(serverHosts: certificate.hosts, serverValidity: certificate.validity)
        let context = try TLSContext(server: files.server, versions: versions)
        server = try AcquirerServer(context: context, handler: host, faults: faults)
        configuration = AcquirerLinkConfiguration(
            primary: .init(host: "127.0.0.1", port: server.port), tls: files.client)
    }

    deinit { server.stop() }

    func link() throws -> AcquirerLink {
        let clock = SystemClock()
        return try AcquirerLink(configuration, connector: TCPConnector(clock: clock), clock: clock)
    }
}

/// A directory with certificates that is gone when this is.
final class LinkFiles {
    let directory: String
    let pin: [UInt8]

    var server: TLSConfiguration { configuration("server") }
    var client: TLSConfiguration { configuration("client") }
    /// A terminal's certificate from an authority that nobody knows; it trusts the acquirer's.
    var stranger: TLSConfiguration { configuration("stranger") }

    init(
        serverHosts: [String] = ["127.0.0.1"], serverValidity: CertificateMaker.Validity = .year
    ) throws {
        var template = Array("/tmp/link-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let directory = String(cString: made)
        self.directory = directory
        func file(_ name: String) -> String { "\(directory)/\(name)" }
        let authority = try CertificateMaker(authority: "Test Authority")
        try authority.writeAuthority(to: file("authority.pem"))
        pin = try authority.write(
            .server(serverHosts), name: "Test Acquirer", validity: serverValidity,
            certificateFile: file("server.pem"), privateKeyFile: file("server.key"))
        try authority.write(
            .client, name: "Test Terminal", certificateFile: file("client.pem"), privateKeyFile: file("client.key"))
        let other = try CertificateMaker(authority: "Other Authority")
        try other.writeAuthority(to: file("other.pem"))
        try other.write(
            .client, name: "Stranger", certificateFile: file("stranger.pem"), privateKeyFile: file("stranger.key"))
    }

    deinit {
        for name in ["authority", "server", "client", "other", "stranger"] {
            unlink(path("\(name).pem"))
            unlink(path("\(name).key"))
        }
        rmdir(directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func configuration(_ name: String) -> TLSConfiguration {
        TLSConfiguration(
            authorityFile: path("authority.pem"), certificateFile: path("\(name).pem"),
            privateKeyFile: path("\(name).key"))
    }
}
