/// The simulated cards that a person can ask for by name. UnionPay's account numbers begin with 620000, which no issuer
/// has; the others with numbers that schemes keep for tests.
public enum CardLibrary {
    /// All cards, the good ones first.
    public static let all: [CardProfile] = unionPay + schemes + contactless + broken

    /// The card with this name. A habit may follow after a plus sign: `unionpay-credit+removed@5` (see
    /// `CardHabit.init(name:)`). Nil for names that nobody has.
    public static func card(named name: String) -> CardProfile? {
        let parts = name.split(separator: "+", maxSplits: 1)
        guard let first = parts.first, let profile = all.first(where: { $0.name == first }) else { return nil }
        guard parts.count == 2 else { return profile }
        return CardHabit(name: String(parts[1])).map { profile.with($0) }
    }
}
