public import HAL
public import PaymentCryptography
public import Payments
import Synchronization

/// The simulated PIN pad itself: it holds the master key, the PIN key and the customer, and lets only enciphered PIN
/// blocks out (ISO 9564-1 format 0 under 3DES, format 4 under SM4; for the card's own check under the card's key). It also
/// is the customer's display.
public final class PINPadDevice: Sendable {
    /// Shows a command to the card in the slot that is one device with the pad; nil if there is no card.
    public typealias Slot = @Sendable (_ command: [UInt8]) -> [UInt8]?

    /// One message on the display.
    public struct Message: Equatable, Sendable {
        /// What the customer reads.
        public let text: BilingualText
        /// The amount beside it.
        public let amount: Money?
    }

    private struct State {
        var key: CipherKey?
        var shown: [Message] = []
    }
    private let state: Box
    private let server: LoopbackServer

    /// A pad with this master key, used by `customer`. With a `slot` it is one device with it, and shows PINs in the clear
    /// to the card. `observer` hears of each message, on the pad's thread. Port 0 lets the kernel choose. Throws `.busy`
    /// for a port in use.
    public init(
        port: UInt16 = 0, masterKey: CipherKey, customer: @escaping Customer, slot: Slot? = nil,
        observer: @escaping @Sendable (Message) -> Void = { _ in }
    ) throws(DeviceError) {
        let state = Box()
        self.state = state
        server = try LoopbackServer(port: port, name: "pin-pad") { received in
            guard let end = received.firstIndex(of: 0x0A) else {
                if received.count > PINPadRequest.limit { received = [] }
                return []
            }
            let line = received.prefix(end)
            received.removeFirst(end + 1)
            guard let request = PINPadRequest(line: line) else { return PINPadReply.refused.line }
            return Self.answer(request, state, masterKey, customer, slot, observer)?.line ?? []
        }
    }

    deinit { stop() }

    /// The loopback port it listens on.
    public var port: Int { Int(server.port) }

    /// All messages shown so far.
    public var shown: [Message] { state.content.withLock { $0.shown } }

    /// Switches the pad off. Its thread ends and connections break.
    public func stop() { server.behave(.stopped) }

    /// Nothing while the customer does nothing.
    private static func answer(
        _ request: PINPadRequest, _ state: Box, _ masterKey: CipherKey, _ customer: Customer, _ slot: Slot?,
        _ observer: (Message) -> Void
    ) -> PINPadReply? {
        switch request {
        case .loadPINKey(let encrypted):
            guard encrypted.algorithm == masterKey.algorithm,
                let key = try? CipherKey(
                    deciphering: encrypted.cipherText, under: masterKey, expecting: encrypted.checkValue)
            else { return .refused }
            state.content.withLock { $0.key = key }
            return .done
        case .enterPIN(let request):
            guard let key = state.content.withLock({ $0.key }) else { return .refused }
            return answer(request, customer(.pin(request)), key)
        case .cardPINMethods: return .methods(slot == nil ? [.enciphered] : [.enciphered, .plaintext])
        case .enterCardPIN(let request):
            guard request.key != nil || slot != nil else { return .refused }
            return answer(request, customer(.cardPIN(request)), slot)
        case .choose(let names):
            return switch customer(.application(names)) {
            case .chooses(let index) where names.indices.contains(index): .chosen(index)
            case .cancels: .cancelled
            default: nil
            }
        case .show(let text, let amount):
            let message = Message(text: text, amount: amount)
            state.content.withLock { $0.shown.append(message) }
            observer(message)
            return .done
        case .status:
            return .ready((try? state.content.withLock { $0.key }?.checkValue()) ?? [])
        }
    }

    private static func answer(_ request: PINRequest, _ action: CustomerAction, _ key: CipherKey) -> PINPadReply? {
        answer(action, request.minimumLength...request.maximumLength) { pin in
            let format: PINBlock.Format = key.blockSize == 16 ? .iso4 : .iso0
            let block = try? PINBlock.encipher(pin, pan: request.pan, format: format, under: key)
            return block.map { .block($0.withBytes { Array($0) }) }
        }
    }

    private static func answer(_ request: OfflinePINRequest, _ action: CustomerAction, _ slot: Slot?) -> PINPadReply? {
        answer(action, request.minimumLength...request.maximumLength) { pin in
            if let key = request.key {
                guard let publicKey = try? RSAPublicKey(modulus: key.modulus, exponent: key.exponent),
                    let data = try? CardPIN.encipher(pin, for: publicKey, challenge: key.challenge)
                else { return nil }
                return .enciphered(data)
            }
            // VERIFY with a plaintext PIN (EMV 4.4 Book 3, 6.5.12).
            guard let block = try? CardPIN.block(pin),
                let response = slot?(block.withBytes { [0x00, 0x20, 0x00, 0x80, 0x08] + $0 }), response.count == 2
            else { return nil }
            return .answered(response)
        }
    }

    /// What `action` leads to, with what `send` makes of a PIN; a PIN that nothing can be made of is refused.
    private static func answer(
        _ action: CustomerAction, _ lengths: ClosedRange<Int>, _ send: (SecretBytes) -> PINPadReply?
    ) -> PINPadReply? {
        switch action {
        case .bypasses: return .bypassed
        case .cancels: return .cancelled
        case .hangs, .chooses: return nil
        case .enters(let digits):
            // The pad itself lets nobody press enter on a PIN of the wrong length.
            guard lengths.contains(digits.utf8.count) else { return nil }
            return send(SecretBytes(Array(digits.utf8))) ?? .refused
        }
    }

    private final class Box: Sendable {
        let content = Mutex(State())
    }
}
