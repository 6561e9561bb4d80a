/// One record that the application file locator names.
struct RecordLocation: Equatable, Sendable {
    let sfi: UInt8
    let number: UInt8
    /// Whether it is part of the data to be authenticated.
    let isAuthenticated: Bool

    /// The records of a file locator, in order; nil if it breaks the rules of Book 3, 10.2.
    static func list(_ locator: ArraySlice<UInt8>) -> [RecordLocation]? {
        guard !locator.isEmpty, locator.count % 4 == 0 else { return nil }
        var locations: [RecordLocation] = []
        for start in stride(from: locator.startIndex, to: locator.endIndex, by: 4) {
            let (file, first, last) = (locator[start], locator[start + 1], locator[start + 2])
            let authenticated = Int(locator[start + 3])
            guard file & 0x07 == 0, (1...30).contains(file >> 3), first >= 1, last >= first,
                authenticated <= Int(last - first) + 1
            else { return nil }
            for number in first...last {
                locations.append(
                    RecordLocation(
                        sfi: file >> 3, number: number, isAuthenticated: Int(number - first) < authenticated))
            }
        }
        return locations
    }
}
