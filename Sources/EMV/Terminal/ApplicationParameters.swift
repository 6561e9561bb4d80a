/// What the acquirer loaded for one application (UnionPay's parameter download, F62 of 380).
public struct ApplicationParameters: Equatable, Sendable {
    /// Application identifier (9F06), 5–16 bytes.
    public var aid: [UInt8]
    /// Whether longer names on the card that begin with `aid` are accepted too (DF01).
    public var allowsPartialMatch: Bool = true
    /// Application version number (9F09), two bytes.
    public var version: UInt16 = 0x0020
    /// Terminal action code - denial (DF13).
    public var tacDenial: TVR
    /// Terminal action code - online (DF12).
    public var tacOnline: TVR
    /// Terminal action code - default (DF11).
    public var tacDefault: TVR
    /// Terminal floor limit (9F1B) in minor units; from this amount on the issuer is asked. Zero: always.
    public var floorLimit: Int64 = 0
    /// Random selection below the floor limit.
    public var randomSelection = RandomSelection()
    /// Default dynamic data authentication list (DF14).
    public var defaultDDOL: [UInt8] = [0x9F, 0x37, 0x04]
    /// Default transaction certificate list; empty for none.
    public var defaultTDOL: [UInt8] = []

    /// Parameters of these parts; the rest has defaults and can be set. Action codes that the acquirer does not give are
    /// those of Book 3, 10.7.
    public init(
        aid: [UInt8], tacDenial: TVR = [], tacOnline: TVR = .defaultActionCode, tacDefault: TVR = .defaultActionCode
    ) {
        self.aid = aid
        self.tacDenial = tacDenial
        self.tacOnline = tacOnline
        self.tacDefault = tacDefault
    }

    /// How many transactions below the floor limit go online by chance (EMV 4.4 Book 3, 10.6.2).
    public struct RandomSelection: Equatable, Sendable {
        /// From this amount on, in minor units, the chance grows towards `maximumPercent` (DF15).
        public var threshold: Int64 = 0
        /// Chance below the threshold, 0–99 percent (DF17).
        public var targetPercent: Int = 0
        /// Chance just below the floor limit, 0–99 percent (DF16).
        public var maximumPercent: Int = 0

        /// No random selection; every part can be set.
        public init() {}
    }

    /// What of these contradicts itself, in words; nil if nothing does.
    public var contradiction: String? {
        let random = randomSelection
        if random.targetPercent > random.maximumPercent {
            return "the target of random selection (\(random.targetPercent) %) is above its maximum "
                + "(\(random.maximumPercent) %)"
        }
        if floorLimit > 0, random.threshold > floorLimit {
            return "the threshold of random selection is above the floor limit"
        }
        guard let list = try? DOL(defaultDDOL), list.contains(.unpredictableNumber) else {
            return "the default DDOL does not ask for the unpredictable number (9F37)"
        }
        guard (try? DOL(defaultTDOL)) != nil else { return "the default TDOL is no list of tags and lengths" }
        return nil
    }

    /// Whether the card's application name is one of these.
    func matches(_ name: some Collection<UInt8>) -> Bool {
        name.elementsEqual(aid) || (allowsPartialMatch && name.starts(with: aid))
    }
}
