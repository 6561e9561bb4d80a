public import Payments

/// Decides how a batch is closed: everything owed is delivered, the totals are told and compared, what must be uploaded
/// is uploaded in order, the end is told, and only then the next batch opens (M6, M7). Every message is durable before it
/// leaves; a settlement that was cut off goes on with the message it had come to, under the same number.
public struct SettlementMachine: Equatable, Sendable {
    /// What can happen to a settlement.
    public enum Event: Equatable, Sendable {
        /// Close the running batch, or go on with the settlement that was begun, over these payments.
        case start(resuming: SettlementState?, payments: [PaymentState])
        /// The acquirer can be reached, nothing that goes before is open.
        case linkReady
        /// It cannot, for this reason.
        case linkFailed(PaymentFailure)
        /// The queue of stored payments is empty; the batch holds these payments, and this is the settlement of them.
        case counted(Settlement, payments: [PaymentState])
        /// The queue could not be emptied, or the batch not be read, for this reason.
        case notCounted(PaymentFailure)
        /// The acquirer compared the totals.
        case compared(Settlement.Comparison)
        /// The number of the next message.
        case numbered(STAN)
        /// The acquirer answered a message of the upload; `accepted` if it has what it says.
        case answered(code: String, accepted: Bool)
        /// No answer came, or one that says to try later.
        case unanswered(PaymentFailure)
        /// What was last asked for is durable.
        case persisted
        /// It could not be written.
        case persistFailed(PaymentFailure)
    }

    /// What a settlement wants done.
    public enum Action: Equatable, Sendable {
        /// Sign in if needed, deliver what goes before, then say `linkReady` or `linkFailed`.
        case prepareLink
        /// Deliver all stored payments, then count the batch: `counted` or `notCounted`.
        case emptyQueueAndCount
        /// Make this durable.
        case persist(Record)
        /// Tell the totals (0500), under the settlement's number.
        case sendTotals(Settlement)
        /// Take the next number.
        case takeNumber
        /// Send this message of the upload (0320) under this number.
        case upload(UploadMessage, STAN)
        /// The attempt is over.
        case finish(Result)
        /// The event does not belong here.
        case ignore(Event)
    }

    /// How an attempt ends.
    public enum Result: Equatable, Sendable {
        /// The batch is closed.
        case settled(Settlement, Settlement.Comparison)
        /// The batch stays open for payments: the settlement had not begun.
        case notBegun(PaymentFailure)
        /// The settlement goes on later with the message it had come to; no payment until then.
        case suspended(PaymentFailure)
    }

    enum State: Equatable, Sendable {
        case idle
        case preparing(SettlementState?, [PaymentState])
        case counting
        case savingBegin(Settlement, [PaymentState])
        case comparing(Settlement, [PaymentState])
        case savingComparison(Upload)
        case numbering(Upload)
        case savingNumber(Upload, STAN)
        case uploading(Upload, STAN)
        case savingRefusal(Upload)
        case savingEnd(Upload)
        case finished(Result)
    }

    /// An upload and how far it is.
    struct Upload: Equatable, Sendable {
        let settlement: Settlement
        let comparison: Settlement.Comparison
        let messages: [UploadMessage]
        var index = 0
        /// The messages that the acquirer refused: it does not count them.
        var refused: Set<Int> = []

        var message: UploadMessage? {
            guard index < messages.count else { return nil }
            guard case .end(let agreed, let records) = messages[index] else { return messages[index] }
            return .end(agreed: agreed, records: refused.reduce(records) { $0 - messages[$1].records })
        }
        var isAtEnd: Bool { index == messages.count - 1 }
    }

    private(set) var state = State.idle

    /// A settlement that has not begun.
    public init() {}

    /// Takes one event and answers the one thing to do.
    public mutating func handle(_ event: Event) -> Action {
        let (next, action) = Self.step(state, event)
        state = next
        return action
    }

    static func step(_ state: State, _ event: Event) -> (State, Action) {
        switch state {
        case .idle, .preparing, .counting: prepare(state, event)
        case .savingBegin, .comparing, .savingComparison: compare(state, event)
        case .numbering, .savingNumber, .uploading, .savingRefusal, .savingEnd: upload(state, event)
        case .finished: (state, .ignore(event))
        }
    }
}

