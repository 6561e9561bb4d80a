/// Field 62 of status upload and parameter transfer: values of fixed length, each after a code of two digits.
public struct CodedValues: Equatable, Sendable {
    /// One value after its code.
    public struct Item: Equatable, Sendable {
        /// Two digits.
        public let code: String
        /// The value in ASCII or GBK.
        public let value: [UInt8]

        /// A value after its code.
        public init(_ code: String, _ value: some Sequence<UInt8>) {
            self.code = code
            self.value = Array(value)
        }
    }

    /// The values in order.
    public let items: [Item]
    /// Bytes from the first code on whose length nobody told; they survive as they are.
    public let rest: [UInt8]

    /// The given values.
    public init(_ items: [Item], rest: [UInt8] = []) {
        self.items = items
        self.rest = rest
    }

    /// Lengths of the terminal's status values: 01 keyboard, 02 PIN pad, 03 reader, 04 printer, 05 screen.
    public static let status = ["01": 1, "02": 1, "03": 1, "04": 1, "05": 1]
    /// Lengths of the terminal's parameters, from 11 application type to 26 supported transactions.
    public static let parameters = [
        "11": 2, "12": 2, "13": 1, "14": 14, "15": 14, "16": 14, "17": 14, "18": 1, "19": 2, "20": 1, "21": 1,
        "22": 40, "23": 1, "24": 1, "25": 1, "26": 4,
    ]

    /// Reads field 62 with the given lengths for each code.
    public init(decoding bytes: some Collection<UInt8>, lengths: [String: Int]) throws(MessageError) {
        let bytes = Array(bytes)
        var items: [Item] = []
        var position = 0
        while bytes.count - position >= 2 {
            let code = String(decoding: bytes[position..<position + 2], as: UTF8.self)
            guard let length = lengths[code] else { break }
            guard bytes.count - position - 2 >= length else {
                throw MessageError(.truncated, at: position + 2, in: "F62.\(code)")
            }
            items.append(Item(code, bytes[position + 2..<position + 2 + length]))
            position += 2 + length
        }
        self.items = items
        rest = Array(bytes[position...])
    }

    /// Field 62.
    public var encoded: [UInt8] { items.flatMap { Array($0.code.utf8) + $0.value } + rest }
}
