import Payments
import Wire

/// Decoding that forgives nothing: a key nobody reads is an error, and so is a number out of its range.
extension Decoder {
    /// The container for `Key`, once every key that is there is known to `Key`.
    func strictContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try checkKeys { Key(stringValue: $0) != nil }
        return try container(keyedBy: type)
    }

    /// Throws unless every key of the object is one of `names`: for an object that two readers share.
    func checkKeys(_ names: [String]) throws { try checkKeys { names.contains($0) } }

    private func checkKeys(isKnown: (String) -> Bool) throws {
        for key in try container(keyedBy: AnyKey.self).allKeys where !isKnown(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath + [key], debugDescription: "this key is not known"))
        }
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

    /// The amount of `key` in minor units: a text in major units of the file's currency, `88.80`, within twelve digits and
    /// not below `least`; or `fallback` where the key is absent.
    func amount(
        _ key: Key, in decoder: any Decoder, atLeast least: Int64 = 0, or fallback: Int64? = nil
    ) throws -> Int64 {
        if let fallback, !contains(key) { return fallback }
        let currency = decoder.userInfo[.configurationCurrency] as? Currency ?? .cny
        let units: Int64
        do {
            units = try Money(try decode(String.self, forKey: key), currency).minorUnits
        } catch let error as MoneyError {
            throw invalid(key, "must be an amount of \(currency.code): \(error.words)")
        }
        guard (least...999_999_999_999).contains(units) else {
            let bound = least == 0 ? "zero or more" : "more than zero"
            throw invalid(key, "must be \(bound) and have 12 digits at most")
        }
        return units
    }

    /// The same, nil where the key is absent.
    func amountIfPresent(_ key: Key, in decoder: any Decoder) throws -> Int64? {
        contains(key) ? try amount(key, in: decoder) : nil
    }

    /// Bytes in hexadecimal, their number within `count`.
    func hex(_ key: Key, _ count: ClosedRange<Int>) throws -> [UInt8] {
        let found = try? Hex.decode(try decode(String.self, forKey: key))
        let size =
            count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        guard let found, count.contains(found.count) else {
            throw contains(key)
                ? invalid(key, "must be \(size) \(count == 1...1 ? "byte" : "bytes") in hexadecimal")
                : DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
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

    /// The list of `key`, at least one of the words that `Value` has and none twice, or `fallback` where the key is absent.
    func choices<Value: CaseIterable & RawRepresentable<String> & Equatable>(
        _ key: Key, or fallback: [Value]
    ) throws -> [Value] {
        guard let words = try decodeIfPresent([String].self, forKey: key) else { return fallback }
        var values: [Value] = []
        for (index, word) in words.enumerated() {
            guard let value = Value(rawValue: word), !values.contains(value) else {
                let all = Value.allCases.map(\.rawValue).joined(separator: " or ")
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: codingPath + [key, AnyKey(intValue: index)],
                        debugDescription: Value(rawValue: word) == nil ? "must be \(all)" : "stands above already"))
            }
            values.append(value)
        }
        guard !values.isEmpty else { throw invalid(key, "must name at least one") }
        return values
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

    /// First digits of account numbers, 6 to 19 each; none where the key is absent.
    func accountNumbers(_ key: Key) throws -> [String] {
        let numbers = try value(key, or: [String]())
        if let index = numbers.firstIndex(where: { !$0.isAccountPrefix }) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath + [key, AnyKey(intValue: index)], debugDescription: "must be 6 to 19 digits")
            )
        }
        return numbers
    }

    /// An error at `key`.
    func invalid(_ key: Key, _ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: reason))
    }

    /// An error at the key `name` of the entry `index` of a list.
    func invalid(_ list: Key, at index: Int, _ name: String, _ reason: String) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: codingPath + [list, AnyKey(intValue: index), AnyKey(stringValue: name)],
                debugDescription: reason))
    }
}

extension Decoder {
    /// An error at the object that is read.
    func invalid(_ reason: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: reason))
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

extension String {
    /// Whether these are 6 to 19 decimal digits, the beginning of an account number or a whole one.
    var isAccountPrefix: Bool { (6...19).contains(utf8.count) && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
