/// The closing of a batch, as it was begun.
public struct Settlement: Hashable, Codable, Sendable {
    /// The batch that is closed.
    public let batch: BatchNumber
    /// The number of the settlement message (0500).
    public let stan: STAN
    /// What the terminal counted.
    public let totals: Totals
    /// Two digits of who asked for it; nil if the clock did.
    public let supervisor: String?

    /// A settlement of these parts.
    public init(batch: BatchNumber, stan: STAN, totals: Totals, supervisor: String?) {
        self.batch = batch
        self.stan = stan
        self.totals = totals
        self.supervisor = supervisor
    }

    /// What the acquirer found when it compared the totals with its own.
    public struct Comparison: Hashable, Codable, Sendable {
        /// Whether the totals of domestic cards agree.
        public let domesticAgrees: Bool
        /// Whether the totals of foreign cards agree.
        public let foreignAgrees: Bool

        /// A comparison of the two classes.
        public init(domesticAgrees: Bool, foreignAgrees: Bool) {
            self.domesticAgrees = domesticAgrees
            self.foreignAgrees = foreignAgrees
        }

        /// Whether nothing differs.
        public var agrees: Bool { domesticAgrees && foreignAgrees }
    }
}
