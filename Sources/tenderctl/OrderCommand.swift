import ArgumentParser
import Control
import FoundationEssentials
import Payments
import SystemDriver
import Terminal

/// A command that orders a payment of its kind: all of them have the same options, and ask and answer alike.
protocol OrderCommand: AsyncParsableCommand {
    associatedtype Form: OrderForm
    static var kind: TransactionKind { get }
    var form: Form { get }
    /// Completes an order that has its kind and the form's options.
    func fill(_ order: inout PaymentOrder) throws
}

/// The arguments that several kinds share.
protocol OrderForm: ParsableArguments {
    var options: OrderOptions { get }
    func fill(_ order: inout PaymentOrder) throws
}

extension OrderCommand {
    func fill(_ order: inout PaymentOrder) throws { try form.fill(&order) }

    func run() async throws {
        ProcessSecrets.forbidDumps()
        let options = form.options
        var order = PaymentOrder(
            id: options.id ?? "ctl-\(UUID().uuidString.prefix(18))", kind: Self.kind, currency: options.currency,
            cashier: options.cashier)
        try fill(&order)
        if Self.kind.needsSupervisor { order.supervisor = try await options.daemon.supervisor(options.supervisor) }
        let report: PaymentReport = try await options.daemon.ask(
            .post, "/v1/payments", body: [UInt8](try JSONEncoder().encode(order)))
        if let code = report.exitCode { throw code }
    }
}

/// The options of every payment.
struct OrderOptions: ParsableArguments {
    @OptionGroup var daemon: Daemon
    @Option(help: "The register's id of this payment; the same id never pays twice. Made up where absent.")
    var id: String?
    @Option(help: "Three letters; the terminal's own currency where absent.")
    var currency: String?
    @Option(help: "The cashier, two digits.")
    var cashier: String?
    @Option(help: "Who allows what needs a supervisor; the PIN is asked for.")
    var supervisor: OperatorNumber = .supervisor
}

/// A payment without an amount.
struct Enquiry: OrderForm {
    @OptionGroup var options: OrderOptions

    func fill(_ order: inout PaymentOrder) {}
}

/// A payment that follows nothing up.
struct NewPayment: OrderForm {
    @Argument(help: "The amount in major units, 88.80.")
    var amount: String
    @OptionGroup var options: OrderOptions

    func fill(_ order: inout PaymentOrder) { order.amount = amount }
}

/// A payment that follows an earlier one up, named by its id or by what its receipt says.
struct FollowUp: OrderForm {
    @Argument(
        help: ArgumentHelp(
            "The id of the earlier payment, then the amount; the amount alone with --date.", valueName: "id-and-amount")
    )
    var words: [String] = []
    @Option(help: "The receipt's date, MMDD, for a payment whose id nobody knows.")
    var date: String?
    @Option(help: "The receipt's reference (RRN).")
    var rrn: String?
    @Option(help: "The receipt's authorisation code.")
    var authCode: String?
    @Option(help: "The receipt's batch.")
    var batch: String?
    @Option(help: "The receipt's voucher number (STAN).")
    var stan: String?
    @Flag(help: "With --date: the customer had ordered by mail or phone; the card is asked for here.")
    var mailOrder = false
    @OptionGroup var options: OrderOptions

    static func usage(_ name: String, _ amount: String) -> String {
        """
        tenderctl \(name) <id> \(amount)
        tenderctl \(name) \(amount) --date <MMDD> [--rrn <rrn>] [--auth-code <code>] [--batch <batch> --stan <stan>]
        """
    }

    func validate() throws {
        let hasReceipt = date != nil
        guard hasReceipt || [rrn, authCode, batch, stan].allSatisfy({ $0 == nil }) && !mailOrder else {
            throw ValidationError("what a receipt says needs its date too: --date MMDD")
        }
        guard hasReceipt || !words.isEmpty else {
            throw ValidationError("name the earlier payment: its id, or its receipt with --date")
        }
        guard words.count <= (hasReceipt ? 1 : 2) else {
            throw ValidationError(hasReceipt ? "with --date give the amount alone" : "give an id and an amount alone")
        }
    }

    func fill(_ order: inout PaymentOrder) throws {
        if let date {
            order.originalReceipt = .init(date: date, rrn: rrn, authCode: authCode, batch: batch, stan: stan)
            order.amount = words.first
        } else {
            order.original = words.first
            order.amount = words.count > 1 ? words[1] : nil
        }
        if mailOrder {
            order.mailOrder = true
            order.card = try Console.readCard()
        }
    }
}
