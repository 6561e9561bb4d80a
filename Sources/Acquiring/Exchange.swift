public import ISO8583
public import PaymentCryptography
import Payments

/// One request and what its answer means: everything of an exchange but the wire. A value, so that every link, a real one
/// or one of a simulated world, comes to the same results.
public struct Exchange: Sendable {
    /// How an exchange ends.
    public enum Answer: Equatable, Sendable {
        /// The reply, its MAC checked where it has one.
        case reply(Message)
        /// The reply, with a wrong MAC.
        case badMAC
        /// No reply that counts, for this reason; the request may have arrived.
        case none(String)
        /// Nothing left, for this reason.
        case unsent(String)
    }

    /// The request as it leaves.
    public let request: Frame
    private let dialect: UnionPayDialect
    private let macKey: CipherKey?

    /// An exchange that begins with `request`, which gets its MAC here; `macKey` is nil for messages without one.
    public init(
        _ request: Frame, in dialect: UnionPayDialect, macKey: CipherKey? = nil
    ) throws(CryptographyError) {
        self.request = if let macKey { try dialect.sealed(request, with: macKey) } else { request }
        self.dialect = dialect
        self.macKey = macKey
    }

    /// What a received frame is to somebody who waits for the answer.
    public enum Reading: Equatable, Sendable {
        /// Not the answer: the wait goes on. Why, without any value.
        case foreign(String)
        /// The end of the wait.
        case answer(Answer)
    }

    /// Reads a received frame, with its two-byte length.
    public func reading(_ frame: [UInt8]) -> Reading {
        switch inspect(frame) {
        case .reply(let message): .answer(.reply(message))
        case .badMAC: .answer(.badMAC)
        case .unauthenticated: .answer(.none("the reply has no MAC"))
        case .foreign(let why): .foreign(why)
        }
    }

    /// Why a received frame, with its two-byte length, is left aside while the wait goes on; nil if it ends the wait.
    public func reasonToIgnore(_ frame: [UInt8]) -> String? {
        guard case .foreign(let why) = reading(frame) else { return nil }
        return why
    }

    /// What the frame that ended the wait says.
    public func answer(_ frame: [UInt8]) -> Answer {
        switch reading(frame) {
        case .answer(let answer): answer
        case .foreign(let why): .none(why)
        }
    }

    /// What the header of the frame that ended the wait asks for.
    public func demand(_ frame: [UInt8]) -> AcquirerDemand? {
        guard case .reply = inspect(frame), let frame = try? Frame(decoding: frame.dropFirst(2), table: dialect.table)
        else { return nil }
        return AcquirerDemand(frame.header.processingRequirement)
    }

    private func inspect(_ frame: [UInt8]) -> UnionPayDialect.Inspection {
        dialect.inspect(frame.dropFirst(2), for: request.message, macKey: macKey)
    }
}

extension Exchange.Answer {
    /// The reply. Throws why there is none.
    func message() throws(AcquiringError) -> Message {
        switch self {
        case .reply(let message): return message
        case .badMAC: throw AcquiringError(.badReply, "wrong MAC")
        case .none(let detail): throw AcquiringError(.noReply, detail)
        case .unsent(let detail): throw AcquiringError(.unreachable, detail)
        }
    }

    /// The reply to a message of the session. Throws why there is none, or that the acquirer said no.
    @discardableResult public func approval() throws(AcquiringError) -> Message {
        let message = try message()
        if let refusal = message.refusal { throw refusal }
        return message
    }
}

extension Message {
    /// That field 39 says no; nil if it says yes or nothing.
    var refusal: AcquiringError? {
        guard let code = text(39).map({ ResponseCode($0) }), code.kind != .approved else { return nil }
        return AcquiringError(.declined, "\(code.code) \(code.text.english)", code: code.code)
    }
}