extension SettlementMachine {
    private static func prepare(_ state: State, _ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.idle, .start(let resuming, let payments)):
            (.preparing(resuming, payments), .prepareLink)
        case (.preparing(nil, _), .linkReady):
            (.counting, .emptyQueueAndCount)
        case (.preparing(let begun?, let payments), .linkReady):
            resume(begun, payments)
        case (.preparing(nil, _), .linkFailed(let failure)), (.counting, .notCounted(let failure)):
            end(.notBegun(failure))
        case (.preparing(.some, _), .linkFailed(let failure)):
            end(.suspended(failure))
        case (.counting, .counted(let settlement, let payments)):
            (.savingBegin(settlement, payments), .persist(.settlementBegun(settlement)))
        default: (state, .ignore(event))
        }
    }

    private static func resume(_ begun: SettlementState, _ payments: [PaymentState]) -> (State, Action) {
        guard let comparison = begun.comparison else {
            return (.comparing(begun.begun, payments), .sendTotals(begun.begun))
        }
        var upload = Upload(
            settlement: begun.begun, comparison: comparison, messages: UploadPlan.messages(payments, comparison))
        guard let sending = begun.sending else { return (.numbering(upload), .takeNumber) }
        upload.index = sending.index
        upload.refused = Set(begun.refused.keys.filter { upload.messages.indices.contains($0) })
        // What was refused has been answered: the next one is due.
        if begun.refused[sending.index] != nil {
            upload.index += 1
            return (.numbering(upload), .takeNumber)
        }
        return send(upload, sending.stan)
    }

    private static func compare(_ state: State, _ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.savingBegin(let settlement, let payments), .persisted):
            (.comparing(settlement, payments), .sendTotals(settlement))
        case (.savingBegin, .persistFailed(let failure)):
            end(.notBegun(failure))
        case (.comparing(let settlement, let payments), .compared(let comparison)):
            (
                .savingComparison(
                    Upload(
                        settlement: settlement, comparison: comparison,
                        messages: UploadPlan.messages(payments, comparison))),
                .persist(.settlementCompared(comparison))
            )
        case (.comparing, .unanswered(let failure)), (.savingComparison, .persistFailed(let failure)):
            end(.suspended(failure))
        case (.savingComparison(let upload), .persisted):
            (.numbering(upload), .takeNumber)
        default: (state, .ignore(event))
        }
    }

    private static func upload(_ state: State, _ event: Event) -> (State, Action) {
        switch (state, event) {
        case (.numbering(let upload), .numbered(let stan)):
            (.savingNumber(upload, stan), .persist(.uploading(index: upload.index, stan)))
        case (.savingNumber(let upload, let stan), .persisted):
            send(upload, stan)
        case (.uploading(let upload, _), .answered(_, accepted: true)) where upload.isAtEnd:
            (.savingEnd(upload), .persist(.settled(upload.settlement.batch)))
        case (.uploading(let upload, _), .answered(let code, accepted: false)) where upload.isAtEnd:
            end(
                .suspended(
                    PaymentFailure(
                        .noReply, "the acquirer does not close batch \(upload.settlement.batch): \(code)")))
        case (.uploading(var upload, _), .answered(_, accepted: true)):
            next(&upload)
        case (.uploading(let upload, _), .answered(let code, accepted: false)):
            (.savingRefusal(upload), .persist(.uploadRefused(index: upload.index, code: code)))
        case (.savingRefusal(var upload), .persisted):
            refused(&upload)
        case (.savingEnd(let upload), .persisted):
            end(.settled(upload.settlement, upload.comparison))
        case (.uploading, .unanswered(let failure)), (.savingNumber, .persistFailed(let failure)),
            (.savingRefusal, .persistFailed(let failure)), (.savingEnd, .persistFailed(let failure)),
            (.numbering, .notCounted(let failure)):
            end(.suspended(failure))
        default: (state, .ignore(event))
        }
    }

    private static func refused(_ upload: inout Upload) -> (State, Action) {
        upload.refused.insert(upload.index)
        return next(&upload)
    }

    private static func next(_ upload: inout Upload) -> (State, Action) {
        upload.index += 1
        return (.numbering(upload), .takeNumber)
    }

    /// An index beyond the plan would be a journal of another release: the settlement stays where it is.
    private static func send(_ upload: Upload, _ stan: STAN) -> (State, Action) {
        guard let message = upload.message else {
            return end(.suspended(PaymentFailure(.journalUnavailable, "the upload has no message \(upload.index)")))
        }
        return (.uploading(upload, stan), .upload(message, stan))
    }

    private static func end(_ result: Result) -> (State, Action) { (.finished(result), .finish(result)) }
}

extension SettlementMachine.Result: CustomStringConvertible {
    /// A line for the log.
    public var description: String {
        switch self {
        case .settled(let settlement, let comparison):
            "batch \(settlement.batch) is closed, the totals \(comparison.agrees ? "agreed" : "differed")"
        case .notBegun(let failure): "not begun: \(failure.detail)"
        case .suspended(let failure): "goes on later: \(failure.detail)"
        }
    }
}
