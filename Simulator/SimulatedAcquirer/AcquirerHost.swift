public import HAL
import ISO8583
public import PaymentCryptography
import Payments
public import SimulatedCards
import Synchronization
import Wire

/// An acquirer's host: it checks what a terminal sends as strictly as the protocol allows, keeps a ledger, and answers
/// as a real one does, the issuer's cryptogram included. It reads the messages by itself and shares no mapping with the
/// terminal, so that a mistake in either shows.
public final class AcquirerHost: FrameHandler {
    /// The terminal it serves, and how.
    public struct Configuration: Sendable {
        /// Terminal number, field 41.
        public var terminal: String
        /// Merchant number, field 42.
        public var merchant: String
        /// The batch a sign-in is told.
        public var batch = "000001"
        /// The terminal master key; the published test key if nil.
        public var masterKey: CipherKey?
        /// Whether the MAK of a double-length key set is a single DES key in a field for 16 bytes.
        public var sendsSingleLengthMAK = false
        /// Whether replies carry field 64.
        public var sendsMAC = true
        /// The terminal's remark, field 63.
        public var remark = "模拟交易 SIMULATION"

        /// The host of one terminal.
        public init(terminal: String, merchant: String) {
            self.terminal = terminal
            self.merchant = merchant
        }
    }

    struct State {
        var session: TerminalSession?
        var batch: String
        var ledger: Ledger
        var lastReference = 0
        var declines: [String] = []
        /// Cryptograms seen: the same one again is a replay.
        var cryptograms: Set<[UInt8]> = []
    }

    let configuration: Configuration
    let masterKey: CipherKey
    let issuer: CardIssuer
    private let faults: FaultScript
    private let clock: any TerminalClock
    let entropy: any Entropy
    private let state: Mutex<State>

    /// A host with the accounts of `issuer`. `faults` says what goes wrong in its answers: wrongMAC, otherSTAN,
    /// malformedReply. Throws only where the published test key cannot be used.
    public init(
        _ configuration: Configuration, issuer: CardIssuer = CardIssuer(), faults: FaultScript = FaultScript(),
        clock: any TerminalClock, entropy: any Entropy
    ) throws(CryptographyError) {
        self.configuration = configuration
        self.issuer = issuer
        self.faults = faults
        self.clock = clock
        self.entropy = entropy
        masterKey =
            if let key = configuration.masterKey {
                key
            } else {
                try CipherKey(PaymentCryptography.TestKeys.terminalMasterKey)
            }
        let balances = issuer.accounts.map { ($0.number, $0.openingBalance) }
        state = Mutex(
            State(
                batch: configuration.batch,
                ledger: Ledger(balances: Dictionary(balances) { first, _ in first })))
    }

    /// The books as they stand now.
    public var ledger: Ledger { state.withLock { $0.ledger } }

    /// Declines the next sale, and after it one more for each further call, with this field 39.
    public func declineNext(_ code: String) { state.withLock { $0.declines.append(code) } }

    /// Moves to another batch: the terminal learns it at its next sign-in and gets 77 until then.
    public func open(batch: String) { state.withLock { $0.batch = batch } }

    /// Forgets the working keys, as a host does that was restarted: A0 until the next sign-in.
    public func forgetKeys() { state.withLock { $0.session = nil } }

    /// The answer to a frame; nil for bytes that are no request. Both with their two-byte length.
    public func answer(_ frame: [UInt8]) -> [UInt8]? {
        guard let request = try? Frame(decoding: frame.dropFirst(2)), !request.message.mti.isReply else { return nil }
        let now = clock.localTime()
        var (reply, macKey) = state.withLock { state in
            let session = state.session
            return (answer(request.message, at: now, &state), session?.macKey)
        }
        var order: Fault?
        let isSealed = Self.carryMAC.contains(request.message.mti) && macKey != nil && configuration.sendsMAC
        if isSealed { order = faults.take(among: [.wrongMAC, .otherSTAN, .malformedReply], for: frame)?.fault }
        if order == nil { order = faults.take(among: [.otherSTAN, .malformedReply], for: frame)?.fault }
        do {
            if order == .otherSTAN, let stan = reply.text(11).flatMap({ Int($0) }) {
                try reply.set(11, Digits.padded(stan % 999_999 + 1, 6))
            }
            if isSealed, let macKey {
                var mac = try MessageAuthentication.unionPayECB(macKey, over: reply.macInput)
                if order == .wrongMAC { mac[0] = mac[0] == 0x30 ? 0x31 : 0x30 }
                try reply.set(64, mac)
            }
        } catch {
            return nil
        }
        let body = Frame(tpdu: request.tpdu.swapped, header: request.header, message: reply).body
        return try? LengthPrefixedSplitter.encode(order == .malformedReply ? Array(body.dropLast(5)) : body)
    }

    /// The types of message that carry field 64.
    private static let carryMAC: Set<MTI> = [0x0200, 0x0400]

    private func answer(_ request: Message, at now: LocalDateTime, _ state: inout State) -> Message {
        var answer = HostAnswer(request, at: now)
        guard request.text(41) == configuration.terminal else { return answer.refused("97") }
        guard request.text(42) == configuration.merchant else { return answer.refused("03") }
        switch request.mti {
        case 0x0800: signIn(&answer, &state)
        case 0x0820: answer.code = answer.type?.function == "301" && !request.has(64) ? "00" : "12"
        case 0x0200, 0x0400:
            if !isAuthentic(request, state.session) {
                answer.code = "A0"
            } else if request.mti == 0x0200 {
                sell(&answer, &state)
            } else {
                reverse(&answer, &state)
            }
        default: answer.code = "12"
        }
        return answer.message
    }

    private func isAuthentic(_ request: Message, _ session: TerminalSession?) -> Bool {
        guard let session, let mac = request.bytes(64),
            let expected = try? MessageAuthentication.unionPayECB(session.macKey, over: request.macInput)
        else { return false }
        return ConstantTime.equals(expected, Array(mac))
    }
}
