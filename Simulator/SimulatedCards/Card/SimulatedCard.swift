import EMV
import Wire

/// An EMV card or phone: command APDUs in, responses out (EMV 4.4 Books 1–3, EMV Contactless Books B and C). A value: copy it, and both copies go on
/// alike. It holds no reader and knows no time; its random numbers come from its seed.
public struct SimulatedCard: Sendable {
    /// What the card is.
    public let profile: CardProfile
    /// Applications with their counters, which outlive a reset.
    var applications: [CardApplicationState]
    /// What a reset forgets.
    var session: CardSession
    /// Set by the profile or by the issuer's CARD BLOCK.
    var isBlocked: Bool
    var random: SeededBytes

    /// A card of this profile, reached on its first interface, or on `interface`, until it is reset on the other; the same seed
    /// makes the same card. Throws where the profile cannot be personalised.
    public init(
        _ profile: CardProfile, seed: UInt64 = 1, on interface: CardInterface? = nil
    ) throws(CardError) {
        self.profile = profile
        session = CardSession(interface ?? profile.interfaces.first ?? .contact)
        isBlocked = profile.isBlocked
        random = SeededBytes(seed: seed)
        var applications: [CardApplicationState] = []
        for application in profile.applications {
            applications.append(try CardApplicationState(application, habit: profile.habit))
        }
        self.applications = applications
    }

    /// Answer to reset: T=1 or T=0 by the profile, with `TENDER` as historical bytes (ISO/IEC 7816-3, 8). On the
    /// contactless interface what a reader makes of the card's historical bytes (PC/SC 2 part 3, 3.1.3.2.3.1).
    public var answerToReset: [UInt8] {
        let historical = Array("TENDER".utf8)
        let count = UInt8(truncatingIfNeeded: historical.count)
        if session.interface == .contactless {
            let characters = [0x80 | count, 0x80, 0x01] + historical
            return [0x3B] + characters + [characters.reduce(0, ^)]
        }
        switch profile.transmission {
        case .t0:
            return [0x3B, 0x60 | count, 0x00, 0x00] + historical
        case .t1:
            let characters = [0xE0 | count, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45] + historical
            return [0x3B] + characters + [characters.reduce(0, ^)]
        }
    }

    /// Powers the card up anew: counters stay, everything of the running payment is forgotten. Between two taps the holder of
    /// a phone does what it asked for.
    public mutating func reset() { reset(session.interface) }

    /// Powers the card up anew on this interface.
    public mutating func reset(_ interface: CardInterface) {
        session = CardSession(interface)
        for index in applications.indices { applications[index].followInstructions() }
    }

    /// The answer to a command APDU. Never traps, whatever the bytes.
    public mutating func handle(_ command: [UInt8]) -> Answer {
        let instruction = command.count > 1 ? command[1] : nil
        let count = session.count(instruction)
        let reactions = profile.habit.reactions(to: instruction, count: count.ofInstruction, total: count.total)
        for reaction in reactions {
            switch reaction {
            case .silence: return .silence
            case .removal: return .removed
            case .noise: return .response(random.next(Int(random.next(1).reduce(0, ^)) % 40))
            case .answer(let bytes): return .response(bytes)
            case .shortened, .replaced: break
            }
        }
        let isInPieces = profile.transmission == .t0 && session.interface == .contact
        let response = isInPieces ? performInPieces(command) : perform(command)
        return .response(reactions.reduce(response.bytes) { $1.changed($0) })
    }

    /// T=0 (EMV 4.4 Book 1, 9.3.1): data waits for GET RESPONSE, lengths must be exact.
    private mutating func performInPieces(_ bytes: [UInt8]) -> Response {
        let waiting = session.waiting
        session.waiting = nil
        guard let command = CommandAPDU(bytes: bytes) else { return Response([], .wrongLength) }
        let whole: Response
        if command.cla == 0x00, command.ins == 0xC0 {
            guard let waiting else { return Response([], .conditionsNotSatisfied) }
            whole = waiting
        } else {
            whole = perform(bytes)
            if whole.data.isEmpty { return whole }
            guard command.data.isEmpty else {
                session.waiting = whole
                return Response([], .bytesWait(whole.data.count))
            }
        }
        guard command.expectedLength == whole.data.count else {
            session.waiting = whole
            return Response([], .exactLength(whole.data.count))
        }
        return whole
    }

    private mutating func perform(_ bytes: [UInt8]) -> Response {
        guard let command = CommandAPDU(bytes: bytes) else { return Response([], .wrongLength) }
        switch (command.cla, command.ins) {
        case (0x00, 0xA4): return select(command)
        case (0x00, 0xB2): return readRecord(command)
        case (0x80, 0xA8):
            return session.interface == .contactless
                ? withApplication { $0.getContactlessOptions(command, random: &$1) }
                : withApplication { application, _ in application.getProcessingOptions(command) }
        case (0x80, 0xCA): return withApplication { application, _ in application.getData(command) }
        case (0x00, 0x20): return withApplication { application, _ in application.verify(command) }
        case (0x00, 0x88): return withApplication { $0.internalAuthenticate(command, random: &$1) }
        case (0x00, 0x82): return withApplication { application, _ in application.externalAuthenticate(command) }
        case (0x80, 0xAE):
            return session.interface == .contactless
                ? withApplication { $0.generateContactlessCryptogram(command, random: &$1) }
                : withApplication { $0.generateCryptogram(command, random: &$1) }
        case (0x80, 0xD0) where session.interface == .contactless:
            return withApplication { application, _ in application.recoverCryptogram(command) }
        case (0x00, 0x84):
            if case .application = session.selection {
                return withApplication { $0.getChallenge(command, random: &$1) }
            }
            guard command.p1 == 0, command.p2 == 0, command.data.isEmpty else { return Response([], .wrongParameters) }
            return Response(random.next(8))
        case (0x84, 0x16), (0x8C, 0x16):
            let response = withApplication { application, _ in application.script(command) }
            if response.status == .success { isBlocked = true }
            return response
        case (0x84, 0x18), (0x84, 0x1E), (0x84, 0x24), (0x84, 0xDA), (0x8C, 0x18), (0x8C, 0x1E), (0x8C, 0x24),
            (0x8C, 0xDA), (0x04, 0xDA):
            return withApplication { application, _ in application.script(command) }
        case (0x00, _), (0x04, _), (0x80, _), (0x84, _), (0x8C, _): return Response([], .instructionNotSupported)
        default: return Response([], .classNotSupported)
        }
    }

    /// Lets the selected application answer; without one the command comes too early.
    mutating func withApplication(
        _ body: (inout CardApplicationState, inout SeededBytes) -> Response
    ) -> Response {
        guard case .application(let index) = session.selection, applications.indices.contains(index) else {
            return Response([], .conditionsNotSatisfied)
        }
        return body(&applications[index], &random)
    }
}
