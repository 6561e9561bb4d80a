import Acquiring
import Engine
import Journaling
import Payments

/// What the terminal knows while it has power, and forgets with it.
struct Memory {
    /// The payment that runs.
    struct Running {
        let request: PaymentRequest
        /// Which order of the script it is.
        let order: Int
        var machine = PaymentMachine()
        var credentials: Credentials?
        /// Which reading of the card it is, and whether the issuer can be asked.
        var attempt = 1
        var isOnline = true
        /// Events that wait while the machine's actions are performed.
        var events: [PaymentMachine.Event] = []
        var isHandling = false
    }

    /// Who waits until the way is free.
    enum Waiter: Equatable {
        case payment(RequestID)
        case settlement
        case background
        case signOff
    }

    /// Making the way free: for those who wait, or in the background.
    struct Preparation {
        var machine = PreparationMachine()
        let owed: [PendingDelivery]
    }

    /// One attempt at what a payment owes.
    struct Delivering {
        /// Who goes on when it has ended.
        enum Purpose { case preparation, background, settlement }

        var machine: DeliveryMachine
        var delivery: PendingDelivery
        let purpose: Purpose
    }

    /// The closing of a batch.
    struct Settling {
        let supervisor: String?
        var machine = SettlementMachine()
        /// Whether the queue is being emptied before the batch is counted.
        var isEmptying = false
        var batch: BatchNumber
        var payments: [PaymentState]
    }

    /// A request whose reply is awaited.
    struct Underway {
        enum Purpose {
            case signIn
            case signOff
            case echo
            case delivery
            case payment(RequestID)
            case totals(Settlement)
            case upload
        }
        let exchange: Exchange
        let number: Int
        let purpose: Purpose
    }

    var running: Running?
    var isSignedIn: Bool
    var isStopping = false
    var padHasKey = false
    var preparation: Preparation?
    var waiters: [Waiter] = []
    var delivering: Delivering?
    var settling: Settling?
    var isSettling: Bool
    var underway: Underway?
    /// A script result that was not answered is left alone until this millisecond.
    var scriptsRestUntil = 0
    var wantsSignIn = false
    /// Which background attempt counts, and how long it waits after a failure.
    var background = 0
    var backoff = Backoff()
    var restsUntil = 0
    /// For the canary that counts numbers in memory.
    var nextNumber = STAN.first
}
