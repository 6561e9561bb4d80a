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
        /// Events that wait while the machine's actions are performed.
        var events: [PaymentMachine.Event] = []
        var isHandling = false
    }

    /// Making the way free: for a payment, or in the background.
    struct Preparation {
        var machine = PreparationMachine()
        let reversals: [PendingReversal]
        var reversal: ReversalMachine?
        var reversing: PendingReversal?
        /// The payment that waits for its end.
        var waiting: RequestID?
    }

    /// A request whose reply is awaited.
    struct Underway {
        enum Purpose {
            case signIn
            case reversal
            case sale(RequestID)

            /// Whether money depends on it.
            var isFinancial: Bool {
                guard case .signIn = self else { return true }
                return false
            }
        }
        let exchange: Exchange
        let number: Int
        let purpose: Purpose
    }

    var running: Running?
    var isSignedIn: Bool
    var padHasKey = false
    var preparation: Preparation?
    var underway: Underway?
    /// Which background attempt counts, and how long it waits after a failure.
    var background = 0
    var pause = 1_000
    /// For the canary that counts numbers in memory.
    var nextNumber = STAN.first
}
