import Engine
import HAL
import Journaling
import Logging
public import Payments
import Raster
import Receipts

/// Receipts, made from configuration and journal alone whenever they are wanted (M10).
extension PaymentTerminal {
    /// A receipt in one of its forms, for `copy` `merchant`, `bank` or `customer`.
    public func receipt(_ id: RequestID, copy: String, form: String) async throws -> (form: ReceiptForm, bytes: [UInt8])
    {
        guard let form = ReceiptForm(rawValue: form) else {
            throw Refusal(
                .invalid, field: "form",
                "must be \(ReceiptForm.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        let receipt = Receipt(try receiptData(id, try readCopy(copy), isReprint: false))
        let language = configuration.receipts.languages
        switch form {
        case .text: return (form, Array(TextRenderer(language: language).render(receipt).utf8))
        case .html: return (form, Array(HTMLRenderer(language: language).render(receipt, title: "\(id)").utf8))
        case .png:
            do throws(RasterError) {
                return (form, try PNG.encode(try PictureRenderer(language: language).render(receipt)))
            } catch {
                throw Refusal(.unavailable, "no picture can be drawn: \(error)")
            }
        case .escpos:
            let profile = await identifiedPrinter()?.profile ?? configuration.printer?.profile ?? .chinese80
            return (form, ESCPOSRenderer(profile: profile, language: language).render(receipt))
        }
    }

    /// Prints the receipts of a payment now, or one copy: those that wait for the printer, or else all once more, which then
    /// say that they are duplicates.
    public func printReceipt(_ id: RequestID, copy: String? = nil) async throws -> PaymentReport {
        let again = try receiptDocuments(of: id, try copy.map { [try readCopy($0)] }, isReprint: true)
        let waiting = try receiptDocuments(of: id, try copy.map { [try readCopy($0)] }, isReprint: false)
        try await printNow(again, insteadOf: waiting.map(\.name), of: id)
        return try await payment(id)
    }

    /// Prints what the running batch comes to so far.
    public func printTotals() async throws -> PrintedReport {
        let (batch, totals) = try reading {
            let batch = try journal.numbers().batch
            return (batch, Totals(of: try journal.batch(batch)))
        }
        return try await printNow(
            document(
                "totals of batch \(batch)",
                Receipt(
                    totals: totals, of: batch, currency: configuration.terminal.currency, merchant: merchant, time: now)
            ))
    }

    /// Prints what the last settlement came to, again.
    public func printLastSettlement() async throws -> PrintedReport {
        guard let report = settlementReceipt() else { throw Refusal(.notFound, "no batch was ever settled") }
        return try await printNow(document("settlement report", report))
    }

    /// Prints the terminal's data in force.
    public func printParameters() async throws -> PrintedReport {
        try await printNow(
            document(
                "parameters", Receipt(parameters: parametersReport().sections, merchant: merchant, time: now)))
    }

    /// Prints a page that shows what the printer can do.
    public func printTestPage() async throws -> PrintedReport {
        let found = await identifiedPrinter()
        let profile = found?.profile ?? configuration.printer?.profile ?? .chinese80
        let name = await devices.printer?.status().name ?? ""
        return try await printNow(
            document("test page", Receipt(testPageFor: profile, printer: name, merchant: merchant, time: now)))
    }

    private func readCopy(_ copy: String) throws -> ReceiptData.Copy {
        guard let copy = ReceiptData.Copy(rawValue: copy) else {
            let words = ReceiptData.Copy.allCases.map(\.rawValue).joined(separator: " or ")
            throw Refusal(.invalid, field: "copy", "must be \(words)")
        }
        return copy
    }

    private func document(_ name: String, _ receipts: Receipt...) -> ReceiptDocument {
        ReceiptDocument(name: name, receipts, language: configuration.receipts.languages)
    }

    /// Prints for somebody who waits for it.
    private func printNow(_ document: ReceiptDocument) async throws -> PrintedReport {
        try await printNow([document])
        return PrintedReport(printed: true)
    }

    private func printNow(
        _ documents: [ReceiptDocument], insteadOf waiting: [String] = [], of id: RequestID? = nil
    ) async throws {
        guard let printQueue else { throw Refusal(.unavailable, "no printer is configured") }
        do throws(PrintFailure) {
            try await printQueue.printNow(documents, insteadOf: waiting, of: id)
        } catch {
            throw Refusal(
                .unavailable, "the printer did not print: \(error.error). Mend it and print again",
                text: error.trouble.text)
        }
    }

    /// Opens the print queue, if there is a printer.
    func startPrinting() {
        guard let printer = devices.printer else { return }
        printQueue = PrintQueue(
            printer: printer, clock: devices.clock, tryMilliseconds: configuration.waits.printSeconds * 1000,
            logger: logger
        ) { [weak self] in await self?.hear($0) }
    }

    /// Prints what an approved payment brings, one document for each copy: one that fails is printed again by itself.
    func printFirstReceipt(of id: RequestID, since start: Uptime) async {
        guard let printQueue, let documents = try? receiptDocuments(of: id, nil, isReprint: false) else { return }
        if opensDrawer(for: id) { openDrawerBeside() }
        await printQueue.add(documents, of: id, since: start)
    }

    /// Tells the screens what the printer does, and the customer as long as no payment needs the display.
    private func hear(_ news: PrintNews) {
        switch news {
        case .printed(let id, let start): step(.receiptPrinted, "", of: id, since: start)
        case .ready: report(.printerReady, "", of: nil)
        case .trouble(let trouble, let id):
            report(.printerTrouble, trouble.rawValue, of: id)
            guard id != nil else { return }
            Task {
                await dismissal?.value
                guard running == nil, !isStopping else { return }
                let text = BilingualText(
                    "凭条稍后打印：\(trouble.text.chinese)", "The receipt comes later: \(trouble.text.english)")
                await devices.show(text, amount: nil)
            }
        }
    }

    /// Prints what the last settlement came to; `tenderctl settlement show` has it too.
    func printSettlement() {
        if let report = settlementReceipt() { printLater(document("settlement report", report)) }
    }

    private func settlementReceipt() -> Receipt? {
        guard let settlement = try? journal.lastSettlement(), let comparison = settlement.comparison,
            let payments = try? journal.batch(settlement.begun.batch)
        else { return nil }
        let records = UploadPlan.messages(payments, comparison).enumerated()
            .filter { settlement.refused[$0.offset] == nil }.reduce(0) { $0 + $1.element.records }
        return Receipt(
            settlement, records: records, currency: configuration.terminal.currency, merchant: merchant)
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
        printLater(document("slip about \(id)", slip))
    }

    /// Prints beside the next payment, after what is being printed. Its failure changes nothing about the money (M10).
    private func printLater(_ document: ReceiptDocument) {
        guard let printQueue else { return }
        Task { await printQueue.add([document]) }
    }

    private var merchant: ReceiptData.Merchant {
        let settings = configuration.terminal
        return .init(
            name: parameters.merchantName ?? settings.name.chinese, number: settings.merchant, terminal: settings.number
        )
    }

    /// The receipts of a payment, for `copies` or for all that the shop wants of its kind.
    private func receiptDocuments(
        of id: RequestID, _ copies: [ReceiptData.Copy]?, isReprint: Bool
    ) throws -> [ReceiptDocument] {
        let ofKind = ReceiptData.Copy.copies(of: try known(id)?.request.kind ?? .sale, withBank: true)
        let copies = copies ?? configuration.receipts.copies.filter(ofKind.contains)
        return try copies.map { copy in
            document("\(copy.rawValue) receipt of \(id)", Receipt(try receiptData(id, copy, isReprint: isReprint)))
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
            outcome: outcome, copy: copy, isReprint: isReprint,
            electronicReceipt: configuration.receipts.eReceipt?.address(
                id: id, rrn: outcome.reply?.rrn,
                stan: state.authorization.map { "\($0.stan)" }, amount: state.request.amount))
    }
}
