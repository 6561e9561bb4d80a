import HAL

/// An open line to a printer on USB.
actor USBPrinterLine: PrinterLine {
    private let connection: USBConnection
    private let clock: any TerminalClock
    private var surplus: [UInt8] = []
    private var knownID: String??

    /// The most that one read takes from the printer: a multiple of every packet's length.
    private static let readPackets = 8
    /// How long a printer that answers with empty packets is left alone.
    private static let pauseMilliseconds = 20
    private static let deviceIDMilliseconds = 1000

    init(_ connection: USBConnection, clock: any TerminalClock) {
        self.connection = connection
        self.clock = clock
    }

    func read(atMost limit: Int, deadline: Uptime) async throws(DeviceError) -> [UInt8] {
        guard let endpoint = connection.interface.endpoint(.bulk, isInput: true) else {
            // A printer of one direction never says anything.
            try await wait(until: deadline)
            throw DeviceError(.timeout, "bulk in")
        }
        while surplus.isEmpty {
            surplus = try await connection.receive(packets: Self.readPackets, from: endpoint, deadline: deadline)
            guard surplus.isEmpty else { break }
            // Many printers say "nothing" instead of waiting until there is something.
            try await wait(until: min(clock.uptime.advanced(milliseconds: Self.pauseMilliseconds), deadline))
        }
        let bytes = Array(surplus.prefix(max(1, limit)))
        surplus.removeFirst(bytes.count)
        return bytes
    }

    func write(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(try await connection.offer(rest, to: try output, deadline: deadline))
        }
    }

    func offer(_ bytes: [UInt8], deadline: Uptime) async throws(DeviceError) -> Int {
        do throws(DeviceError) {
            return try await connection.offer(bytes, to: try output, deadline: deadline)
        } catch {
            guard error.kind == .timeout else { throw error }
            return 0
        }
    }

    private var output: USBEndpoint {
        get throws(DeviceError) {
            if let endpoint = connection.interface.endpoint(.bulk, isInput: false) { return endpoint }
            throw DeviceError(.protocolViolation, "bulk out", code: "no such endpoint")
        }
    }

    private func wait(until deadline: Uptime) async throws(DeviceError) {
        do { try await clock.wait(until: deadline) } catch { throw DeviceError(.cancelled, "bulk in") }
    }

    func isStale() async -> Bool {
        let isGone = await connection.isGone
        return isGone || !surplus.isEmpty
    }

    func close() async { await connection.close() }

    /// Asked once; nil where the printer gives none, or one that is not what it says.
    var deviceID: String? {
        get async {
            if let knownID { return knownID }
            let deadline = clock.uptime.advanced(milliseconds: Self.deviceIDMilliseconds)
            let answer = try? await connection.answer(to: .deviceID(of: connection.interface), deadline: deadline)
            let id = answer.flatMap(Self.deviceID)
            knownID = .some(id)
            return id
        }
    }

    func portStatus(deadline: Uptime) async throws(DeviceError) -> UInt8? {
        try await connection.answer(to: .portStatus(of: connection.interface), deadline: deadline)?.first
    }

    /// The text of an answer to GET_DEVICE_ID (IEEE 1284, 7.6): behind a length, high byte first, that counts itself. Some
    /// printers put the low byte first; a length that fits neither way makes the answer worthless. What cannot be shown
    /// becomes `?`.
    static func deviceID(_ answer: [UInt8]) -> String? {
        guard answer.count > 2 else { return nil }
        let lengths = [Int(answer[0]) << 8 | Int(answer[1]), Int(answer[1]) << 8 | Int(answer[0])]
        guard let length = lengths.first(where: { (3...answer.count).contains($0) }) else { return nil }
        let shown = answer[2..<length].map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self)
    }
}
