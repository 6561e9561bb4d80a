import ArgumentParser
import Control
import FoundationEssentials
import Payments
import Terminal

/// `tenderctl sale AMOUNT`
struct SaleCommand: OrderCommand {
    static let configuration = CommandConfiguration(commandName: "sale", abstract: "Take money from a card.")
    static let kind = TransactionKind.sale
    @OptionGroup var form: NewPayment
}

/// `tenderctl void ID`
struct VoidCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "void", abstract: "Take a sale of the running batch back, whole.",
        usage: FollowUp.usage("void", "[<amount>]"))
    static let kind = TransactionKind.void
    @OptionGroup var form: FollowUp
}

/// `tenderctl refund ID AMOUNT`
struct RefundCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "refund", abstract: "Give money of an earlier sale back, whole or in parts.",
        usage: FollowUp.usage("refund", "<amount>"))
    static let kind = TransactionKind.refund
    @OptionGroup var form: FollowUp
}

/// `tenderctl balance`
struct BalanceCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Ask what a card's account holds.")
    static let kind = TransactionKind.balance
    @OptionGroup var form: Enquiry
}

/// `tenderctl preauth AMOUNT`
struct PreauthorizationCommand: OrderCommand {
    static let configuration = CommandConfiguration(commandName: "preauth", abstract: "Hold money for later.")
    static let kind = TransactionKind.preauthorization
    @OptionGroup var form: NewPayment
}

/// `tenderctl preauth-cancel ID`
struct PreauthorizationCancelCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "preauth-cancel", abstract: "Let money go that was held.",
        usage: FollowUp.usage("preauth-cancel", "[<amount>]"))
    static let kind = TransactionKind.preauthorizationCancel
    @OptionGroup var form: FollowUp
}

/// `tenderctl complete ID AMOUNT`
struct CompletionCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete", abstract: "Take money that was held, up to 115 % of it.",
        usage: FollowUp.usage("complete", "<amount>"))
    static let kind = TransactionKind.completion
    @OptionGroup var form: FollowUp
    @Flag(help: "Tell the acquirer, later if need be, instead of asking it.")
    var advice = false

    func fill(_ order: inout PaymentOrder) throws {
        try form.fill(&order)
        if advice { order.kind = .completionAdvice }
    }
}

/// `tenderctl completion-void ID`
struct CompletionVoidCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion-void", abstract: "Take a completion back; the money is held again.",
        usage: FollowUp.usage("completion-void", "[<amount>]"))
    static let kind = TransactionKind.completionVoid
    @OptionGroup var form: FollowUp
}

/// `tenderctl mail-order AMOUNT`
struct MailOrderCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail-order", abstract: "Take money from a customer who ordered by mail or phone.",
        discussion: Console.cardDiscussion)
    static let kind = TransactionKind.sale
    @OptionGroup var form: NewPayment
    @Flag(help: "Hold the money only.")
    var preauth = false

    func fill(_ order: inout PaymentOrder) throws {
        form.fill(&order)
        if preauth { order.kind = .preauthorization }
        order.mailOrder = true
        order.card = try Console.readCard()
    }
}

/// `tenderctl offline-sale AMOUNT`
struct OfflineSaleCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "offline-sale", abstract: "Have card and terminal decide; the acquirer hears of it later.")
    static let kind = TransactionKind.offlineSale
    @OptionGroup var form: NewPayment
}

/// `tenderctl offline-settlement AMOUNT`
struct OfflineSettlementCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "offline-settlement", abstract: "Book a sale that the acquirer granted by voice.",
        discussion: "The card is read in the slot, or with --typed-card asked for. " + Console.cardDiscussion)
    static let kind = TransactionKind.offlineSettlement
    @OptionGroup var form: NewPayment
    @Option(help: "The authorisation code that the acquirer said, six characters.")
    var authCode: String
    @Flag(help: "There is no card: ask for its number.")
    var typedCard = false

    func fill(_ order: inout PaymentOrder) throws {
        form.fill(&order)
        order.authCode = authCode
        if typedCard { order.card = try Console.readCard() }
    }
}

/// `tenderctl adjust ID AMOUNT`
struct AdjustmentCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust", abstract: "Correct an offline settlement; the amount is the new one.",
        usage: FollowUp.usage("adjust", "<amount>"))
    static let kind = TransactionKind.adjustment
    @OptionGroup var form: FollowUp
}

/// `tenderctl tip ID TIP`
struct TipCommand: OrderCommand {
    static let configuration = CommandConfiguration(
        commandName: "tip", abstract: "Add a tip to a sale of the running batch.",
        usage: FollowUp.usage("tip", "<tip>"))
    static let kind = TransactionKind.tip
    @OptionGroup var form: FollowUp

    func fill(_ order: inout PaymentOrder) throws {
        try form.fill(&order)
        (order.tip, order.amount) = (order.amount, nil)
    }
}

/// `tenderctl cancel [ID]`
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop the running payment, as long as no request has left.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "The payment; the running one where absent.")
    var id: String?

    func run() async throws {
        let path = id.map { "/v1/payments/\(PathSegment.encode($0))/cancel" } ?? "/v1/cancel"
        let _: PaymentReport = try await daemon.ask(.post, path)
    }
}

/// `tenderctl payment ID`
struct PaymentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payment", abstract: "Tell what became of a payment.",
        usage: """
            tenderctl payment <id>
            tenderctl payment --rrn <rrn>
            tenderctl payment --stan <stan> [--batch <batch>]
            """)

    @OptionGroup var daemon: Daemon
    @Argument(help: "The register's id of the payment.")
    var id: String?
    @Option(help: "Its reference on the receipt.")
    var rrn: String?
    @Option(help: "Its voucher number on the receipt.")
    var stan: String?
    @Option(help: "The batch of the voucher number; the running one where absent.")
    var batch: String?

    func validate() throws {
        guard [id, rrn, stan].compactMap({ $0 }).count == 1, batch == nil || stan != nil else {
            throw ValidationError("name the payment in one way: its id, --rrn, or --stan with or without --batch")
        }
    }

    func run() async throws {
        let numbers = [("rrn", rrn), ("stan", stan), ("batch", batch)]
        let query = numbers.compactMap { name, value in value.map { "\(name)=\(PathSegment.encode($0))" } }
        let path = id.map { "/\(PathSegment.encode($0))" } ?? "?" + query.joined(separator: "&")
        let report: PaymentReport = try await daemon.ask(.get, "/v1/payments\(path)")
        if let code = report.exitCode { throw code }
    }
}

/// `tenderctl resolve ID`
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Take what the acquirer refused off the list: it was settled by other means.")

    @OptionGroup var daemon: Daemon
    @Argument(help: "The register's id of the payment.")
    var id: String
    @Option(help: "Who allows it; the PIN is asked for.")
    var supervisor: OperatorNumber = .supervisor

    func run() async throws {
        let _: PaymentReport = try await daemon.ask(
            .post, "/v1/payments/\(PathSegment.encode(id))/resolve", by: supervisor)
    }
}

extension PaymentReport {
    /// The exit code a script branches on; nil for success.
    var exitCode: ExitCode? {
        switch outcome {
        case .approved, .stored, nil: nil
        case .declined: ExitStatus.declined
        case .cancelled: ExitStatus.cancelled
        case .failed: ExitStatus.failed
        }
    }
}
