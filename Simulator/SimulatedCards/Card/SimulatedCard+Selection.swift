import EMV
import Wire

/// Selection and records (EMV 4.4 Book 1, 11 and 12; Book 3, 6.5.11; EMV Contactless Book B, 3.3).
extension SimulatedCard {
    /// SELECT by name (Book 1, 11.3): the directory, or an application whose identifier begins so.
    mutating func select(_ command: CommandAPDU) -> Response {
        guard !isBlocked else { return Response([], .functionNotSupported) }
        guard command.p1 == 0x04, command.p2 == 0x00 || command.p2 == 0x02 else {
            return Response([], .wrongParameters)
        }
        let isNext = command.p2 == 0x02
        if command.data == Self.directoryName(session.interface), !isNext {
            guard profile.hasDirectory else { return Response([], .fileNotFound) }
            session.selection = .directory
            return Response(directory)
        }
        var first = 0
        if isNext, case .application(let current) = session.selection { first = current + 1 }
        let found = applications.indices.dropFirst(first).first {
            (5...16).contains(command.data.count) && applications[$0].isReached(session.interface)
                && applications[$0].profile.aid.starts(with: command.data)
        }
        guard let found else { return Response([], .fileNotFound) }
        session.selection = .application(found)
        applications[found].beginSession()
        return applications[found].controlInformation(session.interface)
    }

    /// READ RECORD.
    func readRecord(_ command: CommandAPDU) -> Response {
        guard command.p2 & 0x07 == 0x04, command.data.isEmpty else { return Response([], .wrongParameters) }
        let file = command.p2 >> 3
        switch session.selection {
        case .directory where session.interface == .contact:
            guard file == 1 else { return Response([], .fileNotFound) }
            let reached = applications.filter { $0.isReached(.contact) }
            let index = Int(command.p1) - 1
            guard reached.indices.contains(index) else { return Response([], .recordNotFound) }
            let entry = TLV(.applicationTemplate, reached[index].directoryEntry)
            return Response(TLV(.record, entry.encoded).encoded)
        case .application(let index) where applications.indices.contains(index):
            return applications[index].record(file: file, number: command.p1, session.interface)
        default:
            return Response([], .conditionsNotSatisfied)
        }
    }

    /// File control information of the directory: over the contacts it says where the entries are, without them it holds
    /// them.
    private var directory: [UInt8] {
        let content: [TLV] =
            switch session.interface {
            case .contact:
                [
                    TLV(.shortFileIdentifier, [0x01]), TLV(.languagePreference, Array("zhen".utf8)),
                    TLV(.issuerCodeTable, [0x01]),
                ]
            case .contactless:
                [
                    TLV(
                        .fciDiscretionary,
                        TLV.encode(
                            applications.filter { $0.isReached(.contactless) }
                                .map { TLV(.applicationTemplate, $0.contactlessDirectoryEntry) }))
                ]
            }
        let name = TLV(.dedicatedFileName, Self.directoryName(session.interface))
        return TLV(.fciTemplate, TLV.encode([name, TLV(.fciProprietary, TLV.encode(content))])).encoded
    }

    private static func directoryName(_ interface: CardInterface) -> [UInt8] {
        Array((interface == .contact ? "1PAY.SYS.DDF01" : "2PAY.SYS.DDF01").utf8)
    }
}
