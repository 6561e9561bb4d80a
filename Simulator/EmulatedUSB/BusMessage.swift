/// What the bus program says; Simulator/USBBus/usb-bus.c has the format.
enum BusMessage: Equatable, Sendable {
    /// A transfer that a program has asked for.
    struct Submission: Equatable, Sendable {
        enum Kind: UInt8, Sendable { case interrupt = 1, control, bulk }
        let id: UInt32
        let kind: Kind
        let endpoint: UInt8
        let length: Int
        let data: [UInt8]
    }

    case ready(folder: String)
    case plugged(UInt8)
    case unplugged(UInt8)
    case submitted(UInt8, Submission)
    case discarded(UInt8, transfer: UInt32)
    case event(UInt8, EmulatedPortEvent)

    /// Nil for what the program never says.
    init?(_ bytes: [UInt8]) {
        let contents = bytes.dropFirst()
        func byte(_ at: Int) -> UInt8? { contents.count > at ? contents[contents.startIndex + at] : nil }
        func word(_ at: Int) -> UInt32? {
            guard contents.count >= at + 4 else { return nil }
            return (0..<4).reduce(0) { $0 | UInt32(contents[contents.startIndex + at + $1]) << (8 * UInt32($1)) }
        }
        guard let kind = bytes.first.map(UnicodeScalar.init) else { return nil }
        if kind == "R" {
            self = .ready(folder: String(decoding: contents, as: UTF8.self))
            return
        }
        guard let device = byte(0) else { return nil }
        switch kind {
        case "P": self = .plugged(device)
        case "U": self = .unplugged(device)
        case "S":
            guard let id = word(1), let kind = byte(5).flatMap(Submission.Kind.init), let endpoint = byte(6),
                let length = word(7)
            else { return nil }
            let submission = Submission(
                id: id, kind: kind, endpoint: endpoint, length: Int(length), data: Array(contents.dropFirst(11)))
            self = .submitted(device, submission)
        case "D":
            guard let id = word(1) else { return nil }
            self = .discarded(device, transfer: id)
        default:
            guard let event = EmulatedPortEvent(kind, byte(1), byte(2)) else { return nil }
            self = .event(device, event)
        }
    }

    static func plug(_ number: UInt8, port: String, identity: USBIdentity) -> [UInt8] {
        func name(_ text: String) -> [UInt8] {
            let bytes = text.utf8.prefix(255)
            return [UInt8(bytes.count)] + bytes
        }
        return [UInt8(ascii: "P"), number, UInt8(truncatingIfNeeded: identity.drivers.count)]
            + identity.drivers.flatMap(name) + name(port) + identity.record(port: port, number: number).utf8
    }

    static func unplug(_ number: UInt8) -> [UInt8] { [UInt8(ascii: "U"), number] }

    static func complete(_ completion: TransferQueue.Completion) -> [UInt8] {
        func bytes(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(word >> (8 * $0) & 0xFF) } }
        return [UInt8(ascii: "C")] + bytes(completion.id) + bytes(UInt32(bitPattern: completion.status))
            + bytes(UInt32(truncatingIfNeeded: completion.count)) + completion.data
    }
}
