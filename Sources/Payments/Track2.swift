/// Track 2 equivalent data: PAN, separator, expiry, service code, discretionary data (ISO/IEC 7813). Prints masked.
public struct Track2: Equatable, Sendable {
    private let secret: SecretBytes
    /// The account number.
    public let pan: PAN
    /// Expiry of the card; nil where the track leaves it out.
    public let expiry: ExpiryDate?
    /// The three-digit service code; nil where the track leaves it out.
    public let serviceCode: String?

    /// Reads digits with `=` or `D` as separator, at most 37 characters, `F` padding dropped.
    public init?(_ text: some StringProtocol) {
        let kept = text.utf8.reversed().drop { $0 == 0x46 || $0 == 0x66 }.reversed()
            .map { $0 == 0x44 || $0 == 0x64 ? 0x3D : $0 }
        guard kept.count <= 37, kept.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x3D }) else { return nil }
        let parts = kept.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].contains(0x3D), let pan = PAN(String(decoding: parts[0], as: UTF8.self))
        else { return nil }
        let tail = String(decoding: parts[1], as: UTF8.self)
        self.pan = pan
        expiry = ExpiryDate(yearMonth: tail.prefix(4))
        serviceCode = tail.count >= 7 ? String(tail.dropFirst(4).prefix(3)) : nil
        secret = SecretBytes(kept)
    }

    /// The whole track in clear with `=` as separator (M8: never to a disk, a log or a register).
    public var text: String { secret.withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension Track2: CustomStringConvertible, CustomDebugStringConvertible {
    /// The masked account number alone.
    public var description: String { "\(pan.masked)=…" }
    /// The masked account number alone.
    public var debugDescription: String { description }
}
