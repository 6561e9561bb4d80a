import ISO8583
import Wire

/// A chip sale with 19 fields, as a message and as it is sent.
enum SaleMessage {
    static let chipData = try? Hex.decode(
        "9F2608A1B2C3D4E5F607189F2701809505000004E0009A032611229C01009F02060000000088805F2A020156")

    static let fields: [(Int, String)] = [
        (2, "6222021234567890128"), (3, "000000"), (4, "000000008880"), (11, "000123"), (14, "3012"), (22, "051"),
        (23, "001"), (25, "00"), (26, "12"), (35, "6222021234567890128=30122010000000000"), (41, "00000001"),
        (42, "123456789012345"), (49, "156"), (53, "2600000000000000"), (60, "22000001000501"), (63, "CUP"),
    ]

    static func make() throws -> Message {
        var message = Message(0x0200)
        for (field, text) in fields { try message.set(field, text) }
        try message.set(52, Hex.decode("1122334455667788"))
        try message.set(55, chipData ?? [])
        try message.set(64, Array("5FE058DB".utf8))
        return message
    }

    /// Composed by hand from the table: each line one field.
    static let wire = [
        "0200", "702406C020C09A13",
        "19" + "62220212345678901280",
        "000000",
        "000000008880",
        "000123",
        "3012",
        "0510",
        "0001",
        "00",
        "12",
        "37" + "6222021234567890128D301220100000000000",
        "3030303030303031",
        "313233343536373839303132333435",
        "313536",
        "1122334455667788",
        "2600000000000000",
        "0044" + "9F2608A1B2C3D4E5F607189F2701809505000004E0009A032611229C01009F02060000000088805F2A020156",
        "0014" + "22000001000501",
        "0003" + "435550",
        "3546453035384442",
    ].joined()
}
