import HAL
import SimulatedDevices
import Testing
import Wire

/// Bytes for printers, made by hand from the manuals, not by the renderer.
enum Jobs {
    static let initialize: [UInt8] = [0x1B, 0x40]
    static let cut: [UInt8] = [0x1D, 0x56, 0x42, 0x00]
    static let chinese: [UInt8] = [0x1C, 0x26]
    static let latin: [UInt8] = [0x1C, 0x2E]

    static func text(_ text: String) -> [UInt8] { GB18030.encode(text) ?? [] }

    static func align(_ side: UInt8) -> [UInt8] { [0x1B, 0x61, side] }

    static func symbol(_ text: String, module: UInt8 = 4, level: UInt8 = 49) -> [UInt8] {
        let data = Array(text.utf8)
        let length = data.count + 3
        return [0x1D, 0x28, 0x6B, 4, 0, 0x31, 0x41, 0x32, 0, 0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, module]
            + [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, level]
            + [0x1D, 0x28, 0x6B, UInt8(length & 0xFF), UInt8(length >> 8), 0x31, 0x50, 0x30] + data
            + [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30]
    }

    /// `GS v 0` of rows of bytes.
    static func picture(_ rows: [[UInt8]], mode: UInt8 = 0) -> [UInt8] {
        let (stride, count) = (rows.first?.count ?? 0, rows.count)
        return [
            0x1D, 0x76, 0x30, mode, UInt8(stride & 0xFF), UInt8(stride >> 8), UInt8(count & 0xFF), UInt8(count >> 8),
        ]
            + rows.flatMap { $0 }
    }

    /// Bytes among which commands are common.
    static func random(_ seed: UInt64, count: Int) -> [UInt8] {
        let heads: [UInt8] = [0x10, 0x1B, 0x1C, 0x1D, 0x0A]
        let letters = Array("!$&()*-.23@ABEJMQRSTVWacdhkprtvwL".utf8) + [0x28, 0x6B, 0x76, 0x30, 0, 1, 2, 3, 4]
        var state = seed
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33)
        }
        return (0..<count).map { _ in
            switch next() % 8 {
            case 0, 1: heads[next() % heads.count]
            case 2, 3, 4: letters[next() % letters.count]
            case 5: UInt8(next() % 8)
            default: UInt8(truncatingIfNeeded: next())
            }
        }
    }
}

extension PrinterProfile {
    /// For the west: no Chinese font, reports changes.
    static let western = named("epson-tm-t88-48") ?? chinese80
    /// Knows no `GS (` commands.
    static let withoutSymbols = changed("no-symbols") { $0.symbols = .picture }
    /// Answers nothing and cuts nothing.
    static let mute = changed("mute") { profile in (profile.status, profile.cutter) = (.port, .none) }

    static func changed(_ name: String, _ change: (inout PrinterProfile) -> Void) -> PrinterProfile {
        var profile = chinese80
        profile.name = name
        change(&profile)
        return profile
    }
}
