import EMV
import Wire

/// An EMV contact card: command APDUs in, responses out (EMV 4.4 Books 1–3). A value: copy it, and both copies go on
/// alike. It holds no reader and knows no time; its random numbers come from its seed.
public struct SimulatedCard: Sendable {
    /// What the card is.
    public let profile: CardProfile
    /// Applications with their counters, which outlive a reset.
    var applications: [CardApplicationState]
    /// What a reset forgets.
    var session = CardSession()
    /// Set by the profile or by the issuer's CARD BLOCK.
    var isBlocked: Bool
    var random: SeededBytes

    /// A card of this profile; the same seed makes the same card. Throws where the profile cannot be personalised.
    public init(_ profile: CardProfile, seed: UInt64 = 1) throws(CardError) {
        self.profile = profile
        isBlocked = profile.isBlocked
        random = SeededBytes(seed: seed)
        var applications: [CardApplicationState] = []
        for application in profile.applications {
            applications.append(try CardApplicationState(application, habit: profile.habit))
        }
        self.applications = applications
    }

    /// Answer to reset: T=1 or T=0 by the profile, with `TENDER` as historical bytes (ISO/IEC 7816-3, 8).
    public var answerToReset: [UInt8] {
        let historical = Array("TENDER".utf8)
        let count = UInt8(truncatingIfNeeded: historical.count)
        switch profile.transmission {
        case .t0:
            return [0x3B, 0x60 | count, 0x00, 0x00] + historical
        case .t1:
            let characters = [0xE0 | count, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45] + historical
            return [0x3B] + characters + [characters.reduce(0, ^)]
        }
    }

    /// Powers the card up anew: counters stay, everything of the running payment is forgotten.
    public mutating func reset() { session = CardSession() }

    /// The answer to a command APDU. Never traps, whatever the bytes.
    public mutating func handle(_ command: [UInt8]) -> Answer {
        session.commands += 1
        switch profile.habit {
        case .mute(let from) where session.commands >= from: return .silence
        case .removed(let at) where session.commands >= at: return .removed
        case .nonsense(let from) where session.commands >= from:
            let length = Int(random.next(1).reduce(0, ^)) % 40
            return .response(random.next(length))
        case .moreDataForEver(let from) where session.commands >= from: return .response([0x61, 0x10])
        default: break
        }
        switch profile.transmission {
        case .t1: return .response(perform(command).bytes)
        case .t0: return .response(performInPieces(command).bytes)
        }
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
        case (0x80, 0xA8): return withApplication { application, _ in application.getProcessingOptions(command) }
        case (0x80, 0xCA): return withApplication { application, _ in application.getData(command) }
        case (0x00, 0x20): return withApplication { application, _ in application.verify(command) }
        case (0x00, 0x88): return withApplication { $0.internalAuthenticate(command, random: &$1) }
        case (0x00, 0x82): return withApplication { application, _ in application.externalAuthenticate(command) }
        case (0x80, 0xAE): return withApplication { $0.generateCryptogram(command, random: &$1) }
        case (0x00, 0x84):
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
    private mutating func withApplication(
        _ body: (inout CardApplicationState, inout SeededBytes) -> Response
    ) -> Response {
        guard case .application(let index) = session.selection, applications.indices.contains(index) else {
            return Response([], .conditionsNotSatisfied)
        }
        return body(&applications[index], &random)
    }

    /// SELECT by name (Book 1, 11.3): the directory, or an application whose identifier begins so.
    private mutating func select(_ command: CommandAPDU) -> Response {
        guard !isBlocked else { return Response([], .functionNotSupported) }
        guard command.p1 == 0x04, command.p2 == 0x00 || command.p2 == 0x02 else {
            return Response([], .wrongParameters)
        }
        let isNext = command.p2 == 0x02
        if command.data == Self.directoryName, !isNext {
            guard profile.hasDirectory else { return Response([], .fileNotFound) }
            session.selection = .directory
            return Response(
                TLV(
                    .fciTemplate,
                    TLV.encode([
                        TLV(.dedicatedFileName, Self.directoryName),
                        TLV(
                            0xA5,
                            TLV.encode([
                                TLV(.shortFileIdentifier, [0x01]), TLV(.languagePreference, Array("zhen".utf8)),
                                TLV(.issuerCodeTable, [0x01]),
                            ])),
                    ])
                ).encoded)
        }
        var first = 0
        if isNext, case .application(let current) = session.selection { first = current + 1 }
        let found = applications.indices.dropFirst(first).first {
            (5...16).contains(command.data.count) && applications[$0].profile.aid.starts(with: command.data)
        }
        guard let found else { return Response([], .fileNotFound) }
        session.selection = .application(found)
        applications[found].beginSession()
        return applications[found].controlInformation
    }

    /// READ RECORD (Book 3, 6.5.11).
    private func readRecord(_ command: CommandAPDU) -> Response {
        guard command.p2 & 0x07 == 0x04, command.data.isEmpty else { return Response([], .wrongParameters) }
        let file = command.p2 >> 3
        switch session.selection {
        case .directory:
            guard file == 1 else { return Response([], .fileNotFound) }
            let index = Int(command.p1) - 1
            guard applications.indices.contains(index) else { return Response([], .recordNotFound) }
            let entry = TLV(.applicationTemplate, applications[index].directoryEntry)
            return Response(TLV(.record, entry.encoded).encoded)
        case .application(let index) where applications.indices.contains(index):
            return applications[index].record(file: file, number: command.p1)
        default:
            return Response([], .conditionsNotSatisfied)
        }
    }

    private static let directoryName = Array("1PAY.SYS.DDF01".utf8)
}
