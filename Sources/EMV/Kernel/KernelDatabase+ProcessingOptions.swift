import Wire

// The answer to GET PROCESSING OPTIONS (EMV 4.4 Book 3, 6.5.8).
extension KernelDatabase {
    /// Keeps the interchange profile and returns the file locator, of either format (Book 3, 6.5.8.4).
    mutating func receiveProcessingOptions(_ data: [UInt8]) throws(KernelFailure) -> ArraySlice<UInt8> {
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
