import HAL
import Logging
import Payments

/// The receipt printer as the technician asks for it.
extension PaymentTerminal {
    /// What the printer says about itself, and how it is spoken to.
    public func printerReport() async throws -> PrinterReport {
        let printer = try configuredPrinter
        let status = await printer.status()
        let found = await identifiedPrinter()
        return PrinterReport(
            name: status.name, isReady: status.isReady, note: status.note,
            text: status.text,
            deviceID: found?.deviceID, profile: found.map { .init($0.profile, why: reason(for: $0)) })
    }

    /// Opens the cash drawer. That it was told to is known; whether it is open, only eyes can see.
    public func openDrawer() async throws -> DrawerReport {
        let printer = try configuredPrinter
        do {
            try await printer.openDrawer(deadline: askingDeadline)
        } catch {
            let reason = error.kind == .refused ? "its profile has no drawer: printer.changes.opensDrawer" : "\(error)"
            throw Refusal(.unavailable, "the drawer was not opened: \(reason)")
        }
        return DrawerReport(opened: true)
    }

    /// Whether the cashier needs the drawer for this payment.
    func opensDrawer(for id: RequestID) -> Bool {
        guard configuration.receipts.openDrawer == .sale, let kind = try? known(id)?.request.kind else { return false }
        return kind == .sale || kind == .offlineSale
    }

    /// Opens the drawer beside the next payment. Its failure changes nothing but the log (M10).
    func openDrawerBeside() {
        Task {
            do {
                _ = try await openDrawer()
            } catch {
                logger.warning("the drawer stays shut", metadata: ["reason": "\(error)"])
            }
        }
    }

    private var configuredPrinter: any ReceiptPrinter {
        get throws {
            guard let printer = devices.printer else { throw Refusal(.unavailable, "no printer is configured") }
            return printer
        }
    }

    private var askingDeadline: Uptime { devices.clock.uptime.advanced(milliseconds: 3_000) }

    /// Profile and device id of the printer that is there; nil while none is.
    func identifiedPrinter() async -> (profile: PrinterProfile, deviceID: String?)? {
        try? await devices.printer?.identify(deadline: askingDeadline)
    }

    private func reason(for found: (profile: PrinterProfile, deviceID: String?)) -> String {
        guard let settings = configuration.printer else { return "" }
        let why =
            if settings.profile != nil {
                "as configured"
            } else if found.deviceID.flatMap(PrinterProfile.matching) != nil {
                "by its device id"
            } else {
                "the usual one, for lack of anything better; name another with printer.profile"
            }
        let changes = settings.changes.names
        return changes.isEmpty ? why : "\(why), but for \(changes.joined(separator: ", ")) of printer.changes"
    }
}
