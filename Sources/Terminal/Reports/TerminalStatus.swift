import HAL
public import Payments

/// What a technician sees first.
public struct TerminalStatus: Codable, Sendable, Equatable {
    /// One device.
    public struct Device: Codable, Sendable, Equatable {
        /// What it is there for: reader, PIN pad, printer.
        public let role: String
        /// The device's own name.
        public let name: String
        /// Whether it can be used now.
        public let isReady: Bool
        /// What is wrong or worth knowing.
        public let note: String
        /// The same for cashiers, where they can do something about it.
        public let text: BilingualText?

        init(_ role: String, _ status: DeviceStatus) {
            self.role = role
            name = status.name
            isReady = status.isReady
            note = status.note
            text = status.text
        }
    }

    /// One reversal that the acquirer has not settled.
    public struct OpenReversal: Codable, Sendable, Equatable {
        /// The register's request.
        public let id: String
        /// Field 11.
        public let stan: String
        /// How often the acquirer refused it.
        public let refusals: Int
        /// Whether new payments wait for it.
        public let holdsPayments: Bool
    }

    /// The daemon's version.
    public let version: String
    /// `live` or `simulation`.
    public let mode: String
    /// Field 41.
    public let terminal: String
    /// Field 42.
    public let merchant: String
    /// Whether working keys are there.
    public let isSignedIn: Bool
    /// The batch, six digits.
    public let batch: String
    /// The next STAN, six digits.
    public let nextSTAN: String
    /// The payment that runs, if one does.
    public let running: String?
    /// Reader, PIN pad, printer.
    public let devices: [Device]
    /// Why the acquirer could not be reached the last time; nil when it could.
    public let acquirerProblem: String?
    /// Reversals that wait, oldest first.
    public let openReversals: [OpenReversal]
    /// Whether the batch is being closed: no payment until it is.
    public let isSettling: Bool
    /// When the last batch was closed; nil if none was.
    public let lastSettled: String?
    /// Stored payments that wait for the acquirer.
    public let stored: Int
    /// Whether the operator holds them back.
    public let isQueuePaused: Bool
    /// Whether the oldest of them waits longer than it should.
    public let isQueueOverdue: Bool
    /// What the acquirer refused and nobody has settled: stored payments and reversals.
    public let refused: Int
    /// Whether the shop has operators; without them, nobody can allow a void, a refund or a settlement.
    public let hasOperators: Bool
    /// The acquirer's clock less the shop's, in seconds; 0 before the acquirer has told its time.
    public let acquirerClockSeconds: Int
    /// Records in the journal.
    public let records: Int
}
