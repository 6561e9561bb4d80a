/// Decoding that forgives nothing: a key nobody reads is an error, and so is a number out of its range.
extension Decoder {
    /// The container for `Key`, once every key that is there is known to `Key`.
    func strictContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        for key in try container(keyedBy: AnyKey.self).allKeys where Key(stringValue: key.stringValue) == nil {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath + [key], debugDescription: "this key is not known"))
        }
        return try container(keyedBy: type)
    }
}

extension KeyedDecodingContainer {
    /// The value of `key`, or `fallback` where the key is absent.
    func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }

    /// The number of `key`, which must lie in `range`, or `fallback` where the key is absent.
    func number(_ key: Key, in range: ClosedRange<Int>, or fallback: Int? = nil) throws -> Int {
        let found: Int?
        do {
            found = try decodeIfPresent(Int.self, forKey: key) ?? fallback
        } catch let error as DecodingError {
            throw error
        } catch {
            // For a number that is no whole one, or too large, the decoder has an error of its own without a place.
            throw invalid(key, "must be a whole number")
        }
        guard let found else { return try decode(Int.self, forKey: key) }
        guard range.contains(found) else {
            throw invalid(key, "must be \(range.lowerBound) to \(range.upperBound)")
        }
        return found
    }

    /// The value of `key`, one of the words that `Value` has, or `fallback` where the key is absent.
    func choice<Value: CaseIterable & RawRepresentable<String>>(_ key: Key, or fallback: Value? = nil) throws -> Value {
        if let fallback, try decodeIfPresent(String.self, forKey: key) == nil { return fallback }
        guard let value = Value(rawValue: try decode(String.self, forKey: key)) else {
            throw invalid(key, "must be \(Value.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        return value
    }

    /// The text of `key`, which must match `rule`.
    func text(_ key: Key, _ expectation: String, where rule: (String) -> Bool) throws -> String {
        let found = try decode(String.self, forKey: key)
        guard rule(found) else { throw invalid(key, "must be \(expectation)") }
        return found
    }

    /// The text of `key`: so many letters and digits of ASCII.
    func lettersAndDigits(_ key: Key, count: Int) throws -> String {
        try text(key, "\(count) letters or digits") { text in
            text.utf8.count == count && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    /// An error at `key`.
    func invalid(_ key: Key, _ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: reason))
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?
    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }
    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}
