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
            try await printer.print(job, deadline: printDeadline)
        } catch {
            throw Refusal(.unavailable, "the printer took no receipt: \(error). Mend it and print again")
        }
        unprinted.remove(id)
        return try await payment(id)
    }

    /// Prints what an approved payment brings, beside the next payment. Its failure changes nothing but the log.
    func printFirstReceipt(of id: RequestID, since start: Uptime) {
        guard let printer = devices.printer, let job = try? receiptJob(id, isReprint: false) else { return }
        unprinted.insert(id)
        let earlier = printing
        printing = Task {
            await earlier?.value
            do {
                try await printer.print(job, deadline: printDeadline)
                unprinted.remove(id)
                step(.receiptPrinted, "\(job.count) bytes", of: id, since: start)
            } catch {
                logger.warning("no receipt printed", metadata: ["payment": "\(id)", "reason": "\(error)"])
            }
        }
    }

    /// Prints what a settlement came to. Its failure changes nothing but the log: `tenderctl settlement show` has it too.
    func printSettlement() {
    }

    private var printDeadline: Uptime {
        devices.clock.uptime.advanced(milliseconds: configuration.waits.printSeconds * 1000)
    }

    private func receiptJob(_ id: RequestID, isReprint: Bool) throws -> [UInt8] {
        try ReceiptData.Copy.allCases.flatMap { copy in
            ESCPOSRenderer().render(Receipt(try receiptData(id, copy, isReprint: isReprint)))
        }
    }

    private func receiptData(_ id: RequestID, _ copy: ReceiptData.Copy, isReprint: Bool) throws -> ReceiptData {
        guard let state = try known(id) else {
            throw Refusal(.notFound, field: "id", "no payment with the id \(id) was accepted")
        }
        guard let outcome = state.outcome, let time = state.finishedAt else {
            throw Refusal(.busy, "payment \(id) is still running")
        }
        let settings = configuration.terminal
        return ReceiptData(
            merchant: .init(name: settings.name.chinese, number: settings.merchant, terminal: settings.number),
            request: state.request, time: time, authorization: state.authorization, outcome: outcome, copy: copy,
            isReprint: isReprint)
    }
}
