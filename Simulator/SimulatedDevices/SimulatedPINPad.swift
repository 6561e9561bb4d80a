public import HAL
public import Payments

/// The terminal's side of the simulated PIN pad: the driver that a configuration in simulation mode names. It passes
/// ciphered keys in and enciphered PINs out, and sees neither a PIN nor a clear key.
public struct SimulatedPINPad: PINPad, CustomerDisplay {
    private let host: String
    private let port: Int
    private let connector: any StreamConnector
    private let clock: any TerminalClock

    /// The pad that listens on `host` and `port`.
    public init(host: String = "127.0.0.1", port: Int, connector: any StreamConnector, clock: any TerminalClock) {
        self.host = host
        self.port = port
        self.connector = connector
        self.clock = clock
    }

    /// Loads the PIN key. Throws `.refused` when the pad's master key does not give the check value.
    public func loadPINKey(_ key: EncryptedKey) async throws(DeviceError) {
        guard case .done = try await ask(.loadPINKey(key), "loadPINKey", deadline: soon) else {
            throw DeviceError(.refused, "loadPINKey")
        }
    }

    /// Asks the customer. A deadline or a cancellation ends the prompt on the pad too. Throws `.refused` for a pad
    /// without PIN key.
    public func enterPIN(_ request: PINRequest, deadline: Uptime) async throws(DeviceError) -> PINResult {
        switch try await ask(.enterPIN(request), "enterPIN", deadline: deadline) {
        case .block(let block): return .entered(block: SecretBytes(block))
        case .bypassed: return .bypassed
        case .cancelled: return .cancelled
        case .refused: throw DeviceError(.refused, "enterPIN", code: "no PIN key")
        default: throw DeviceError(.protocolViolation, "enterPIN")
        }
    }

    /// What the pad says it can do: enciphered always, in the clear where it is one device with the slot.
    public func offlinePINMethods() async -> Set<OfflinePINMethod> {
        guard case .methods(let methods) = try? await ask(.cardPINMethods, "offlinePINMethods", deadline: soon) else {
            return []
        }
        return methods
    }

    /// Asks the customer for a PIN that the card checks; the pad enciphers it, or shows it to the card itself.
    public func enterOfflinePIN(
        _ request: OfflinePINRequest, deadline: Uptime
    ) async throws(DeviceError) -> OfflinePINResult {
        switch try await ask(.enterCardPIN(request), "enterOfflinePIN", deadline: deadline) {
        case .enciphered(let data) where data.count == request.key?.modulus.count: return .enciphered(data)
        case .answered(let response) where request.key == nil: return .answered(response)
        case .bypassed: return .bypassed
        case .cancelled: return .cancelled
        case .refused: throw DeviceError(.refused, "enterOfflinePIN")
        default: throw DeviceError(.protocolViolation, "enterOfflinePIN")
        }
    }

    /// Lets the customer choose among the first nine.
    public func chooseApplication(_ names: [String], deadline: Uptime) async throws(DeviceError) -> Int? {
        let names = Array(names.prefix(PINPadRequest.choiceLimit))
        switch try await ask(.choose(names), "chooseApplication", deadline: deadline) {
        case .chosen(let index) where names.indices.contains(index): return index
        case .cancelled: return nil
        default: throw DeviceError(.protocolViolation, "chooseApplication")
        }
    }

    /// Shows a message; a pad that is away is no reason to stop.
    public func show(_ text: BilingualText, amount: Money?) async {
        _ = try? await ask(.show(text, amount), "show", deadline: soon)
    }

    /// Where the pad is, whether it answers, and the check value of its PIN key.
    public func status() async -> DeviceStatus {
        let name = "simulated PIN pad \(host):\(port)"
        do throws(DeviceError) {
            guard case .ready(let checkValue) = try await ask(.status, "status", deadline: soon) else {
                throw DeviceError(.protocolViolation, "status")
            }
            let digits = checkValue.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
            return DeviceStatus(name: name, isReady: true, note: digits.isEmpty ? "no PIN key" : "PIN key \(digits)")
        } catch {
            return DeviceStatus(name: name, isReady: false, note: error.description)
        }
    }

    /// What needs no customer is done at once.
    private var soon: Uptime { clock.uptime.advanced(milliseconds: 2000) }

    /// One request on a connection of its own: its end is also the request's end.
    private func ask(
        _ request: PINPadRequest, _ operation: String, deadline: Uptime
    ) async throws(DeviceError) -> PINPadReply {
        let stream = try await connector.connect(host: host, port: port, deadline: deadline)
        let answer = await exchange(request, operation, on: stream, deadline: deadline)
        await stream.close()
        return try answer.get()
    }

    private func exchange(
        _ request: PINPadRequest, _ operation: String, on stream: any ByteStream, deadline: Uptime
    ) async -> Result<PINPadReply, DeviceError> {
        do throws(DeviceError) {
            try await stream.write(request.line, deadline: deadline)
            var line: [UInt8] = []
            while line.last != 0x0A {
                let bytes = try await stream.read(atMost: PINPadRequest.limit, deadline: deadline)
                guard !bytes.isEmpty else { throw DeviceError(.gone, operation) }
                line += bytes
                guard line.count <= PINPadRequest.limit else { throw DeviceError(.protocolViolation, operation) }
            }
            guard let reply = PINPadReply(line: line.dropLast()) else {
                throw DeviceError(.protocolViolation, operation)
            }
            return .success(reply)
        } catch {
            return .failure(error)
        }
    }
}
