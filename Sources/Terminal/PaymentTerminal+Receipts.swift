import Engine
import HAL
import Journaling
import Logging
public import Payments
import Receipts

/// Receipts, made from configuration and journal alone whenever they are wanted (M10).
extension PaymentTerminal {
    /// A receipt as text, for `copy` `merchant` or `customer`.
    public func receiptText(_ id: RequestID, copy: String) throws -> String {
        guard let copy = ReceiptData.Copy(rawValue: copy) else {
            throw Refusal(.invalid, field: "copy", "must be merchant or customer")
        }
        return TextRenderer().render(Receipt(try receiptData(id, copy, isReprint: false)))
    }

    /// Prints both copies again; they say that they are duplicates unless none was printed before.
    public func printReceipt(_ id: RequestID) async throws -> PaymentReport {
        guard let printer = devices.printer else { throw Refusal(.unavailable, "no printer is configured") }
        let job = try receiptJob(id, isReprint: !unprinted.contains(id))
        do {
            try await printer.print(PrintJob(name: "receipt of \(id)", job), isRepeat: false, deadline: printDeadline)
        } catch {
            throw Refusal(.unavailable, "the printer took no receipt: \(error). Mend it and print again")
        }
        unprinted.remove(id)
        return try await payment(id)
    }

    /// Prints what an approved payment brings.
    func printFirstReceipt(of id: RequestID, since start: Uptime) {
        guard devices.printer != nil, let job = try? receiptJob(id, isReprint: false) else { return }
        unprinted.insert(id)
        printLater(job, "receipt") { terminal in
            terminal.unprinted.remove(id)
            terminal.step(.receiptPrinted, "\(job.count) bytes", of: id, since: start)
        }
    }

    /// Prints what the last settlement came to; `tenderctl settlement show` has it too.
    func printSettlement() {
        guard let settlement = try? journal.lastSettlement(), let comparison = settlement.comparison,
            let payments = try? journal.batch(settlement.begun.batch)
        else { return }
        let records = UploadPlan.messages(payments, comparison).enumerated()
            .filter { settlement.refused[$0.offset] == nil }.reduce(0) { $0 + $1.element.records }
        let report = Receipt(
            settlement, records: records, currency: configuration.terminal.currency, merchant: merchant)
        printLater(ESCPOSRenderer(profile: .chinese80).render(report), "settlement report")
    }

    /// Prints a slip about what the acquirer refuses for good: a stored payment, or a reversal after all its tries.
    func printRefusal(of id: RequestID) {
        guard let payment = try? journal.payment(id) else { return }
        if case .pending(_, let refusals) = payment.reversal,
            refusals.count != reversalTries
        {
            return
        }
        guard let slip = Receipt(refused: payment, merchant: merchant, time: now) else { return }
        printLater(ESCPOSRenderer(profile: .chinese80).render(slip), "slip about \(id)")
    }

    /// Prints beside the next payment, after what is being printed. Its failure changes nothing but the log (M10).
    private func printLater(
        _ job: [UInt8], _ what: String, printed: @escaping (isolated PaymentTerminal) -> Void = { _ in }
    ) {
        guard let printer = devices.printer else { return }
        let earlier = printing
        printing = Task {
            await earlier?.value
            do {
                try await printer.print(PrintJob(name: what, job), isRepeat: false, deadline: printDeadline)
                printed(self)
            } catch {
                logger.warning("not printed", metadata: ["what": "\(what)", "reason": "\(error)"])
            }
        }
    }

    private var merchant: ReceiptData.Merchant {
        let settings = configuration.terminal
        return .init(
            name: parameters.merchantName ?? settings.name.chinese, number: settings.merchant, terminal: settings.number
        )
    }

    private var printDeadline: Uptime {
        devices.clock.uptime.advanced(milliseconds: configuration.waits.printSeconds * 1000)
    }

    private func receiptJob(_ id: RequestID, isReprint: Bool) throws -> [UInt8] {
        let copies = ReceiptData.Copy.copies(of: try known(id)?.request.kind ?? .sale)
        return try copies.flatMap { copy in
            ESCPOSRenderer(profile: .chinese80).render(Receipt(try receiptData(id, copy, isReprint: isReprint)))
        }
    }

    private func receiptData(_ id: RequestID, _ copy: ReceiptData.Copy, isReprint: Bool) throws -> ReceiptData {
        guard let state = try known(id) else {
            throw Refusal(.notFound, field: "id", "no payment with the id \(id) was accepted")
        }
        guard let outcome = state.outcome, let time = state.finishedAt else {
            throw Refusal(.busy, "payment \(id) is still running")
        }
        return ReceiptData(
            merchant: merchant, request: state.request, time: time, authorization: state.authorization,
            outcome: outcome, copy: copy,
            isReprint: isReprint)
    }
}

/// Bytes that are made already.
private struct PrintJob: PrintDocument {
    let name: String
    let job: [UInt8]

    init(name: String, _ job: [UInt8]) {
        self.name = name
        self.job = job
    }

    func bytes(for profile: PrinterProfile, isRepeat: Bool) -> [UInt8] { job }
}
