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

    /// Prints the receipts of a payment now: those that wait for the printer, or else all of them once more, which then say
    /// that they are duplicates.
    public func printReceipt(_ id: RequestID) async throws -> PaymentReport {
        guard let printQueue else { throw Refusal(.unavailable, "no printer is configured") }
        do throws(PrintFailure) {
            try await printQueue.printNow(id, otherwise: try documents(of: id, isReprint: true))
        } catch {
            throw Refusal(
                .unavailable, "the receipt is not printed: \(error.trouble.text.english) (\(error.error))")
        }
        return try await payment(id)
    }

    /// Opens the print queue, if there is a printer.
    func startPrinting() {
        guard let printer = devices.printer else { return }
        printQueue = PrintQueue(
            printer: printer, clock: devices.clock, tryMilliseconds: configuration.waits.printSeconds * 1000,
            logger: logger
        ) { [weak self] in await self?.hear($0) }
    }

    /// Prints what an approved payment brings.
    func printFirstReceipt(of id: RequestID, since start: Uptime) async {
        guard let printQueue, let documents = try? documents(of: id, isReprint: false) else { return }
        await printQueue.add(documents, of: id, since: start)
    }

    /// Tells the screens what the printer does, and the customer display as long as no payment needs it.
    private func hear(_ news: PrintNews) async {
        switch news {
        case .printed(let id, let start): step(.receiptPrinted, "", of: id, since: start)
        case .ready: report(.printerReady, "", of: nil)
        case .trouble(let trouble, let id):
            report(.printerTrouble, trouble.rawValue, of: id)
            guard id != nil else { return }
            Task {
                await dismissal?.value
                guard running == nil, !isStopping else { return }
                await devices.show(BilingualText("凭条稍后打印", "The receipt comes later"), amount: nil)
            }
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
        printLater(report, "settlement report")
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
        printLater(slip, "slip about \(id)")
    }

    /// Prints beside the next payment, after what is being printed. Its failure changes nothing about the money (M10).
    private func printLater(_ receipt: Receipt, _ name: String) {
        guard let printQueue else { return }
        let document = document(name, receipt, duplicate: receipt)
        Task { await printQueue.add([document]) }
    }

    private func document(_ name: String, _ receipt: Receipt, duplicate: Receipt) -> ReceiptDocument {
        let language = ReceiptLanguage(rawValue: configuration.receipts.languages.rawValue) ?? .both
        return ReceiptDocument(name: name, receipt: receipt, duplicate: duplicate, language: language)
    }

    private var merchant: ReceiptData.Merchant {
        let settings = configuration.terminal
        return .init(
            name: parameters.merchantName ?? settings.name.chinese, number: settings.merchant, terminal: settings.number
        )
    }

    /// One for each copy: one that fails is printed again by itself.
    private func documents(of id: RequestID, isReprint: Bool) throws -> [any PrintDocument] {
        let own = ReceiptData.Copy.copies(of: try known(id)?.request.kind ?? .sale, withBank: true)
        return try configuration.receipts.copies.filter(own.contains).map { copy in
            document(
                "\(copy.rawValue) receipt of \(id)", Receipt(try receiptData(id, copy, isReprint: isReprint)),
                duplicate: Receipt(try receiptData(id, copy, isReprint: true)))
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
