extension EmulatedScanner {
    private static let posDataBytes = 56

    /// Report 2: length, AIM identifier, data, vendor's symbology, reserved, and whether more follow.
    func posReports(_ data: [UInt8], _ symbology: String) -> [[UInt8]] {
        let identifier = habits.tellsSymbology ? Array(symbology.utf8.prefix(3)) : []
        let starts = Array(stride(from: 0, to: max(1, data.count), by: Self.posDataBytes))
        return starts.map { start in
            let part = data[start..<min(data.count, start + Self.posDataBytes)]
            let hasMore = habits.neverEnds || start != starts.last
            return [0x02, UInt8(part.count)] + identifier + [UInt8](repeating: 0, count: 3 - identifier.count) + part
                + [UInt8](repeating: 0, count: Self.posDataBytes - part.count) + [0x73, 0x00, hasMore ? 1 : 0]
        }
    }

    /// A report with the key down and one with none, for each character and the suffix.
    func keyReports(_ data: [UInt8]) -> [[UInt8]] {
        var keys = data.compactMap(Self.key)
        if let suffix = habits.suffixKey { keys.append((code: suffix, hasShift: false)) }
        return keys.flatMap { key in
            let isLetter = (0x04...0x1D).contains(key.code)
            let hasShift = key.hasShift != (isLetter && habits.hasCapsLock)
            return [[hasShift ? 0x02 : 0, 0, key.code, 0, 0, 0, 0, 0], [UInt8](repeating: 0, count: 8)]
        }
    }

    /// The key of a US keyboard (HID usage tables, 10); nil if there is none.
    private static func key(_ character: UInt8) -> (code: UInt8, hasShift: Bool)? {
        switch character {
        case 0x61...0x7A: return (character - 0x61 + 0x04, false)
        case 0x41...0x5A: return (character - 0x41 + 0x04, true)
        case 0x09: return (0x2B, false)
        case 0x0D: return (0x28, false)
        default: break
        }
        for (index, pair) in rows.enumerated() {
            if pair.plain == character { return (UInt8(index) + 0x1E, false) }
            if pair.shifted == character { return (UInt8(index) + 0x1E, true) }
        }
        return nil
    }

    /// Keys 0x1E to 0x38, plain and with Shift; 0 for what types no character.
    private static let rows: [(plain: UInt8, shifted: UInt8)] = Array(
        zip(
            Array("1234567890\0\0\0\0 -=[]\\\0;'`,./".utf8), Array("!@#$%^&*()\0\0\0\0 _+{}|\0:\"~<>?".utf8))
    ).map { ($0, $1) }

    static let posDescriptor: [UInt8] = [
        0x05, 0x8C,  // Usage Page (Bar Code Scanner)
        0x09, 0x02,  // Usage (Bar Code Scanner)
        0xA1, 0x01,  // Collection (Application)
        0x09, 0x12,  //   Usage (Scanned Data Report)
        0xA1, 0x02,  //   Collection (Logical)
        0x85, 0x02,  //     Report ID (2)
        0x15, 0x00,  //     Logical Minimum (0)
        0x26, 0xFF, 0x00,  //     Logical Maximum (255)
        0x75, 0x08,  //     Report Size (8)
        0x95, 0x01,  //     Report Count (1)
        0x05, 0x01,  //     Usage Page (Generic Desktop)
        0x09, 0x3B,  //     Usage (Byte Count)
        0x81, 0x02,  //     Input (Data, Variable, Absolute)
        0x95, 0x03,  //     Report Count (3)
        0x05, 0x8C,  //     Usage Page (Bar Code Scanner)
        0x09, 0xFB,  //     Usage (Symbology Identifier 1)
        0x09, 0xFC,  //     Usage (Symbology Identifier 2)
        0x09, 0xFD,  //     Usage (Symbology Identifier 3)
        0x81, 0x02,  //     Input (Data, Variable, Absolute)
        0x95, 0x38,  //     Report Count (56)
        0x09, 0xFE,  //     Usage (Decoded Data)
        0x82, 0x02, 0x01,  //     Input (Data, Variable, Absolute, Buffered Bytes)
        0x95, 0x01,  //     Report Count (1)
        0x06, 0x66, 0xFF,  //     Usage Page (Vendor)
        0x09, 0x04,  //     Usage (symbology, as the vendor writes it)
        0x81, 0x02,  //     Input (Data, Variable, Absolute)
        0x09, 0x00,  //     Usage (reserved)
        0x81, 0x02,  //     Input (Data, Variable, Absolute)
        0x05, 0x8C,  //     Usage Page (Bar Code Scanner)
        0x25, 0x01,  //     Logical Maximum (1)
        0x75, 0x01,  //     Report Size (1)
        0x09, 0xFF,  //     Usage (Decode Data Continued)
        0x81, 0x02,  //     Input (Data, Variable, Absolute)
        0x75, 0x07,  //     Report Size (7)
        0x81, 0x03,  //     Input (Constant)
        0xC0,  //   End Collection
        0x09, 0x14,  //   Usage (Trigger Report)
        0xA1, 0x02,  //   Collection (Logical)
        0x85, 0x04,  //     Report ID (4)
        0x15, 0x00,  //     Logical Minimum (0)
        0x25, 0x01,  //     Logical Maximum (1)
        0x75, 0x01,  //     Report Size (1)
        0x95, 0x01,  //     Report Count (1)
        0x09, 0x61,  //     Usage (Initiate Barcode Read)
        0x91, 0x02,  //     Output (Data, Variable, Absolute)
        0x95, 0x07,  //     Report Count (7)
        0x91, 0x03,  //     Output (Constant)
        0xC0,  //   End Collection
        0xC0,  // End Collection
    ]

    static let keyboardDescriptor: [UInt8] = [
        0x05, 0x01,  // Usage Page (Generic Desktop)
        0x09, 0x06,  // Usage (Keyboard)
        0xA1, 0x01,  // Collection (Application)
        0x05, 0x07,  //   Usage Page (Keyboard)
        0x19, 0xE0,  //   Usage Minimum (Left Control)
        0x29, 0xE7,  //   Usage Maximum (Right GUI)
        0x15, 0x00,  //   Logical Minimum (0)
        0x25, 0x01,  //   Logical Maximum (1)
        0x75, 0x01,  //   Report Size (1)
        0x95, 0x08,  //   Report Count (8)
        0x81, 0x02,  //   Input (Data, Variable, Absolute): modifiers
        0x95, 0x01,  //   Report Count (1)
        0x75, 0x08,  //   Report Size (8)
        0x81, 0x03,  //   Input (Constant)
        0x95, 0x05,  //   Report Count (5)
        0x75, 0x01,  //   Report Size (1)
        0x05, 0x08,  //   Usage Page (LED)
        0x19, 0x01,  //   Usage Minimum (Num Lock)
        0x29, 0x05,  //   Usage Maximum (Kana)
        0x91, 0x02,  //   Output (Data, Variable, Absolute): lamps
        0x95, 0x01,  //   Report Count (1)
        0x75, 0x03,  //   Report Size (3)
        0x91, 0x03,  //   Output (Constant)
        0x95, 0x06,  //   Report Count (6)
        0x75, 0x08,  //   Report Size (8)
        0x15, 0x00,  //   Logical Minimum (0)
        0x25, 0x65,  //   Logical Maximum (101)
        0x05, 0x07,  //   Usage Page (Keyboard)
        0x19, 0x00,  //   Usage Minimum (0)
        0x29, 0x65,  //   Usage Maximum (101)
        0x81, 0x00,  //   Input (Data, Array): keys
        0xC0,  // End Collection
    ]
}
