import Payments
import Wire

/// An application on the card with the kernel that serves it (EMV Contactless Book B, 3.3.2).
struct ContactlessCandidate: Equatable, Sendable {
    let application: CandidateApplication
    /// The reader's combination, its qualifiers those of this payment.
    let combination: Combination
    /// Extended selection (9F29), appended to the name when the application is selected; empty for none.
    let extendedSelection: [UInt8]
}

/// Combination selection: finds the applications that card and reader share, and opens the best (Book B, 3.3).
struct ContactlessSelection: Equatable, Sendable {
    /// What pre-processing left, in the terminal's order of preference.
    let combinations: [Combination]
    /// What is still to be tried, the best first.
    private(set) var candidates: [ContactlessCandidate] = []

    static let directoryName = Array("2PAY.SYS.DDF01".utf8)

    init(_ combinations: [Combination]) { self.combinations = combinations }

    /// Takes the directory's file control information. What cannot be read leaves no candidate.
    mutating func receiveDirectory(_ response: Response) {
        candidates = []
        guard response.status == .success, let fci = FileControlInformation(response.data) else { return }
        let found = fci.discretionary.filter { $0.tag == .applicationTemplate }.compactMap { candidate($0) }
        candidates = found.inPreference(\.application)
    }

    private func candidate(_ entry: TLV) -> ContactlessCandidate? {
        guard let objects = try? entry.children() else { return nil }
        let value = { (tag: TLV.Tag) in objects.first { $0.tag == tag }.map { Array($0.value) } }
        guard let name = value(.aid), (5...16).contains(name.count),
            let kernel = Self.requestedKernel(value(.kernelIdentifier) ?? [], name),
            let combination = combination(for: name, kernel)
        else { return nil }
        let priority = value(.applicationPriority)?.first ?? 0
        let label = PrintableText.decode(value(.applicationLabel) ?? [])
        return ContactlessCandidate(
            application: CandidateApplication(
                application: CardApplication(aid: Hex.encode(name), label: label.isEmpty ? Hex.encode(name) : label),
                aid: name, priority: Int(priority & 0x0F), requiresConfirmation: false,
                parameters: combination.parameters),
            combination: combination,
            extendedSelection: combination.usesExtendedSelection ? value(.extendedSelection) ?? [] : [])
    }

    /// The combination for a name on the card: an exact name first, else the longest that the name begins with.
    private func combination(for name: [UInt8], _ kernel: RequestedKernel) -> Combination? {
        combinations.enumerated().filter { $0.element.parameters.matches(name) && kernel.accepts($0.element.kernel) }
            .max {
                ($0.element.parameters.aid.count, -$0.offset) < ($1.element.parameters.aid.count, -$1.offset)
            }?.element
    }

    /// Which kernel the card asks for.
    enum RequestedKernel: Equatable {
        case any
        case number(UInt8)

        func accepts(_ kernel: ContactlessKernelID) -> Bool {
            switch self {
            case .any: true
            case .number(let number): number == kernel.rawValue
            }
        }
    }

    /// Reads the kernel identifier (9F2A); without one the payment system of the name decides. Nil for the domestic kernels,
    /// for this reader has none (3.3.2.5).
    static func requestedKernel(_ identifier: [UInt8], _ name: [UInt8]) -> RequestedKernel? {
        guard let first = identifier.first else {
            return ContactlessKernelID(ofScheme: name).map { .number($0.rawValue) } ?? .any
        }
        guard first & 0x80 == 0, identifier.count <= 8 else { return nil }
        return first == 0 ? .any : .number(first)
    }

    /// The command that opens the best candidate; nil if none is left (3.3.3).
    var select: CommandAPDU? {
        candidates.first.map { .select($0.application.aid + $0.extendedSelection) }
    }

    /// Opens the best candidate. Without its file control information it is passed over: the next one is to be selected.
    mutating func open(_ response: Response) -> (ContactlessCandidate, FileControlInformation)? {
        guard let best = candidates.first else { return nil }
        candidates.removeFirst()
        guard response.status == .success, let fci = FileControlInformation(response.data),
            fci.name.starts(with: best.application.aid)
        else { return nil }
        return (best, fci)
    }
}
