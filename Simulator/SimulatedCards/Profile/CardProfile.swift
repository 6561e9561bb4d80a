public import Payments

/// Everything that makes a simulated card this card, as data.
public struct CardProfile: Equatable, Sendable {
    /// The name by which a person asks for it: `unionpay-debit`.
    public var name: String
    /// What is special about it.
    public var note = BilingualText("", "")
    /// How a sale with it ends over its contacts.
    public var end = CardEnd.approvedOnline
    /// How a sale with it ends without them, where it has that interface.
    public var tapEnd = CardEnd.approvedOnline
    /// Its applications, in the order of its directory.
    public var applications: [ApplicationProfile]
    /// Whether it has a payment system environment (`1PAY.SYS.DDF01`; EMV 4.4 Book 1, 12.2).
    public var hasDirectory: Bool
    /// Whether the issuer has blocked the whole card: every SELECT is answered with `6A81`.
    public var isBlocked: Bool
    /// How it behaves.
    public var habit: CardHabit
    /// The protocol it speaks.
    public var transmission: Transmission

    /// Which transport protocol's habits the card shows (EMV 4.4 Book 1, 9).
    public enum Transmission: Sendable {
        /// T=0: an answer to a command with data is fetched by GET RESPONSE after `61xx`; a wrong expected length gets `6Cxx`.
        case t0
        /// T=1: every answer comes whole.
        case t1
    }

    /// A card of these applications.
    public init(
        name: String, applications: [ApplicationProfile], hasDirectory: Bool = true, isBlocked: Bool = false,
        habit: CardHabit = .good, transmission: Transmission = .t1
    ) {
        self.name = name
        self.applications = applications
        self.hasDirectory = hasDirectory
        self.isBlocked = isBlocked
        self.habit = habit
        self.transmission = transmission
    }

    /// The ways to it: contacts first.
    public var interfaces: [CardInterface] {
        CardInterface.allCases.filter { interface in
            applications.contains { interface == .contact ? $0.hasContacts : $0.contactless != nil }
        }
    }

    /// This card with another habit.
    public func with(_ habit: CardHabit) -> CardProfile {
        var copy = self
        copy.habit = habit
        return copy
    }
}
