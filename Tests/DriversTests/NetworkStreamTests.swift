import Glibc
import HAL
import NetworkDriver
import SystemDriver
import Testing

@Suite(.timeLimit(.minutes(1))) struct NetworkStreamTests {
    private let clock = SystemClock()
    private var connector: TCPConnector { TCPConnector(clock: clock) }
    private var soon: Uptime { clock.uptime.advanced(milliseconds: 50) }
    private var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }

    private func connect(_ loopback: Loopback, host: String = "127.0.0.1") async throws -> any ByteStream {
        try await connector.connect(host: host, port: loopback.port, deadline: later)
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `bytes go both ways until the other side closes`(host: String) async throws {
        let loopback = try Loopback()
        let stream = try await connect(loopback, host: host)
        let peer = try loopback.accept()
        try await stream.write([1, 2, 3], deadline: later)
        #expect(peer.receive() == [1, 2, 3])
        peer.send([4, 5, 6])
        #expect(try await stream.read(atMost: 2, deadline: later) == [4, 5])
        #expect(try await stream.read(atMost: 2, deadline: later) == [6])
        peer.hangUp()
        #expect(try await stream.read(atMost: 2, deadline: later) == [])
        await stream.close()
    }

    @Test func `a port where nobody listens refuses`() async throws {
        let loopback = try Loopback(isListening: false)
        await #expect(throws: DeviceError(.refused, "connect", code: "ECONNREFUSED")) {
            _ = try await connect(loopback)
        }
    }

    @Test(arguments: [
        ("", 9), ("a\0b", 9), (String(repeating: "a", count: 254), 9), ("127.0.0.1", 0), ("127.0.0.1", 65536),
    ])
    func `what cannot be an address is not tried`(host: String, port: Int) async throws {
        await #expect(throws: DeviceError(.other, "connect", code: "no such host or port")) {
            _ = try await connector.connect(host: host, port: port, deadline: later)
        }
    }

    @Test func `looking a name up ends at the deadline`() async throws {
        let failure = await #expect(throws: DeviceError.self) {
            _ = try await connector.connect(host: "printer.invalid", port: 9, deadline: soon)
        }
        #expect([.absent, .timeout].contains(failure?.kind))
        #expect(failure?.operation == "getaddrinfo")
    }

    @Test func `reading ends at the deadline, and the stream goes on`() async throws {
        let loopback = try Loopback()
        let stream = try await connect(loopback)
        let peer = try loopback.accept()
        await #expect(throws: DeviceError(.timeout, "recv")) { _ = try await stream.read(atMost: 1, deadline: soon) }
        peer.send([7])
        #expect(try await stream.read(atMost: 1, deadline: later) == [7])
    }

    @Test func `writing to one who does not read ends at the deadline`() async throws {
        let loopback = try Loopback(receiveBuffer: 4096)
        let stream = try await connect(loopback)
        let bytes = [UInt8](repeating: 0, count: 16 * 1024 * 1024)
        await #expect(throws: DeviceError(.timeout, "send")) { try await stream.write(bytes, deadline: soon) }
    }

    @Test func `cancelling ends a read, and the stream goes on`() async throws {
        let loopback = try Loopback()
        let stream = try await connect(loopback)
        let peer = try loopback.accept()
        let deadline = later
        let task = Task {
            await failure { () async throws(DeviceError) in try await stream.read(atMost: 1, deadline: deadline) }
        }
        task.cancel()
        #expect(await task.value == DeviceError(.cancelled, "recv"))
        peer.send([7])
        #expect(try await stream.read(atMost: 1, deadline: later) == [7])
    }

    @Test func `closing ends a read`() async throws {
        let loopback = try Loopback()
        let stream = try await connect(loopback)
        let deadline = later
        let task = Task {
            await failure { () async throws(DeviceError) in try await stream.read(atMost: 1, deadline: deadline) }
        }
        await stream.close()
        #expect(await task.value == DeviceError(.gone, "recv", code: "closed"))
        await #expect(throws: DeviceError(.gone, "send", code: "closed")) {
            try await stream.write([1], deadline: deadline)
        }
        #expect(await stream.isStale())
    }

    @Test func `a stream is stale once something unasked came or the other side has gone`() async throws {
        for event in [{ $0.send([1]) }, { $0.hangUp() }] as [(Loopback.Peer) -> Void] {
            let loopback = try Loopback()
            let stream = try await connect(loopback)
            let peer = try loopback.accept()
            #expect(await !stream.isStale())
            event(peer)
            // Loopback delivers before the call returns.
            #expect(await stream.isStale())
        }
    }

    @Test func `nothing is left behind`() async throws {
        let loopback = try Loopback()
        let before = openDescriptors()
        for _ in 0..<50 {
            let stream = try await connect(loopback)
            _ = try loopback.accept()
            await stream.close()
        }
        // Other tests open a few of their own meanwhile.
        #expect(openDescriptors() < before + 100)
    }

    private func openDescriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private func failure<Value>(_ body: () async throws(DeviceError) -> Value) async -> DeviceError? {
        do {
            _ = try await body()
            return nil
        } catch { return error }
    }
}
