public import HAL
public import ISO8583
public import PaymentCryptography
import Payments
public import SimulatedCards
import Synchronization
public import Wire

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
        /// The terminal master key; the published test key if nil. An SM4 key serves the SM4 key sets (005, 006).
        public var masterKey: CipherKey?
        /// Whether the MAK of a double-length key set is a single DES key in a field for 16 bytes.
        public var sendsSingleLengthMAK = false
        /// Whether replies carry field 64.
        public var sendsMAC = true
        /// The terminal's remark, field 63.
        public var remark = "模拟交易 SIMULATION"
        /// Wrong PINs in a row after which an account gets `pinTriesExceededCode` for every PIN.
        public var pinTryLimit = 1000
        /// Field 39 once there were too many wrong PINs: 75, or 38 for a card to be retained.
        public var pinTriesExceededCode = "75"
        /// Accounts, by number, that pay a part where they cannot pay all (code 10), if the terminal understands it.
        public var partialApprovals: Set<String> = []
        /// What the terminal can download.
        public var downloads = Downloads()

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
        var downloads: Downloads
        var lastReference = 0
        var declines: [String] = []
        var refusedReversals: [String] = []
        var refusals: [(mti: MTI, code: String)] = []
        var scripts: [(commands: [IssuerCommand], template: TLV.Tag)] = []
        /// Cryptograms seen: the same one again is a replay, unless the same request repeats it.
        var cryptograms: [[UInt8]: Ledger.Key] = [:]
        /// Wrong PINs in a row, by account.
        var wrongPINs: [String: Int] = [:]
        var demands: [Header.ProcessingRequirement] = []
        var statusReports: [CodedValues] = []
    }

    let configuration: Configuration
    let masterKey: CipherKey
    let issuer: CardIssuer
    let entropy: any Entropy
    private let faults: FaultScript
    private let clock: any TerminalClock
    private let state: Mutex<State>

    /// A host with the accounts of `issuer`. `faults` says what goes wrong in it: see `Fault`. Throws only where the
    /// published test key cannot be used.
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
        var ledger = Ledger(balances: Dictionary(balances) { first, _ in first })
        ledger.open(batch: configuration.batch, terminal: configuration.terminal)
        state = Mutex(State(batch: configuration.batch, ledger: ledger, downloads: configuration.downloads))
    }

    // MARK: What it holds

    /// The books as they stand now.
    public var ledger: Ledger { state.withLock { $0.ledger } }

    /// The batch that is open.
    public var batch: String { state.withLock { $0.batch } }

    /// What the terminal said of its condition (362), in order.
    public var statusReports: [CodedValues] { state.withLock { $0.statusReports } }

    /// What is still demanded of the terminal, in order.
    public var demands: [Header.ProcessingRequirement] { state.withLock { $0.demands } }

    // MARK: What it can be told

    /// Declines the next authorization, financial request or advice, and after it one more for each further call, with
    /// this field 39.
    public func declineNext(_ code: String) { state.withLock { $0.declines.append(code) } }

    /// Refuses the next request of this type with this field 39, whatever it says, and after it one more for each further
    /// call: reversals (0x0400) or uploads (0x0320) above all.
    public func refuseNext(_ mti: MTI, with code: String) { state.withLock { $0.refusals.append((mti, code)) } }

    /// Refuses the next reversal, and after it one more for each further call, with this field 39.
    public func refuseNextReversal(_ code: String) { state.withLock { $0.refusedReversals.append(code) } }

    /// Sends an issuer's script with the reply to the next request that has a cryptogram.
    public func sendScript(_ commands: [IssuerCommand], template: TLV.Tag = 0x72) {
        state.withLock { $0.scripts.append((commands, template)) }
    }

    /// Moves to another batch: the terminal learns it at its next sign-in and gets 77 until then.
    public func open(batch: String) {
        state.withLock { state in
            state.batch = batch
            state.ledger.open(batch: batch, terminal: configuration.terminal)
        }
    }

    /// Forgets the working keys, as a host does that was restarted: A0 until the next sign-in.
    public func forgetKeys() { state.withLock { $0.session = nil } }

    /// Demands something of the terminal in the header of every reply, until it has done it. One demand after another.
    public func demand(_ requirement: Header.ProcessingRequirement) {
        state.withLock { state in
            if requirement != .none, !state.demands.contains(requirement) { state.demands.append(requirement) }
        }
    }

    /// Puts other contents up for download.
    public func offer(_ downloads: Downloads) { state.withLock { $0.downloads = downloads } }

    /// Loses a request with all it did, so that the totals of its batch differ from the terminal's.
    public func lose(_ key: Ledger.Key) { state.withLock { $0.ledger.lose(key) } }

    // MARK: Frames

    /// The answer to a frame; nil for bytes that are no request, and where a fault swallows it. Both with their two-byte
    /// length.
    public func answer(_ frame: [UInt8]) -> [UInt8]? {
        let now = clock.localTime()
        return state.withLock { state in
            let table = state.session?.table ?? .unionPay
            guard let request = try? Frame(decoding: frame.dropFirst(2), table: table),
                !request.message.mti.isReply
            else { return nil }
            // The session of before: a sign-off is answered under its keys.
            let macKey =
                Self.carryMAC.contains(request.message.mti) && configuration.sendsMAC ? state.session?.macKey : nil
            let fault = takeFault(for: frame, request.message, isSealed: macKey != nil)
            if fault == .restartForgetful {
                state.session = nil
                return nil
            }
            let reply = answer(request, at: now, fault, &state)
            if fault == .restart {
                state.session = nil
                return nil
            }
            return encode(reply, to: request, state.demands.first ?? .none, macKey, fault)
        }
    }

    private func takeFault(for frame: [UInt8], _ request: Message, isSealed: Bool) -> Fault? {
        guard !faults.isEmpty else { return nil }
        var possible: Set<Fault> = [.otherSTAN, .malformedReply, .restart, .restartForgetful]
        if isSealed { possible.insert(.wrongMAC) }
        if request.mti == 0x0500 { possible.insert(.differingTotals) }
        if request.mti == 0x0400 { possible.insert(.refusedReversal) }
        return faults.take(among: possible, for: frame)?.fault
    }

    private func encode(
        _ reply: Message, to request: Frame, _ demand: Header.ProcessingRequirement, _ macKey: CipherKey?,
        _ fault: Fault?
    ) -> [UInt8]? {
        var reply = reply
        do {
            if fault == .otherSTAN, let stan = reply.text(11).flatMap({ Int($0) }) {
                try reply.set(11, Digits.padded(stan % 999_999 + 1, 6))
            }
            if let macKey {
                var mac = try MessageAuthentication.unionPayECB(macKey, over: reply.macInput)
                if fault == .wrongMAC { mac[0] = mac[0] == 0x30 ? 0x31 : 0x30 }
                try reply.set(64, mac)
            }
        } catch {
            return nil
        }
        var header = request.header
        header.processingRequirement = demand
        let body = Frame(tpdu: request.tpdu.swapped, header: header, message: reply).body
        return try? LengthPrefixedSplitter.encode(fault == .malformedReply ? Array(body.dropLast(5)) : body)
    }

    /// Requests whose replies carry field 64.
    private static let carryMAC: Set<MTI> = [0x0100, 0x0200, 0x0220, 0x0400, 0x0620]

    private func answer(_ request: Frame, at now: LocalDateTime, _ fault: Fault?, _ state: inout State) -> Message {
        let message = request.message
        var answer = HostAnswer(request, at: now)
        guard message.text(41) == configuration.terminal else { return answer.refused("97") }
        guard message.text(42) == configuration.merchant else { return answer.refused("03") }
        if Self.carryMAC.contains(message.mti), !isAuthentic(message, state.session) { return answer.refused("A0") }
        if let index = state.refusals.firstIndex(where: { $0.mti == message.mti }) {
            return answer.refused(state.refusals.remove(at: index).code)
        }
        switch message.mti {
        case 0x0800, 0x0820: manage(&answer, &state)
        case 0x0100, 0x0200, 0x0220: handleFinancial(&answer, &state)
        case 0x0400 where fault == .refusedReversal: answer.code = "06"
        case 0x0400: reverse(&answer, &state)
        case 0x0620: takeScriptResult(&answer, &state)
        case 0x0500: settle(&answer, differing: fault == .differingTotals, &state)
        case 0x0320: takeUpload(&answer, &state)
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
