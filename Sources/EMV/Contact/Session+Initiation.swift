import Wire

// Initiate application processing (EMV 4.4 Book 3, 10.1).
extension Session {
    /// Sends GET PROCESSING OPTIONS. `selection` is where to go on if the card refuses this application.
    consuming func initiate(otherwise selection: Selection) throws(KernelFailure) -> ContactKernel.Next {
        do throws(WireError) { pdolValues = try DOL(pdol ?? []).values(value) } catch {
            throw KernelFailure(.badData, "the PDOL is no data object list", "Book 3, 10.1")
        }
        guard let command = CommandAPDU.getProcessingOptions(pdolValues) else {
            throw KernelFailure(.badData, "the PDOL asks for too much", "Book 3, 10.1")
        }
        return transmit(command, .processingOptions(selection))
    }

    mutating func receiveProcessingOptions(
        _ response: Response, otherwise selection: Selection
    ) throws(KernelFailure) -> ContactKernel.Next {
        if response.status == .conditionsNotSatisfied {
            var selection = selection
            return try selection.chooseAnother(than: application)
        }
        guard response.status == .success else {
            throw KernelFailure(.badStatus, "GET PROCESSING OPTIONS: \(response.status)", "Book 3, 10.1")
        }
        let locator = try readProcessingOptions(response.data)
        guard let locations = RecordLocation.list(locator) else {
            throw KernelFailure(.badData, "a wrong application file locator", "Book 3, 10.2")
        }
        return try readRecords(locations)
    }

    /// Keeps the interchange profile and returns the file locator, of either format (Book 3, 6.5.8.4).
    private mutating func readProcessingOptions(_ data: [UInt8]) throws(KernelFailure) -> ArraySlice<UInt8> {
        let clause = "Book 3, 6.5.8.4"
        guard let objects = try? TLV.parse(data), objects.count == 1 else {
            throw KernelFailure(.badData, "unreadable processing options", clause)
        }
        let value = objects[0].value
        switch objects[0].tag {
        case .responseFormat1:
            guard value.count >= 2 else { throw KernelFailure(.badData, "short processing options", clause) }
            try store(TLV(.aip, value.prefix(2)), clause: clause)
            try store(TLV(.afl, value.dropFirst(2)), clause: clause)
        case .responseFormat2:
            guard let parts = try? objects[0].children() else {
                throw KernelFailure(.badData, "unreadable processing options", clause)
            }
            try storeAll(parts, clause: clause)
        default: throw KernelFailure(.badData, "processing options of no known format", clause)
        }
        guard let profile = card[.aip], let locator = card[.afl] else {
            throw KernelFailure(.badData, "82 or 94 is missing", clause)
        }
        aip = AIP(rawValue: UInt16(profile[0]) << 8 | UInt16(profile[1]))
        return locator[...]
    }

    /// Keeps objects of one answer, in which none may occur twice.
    mutating func storeAll(_ objects: [TLV], clause: String) throws(KernelFailure) {
        guard Set(objects.map(\.tag)).count == objects.count else {
            throw KernelFailure(.badData, "a data object occurs twice", clause)
        }
        for object in objects { try store(object, clause: clause) }
    }
}

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
